"""Measures and formulas as a few set-based queries: all subjects, all periods, at once.

Measures that share rows become one GROUP BY over those rows joined to `scope`; their columns stand side by side in one
wide table, and every formula is an expression over it. Nothing here knows any metric, person or period by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from tools.database import Database
from tools.errors import SettingsError
from tools.metrics.coverage import Coverage, Trail, count_unowned, read_coverage, read_trail
from tools.metrics.given import among_planned, comparable_periods, create_days, create_periods, create_rules
from tools.metrics.groups import Groups
from tools.metrics.model import OWN, Metric, Rows
from tools.metrics.needs import condition_of
from tools.metrics.plan import Cell, Plan, Records, filtered, packed
from tools.metrics.queries import Relations, moments_in, names_in
from tools.metrics.shared import NEEDS
from tools.metrics.subjects import Subject, create_scope
from tools.periods import Period

# Of so many people it is quicker to set rows aside for those who read them again than to work them out again.
_FEW = 20


@dataclass(frozen=True)
class Goal:
    """What was agreed for a subject, period and fact id: after adjustments, and `before` them where there were any."""

    value: float
    before: float | None
    note: str | None


@dataclass(frozen=True)
class Figures:
    """What one computation gave. `cells[subject, period][metric id]`; `split[by, subject, period]` per value of `by`.

    `goals[subject, period]` are those of the period itself, by fact id.
    """

    cells: Mapping[tuple[str, str], Mapping[str, Cell]]
    split: Mapping[tuple[str, str, str], Mapping[str, Mapping[str, Cell]]]
    goals: Mapping[tuple[str, str], Mapping[str, Goal]]
    group_sizes: Mapping[str, int]

    def cell(self, metric_id: str, subject: str | None, period: str) -> Cell:
        """The cell of a metric as a whole; an empty one where nothing was computed."""
        return self.cells.get((subject or "", period), {}).get(metric_id, Cell())

    def cells_by(self, metric_id: str, by: str, subject: str | None, period: str) -> Mapping[str, Cell]:
        """The cells of a metric for each value of a dimension."""
        return self.split.get((by, subject or "", period), {}).get(metric_id, {})


class Engine:
    """One database made ready for one period, seen on `as_of`. A database serves one engine.

    `metrics` are all there are: targets may be set for any of them, whichever are computed. `periods` are looked at
    beside each other, one of them under the name `current`; without them, those that a sheet compares. `shared`: where
    the database holds a part of the organisation only, what is shared by all parts (`tools.metrics.shared`).
    """

    def __init__(
        self,
        database: Database,
        period: Period,
        as_of: date,
        rows: Sequence[Rows],
        metrics: Sequence[Metric],
        periods: Mapping[str, Period] | None = None,
        shared: Path | None = None,
    ) -> None:
        self.database = database
        if shared is not None:
            database.attach(shared)
        self.period = among_planned(database, period)
        self.metrics = tuple(metrics)
        self.periods = dict(periods) if periods is not None else comparable_periods(self.period)
        self.rows = {each.name: each for each in rows}
        self._as_of = as_of
        self._subjects: tuple[Subject, ...] = ()
        self.known_groups: frozenset[str] = frozenset()
        self._coverage: dict[str, Coverage] = {}
        self._met: dict[str, bool] = {}
        self._written: set[str] = set()
        self._sources: dict[str, str] = {}
        if NEEDS in database.kept:
            self._met = dict(database.rows(f"SELECT need, met FROM {database.kept[NEEDS]}"))
        create_rules(database)
        create_periods(database, self.periods, as_of)
        self._create_metric_kinds()
        self._kept_in = None if database.folder is None else database.folder / self._asked(as_of)
        self.groups = Groups(self._kept_in, self.rows)
        self.relations = Relations(database, folder=self._kept_in)
        self.relations.require(["own_records", "spells"])

    def lacking(self, metric: Metric) -> str | None:
        """The first of a metric's needs that the data do not meet, else None."""
        return next((need for need in metric.needs if not any(map(self.has, need.split("|")))), None)

    def compute(self, metrics: Sequence[Metric], subjects: Sequence[Subject], *, records: Records = True) -> Figures:
        """All metrics for all subjects, their peers and all periods. Metrics whose needs are not met are left out."""
        possible = [metric for metric in metrics if self.lacking(metric) is None]
        self._look_back(possible)
        self._subjects = tuple(subjects)
        groups = frozenset(subject.peers for subject in subjects if subject.peers is not None)
        self.known_groups = groups if self.groups.known(groups, possible) else frozenset()
        group_sizes = create_scope(self.database, subjects, self.period, self.known_groups)
        for metric in possible:
            if metric.origin == OWN:
                self._check(metric)
        [(in_scope,)] = self.database.rows("SELECT count(DISTINCT person) FROM scope")
        self.relations.few = in_scope <= _FEW
        self._written = {name for metric in possible if metric.by and self.relations.few for name in _rows_of(metric)}
        cells, split = {}, {}
        for row in self._pass([metric for metric in possible if metric.split_of is None], None, records):
            cells[row["subject"], row["period"]] = row["cells"]
        for by in sorted({by for metric in possible for by in metric.by}):
            for row in self._pass([metric for metric in possible if by in metric.by], by, records):
                values = split.setdefault((by, row["subject"], row["period"]), {})
                for metric_id, cell in row["cells"].items():
                    values.setdefault(metric_id, {})[row["dimension"]] = cell
        for group in sorted(groups):
            self._keep_or_take(group, possible, cells, split)
        return Figures(cells, split, self._goals(), group_sizes)

    @contextmanager
    def without_groups(self) -> Iterator[Engine]:
        """The same computation with the figures of comparable people, whatever is known of them, made again."""
        with self.database.cursor() as database:
            database.folder = None
            engine = Engine(database, self.period, self._as_of, tuple(self.rows.values()), self.metrics, self.periods)
            engine.groups = self.groups
            create_scope(database, self._subjects, self.period)
            engine._look_back(self.metrics)
            yield engine

    def _keep_or_take(
        self,
        group: str,
        metrics: Sequence[Metric],
        cells: dict[tuple[str, str], Mapping[str, Cell]],
        split: dict[tuple[str, str, str], Mapping[str, Mapping[str, Cell]]],
    ) -> None:
        """Put the known figures of a group beside the others, or keep those that were computed."""
        dimensions = sorted({by for metric in metrics for by in metric.by})
        if group not in self.known_groups:
            parts = {by: split.get((by, group, "current"), {}) for by in dimensions}
            self.groups.keep(group, metrics, cells.get((group, "current"), {}), parts)
            return
        cells[group, "current"] = self.groups.cells(group, metrics)
        for by in dimensions:
            split[by, group, "current"] = self.groups.divided(group, by, [each for each in metrics if by in each.by])

    def coverage(self, rows: Rows) -> Coverage:
        """Since when the table behind these rows speaks."""
        if rows.coverage not in self._coverage:
            table, column = rows.coverage.split(".")
            self._coverage[rows.coverage] = read_coverage(self.database, self.relations, table, column)
        return self._coverage[rows.coverage]

    @cached_property
    def trail(self) -> Trail:
        """Where the records end."""
        return read_trail(self.database, self.relations)

    @cached_property
    def unowned_deals(self) -> int:
        """How many deals of the period belong to nobody on record."""
        return count_unowned(self.database)

    def has(self, need: str) -> bool:
        """Whether the organisation has any row of a table, or any value in a `table.column`."""
        if need not in self._met:
            table, _, column = need.partition(".")
            known = table in self.database.present
            if known and column != "":
                # Whether the source has it at all, whatever a report narrows its deals to.
                whole = f"memory.main.{table}"
                known = self.database.rows(f"SELECT 1 FROM {whole} WHERE {condition_of(column)} LIMIT 1") != []
            self._met[need] = known
        return self._met[need]

    def _create_metric_kinds(self) -> None:
        """`metric_kinds`: which metrics' targets add up over time, and which are money."""
        kinds = {metric.fact_id: (metric.additive, metric.unit == "currency") for metric in self.metrics}
        self.database.connection.execute(
            "CREATE TEMP TABLE metric_kinds AS SELECT unnest(?::VARCHAR[]) AS metric, "
            "unnest(?::BOOLEAN[]) AS additive, unnest(?::BOOLEAN[]) AS money",
            [list(kinds), [additive for additive, _ in kinds.values()], [money for _, money in kinds.values()]],
        )

    def _asked(self, as_of: date) -> str:
        """A name for what is asked for: the periods and their moments, as they stand in tables, and `as_of`."""
        rows = self.database.rows("FROM periods ORDER BY ALL"), self.database.rows("FROM moments ORDER BY ALL")
        return hashlib.sha256(repr((as_of, rows)).encode()).hexdigest()[:16]

    def _look_back(self, metrics: Sequence[Metric]) -> None:
        """How far back the metrics look: all of it where none is asked for.

        `snapshots`: the moments of the periods whose pipeline is rebuilt, the end always; `first_closing()`: the first
        day whose closed deals matter, and `first_closing_of_peers()`.
        """
        names = {name for metric in metrics for name in _rows_of(metric)}
        back = not names or any(self.rows[name].looks_back for name in names)
        starts = {name: (each.prior() if back else each).start for name, each in self.periods.items()}
        create_days(self.database, first_closing=min(starts.values()), first_closing_of_peers=starts["current"])
        moments = {"end"}.union(*(moments_in(self.rows[name].sql) for name in names))
        if not names:
            moments |= {"start", "to_go"}
        self.database.connection.execute(
            "CREATE TEMP TABLE snapshots AS SELECT unnest(?::VARCHAR[]) AS moment", [sorted(moments - {"forecast"})]
        )

    def _check(self, metric: Metric) -> None:
        """Refuse an own metric whose SQL does not run, naming the part that is wrong."""
        for name, measure in metric.measures.items():
            rows = self.rows[measure.rows]
            self.relations.require(names_in(rows.sql))
            aggregate = filtered(measure.sql, measure.where)
            records = f"SELECT *, false AS is_peers FROM ({rows.sql})"
            self._try(f"SELECT {aggregate} FROM ({records})", f"metrics.{metric.id}.measures.{name}")
        empty = ", ".join(f"CAST(NULL AS DOUBLE) AS {name}" for name in metric.measures)
        self._try(f"SELECT {metric.formula} FROM (SELECT {empty})", f"metrics.{metric.id}.formula")

    def _try(self, sql: str, where: str) -> None:
        try:
            self.database.connection.execute(f"EXPLAIN {sql}")
        except duckdb.Error as error:
            raise SettingsError(f"workspace.toml: {where} cannot be computed: {str(error).splitlines()[0]}") from None

    def _goals(self) -> dict[tuple[str, str], dict[str, Goal]]:
        if "targets" not in self.database.present:
            return {}
        self.relations.require(["subject_goals"])
        goals: dict[tuple[str, str], dict[str, Goal]] = {}
        for subject, period, metric, value, before, note in self.database.rows(
            "SELECT subject, period, metric, CAST(value AS DOUBLE), CAST(before AS DOUBLE), note FROM subject_goals "
            "WHERE slot = 'own'"
        ):
            goals.setdefault((subject, period), {})[metric] = Goal(value, before, note)
        return goals

    def _pass(self, metrics: Sequence[Metric], by: str | None, records: Records) -> list[dict[str, Any]]:
        """Rows of `subject`, `period`, `dimension` (None if undivided) and `cells` by metric id."""
        if not metrics:
            return []
        plan = Plan(records)
        for metric in metrics:
            plan.add(metric)
        key = ["subject", "period"] if by is None else ["subject", "period", "dimension"]
        using = ", ".join(key)
        stacked = [f"SELECT * FROM {self._aggregate(name, columns, by)}" for name, columns in plan.columns.items()]
        if by is None:
            stacked += [
                "SELECT subject, period FROM subjects, periods",
                "SELECT DISTINCT peers AS subject, 'current' AS period FROM subjects WHERE peers IS NOT NULL",
            ]
        # One row per table and key, stacked and folded: dozens of joins would take longer to plan than to run, and so
        # would hundreds of columns that are not in one struct per table.
        folded = ", ".join(f"any_value({name}) AS {name}" for name in plan.columns)
        wide = (
            f"SELECT {using}, {', '.join(plan.filled())} FROM "
            f"(SELECT {using}, {folded} FROM ({' UNION ALL BY NAME '.join(stacked)}) GROUP BY {using})"
        )
        values = ", ".join(f'({plan.formula(metric)}) AS "{metric.id}"' for metric in metrics)
        cursor = self.database.connection.execute(f"SELECT *, {values} FROM ({wide})")
        names = [column[0] for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return [
            {
                "subject": row["subject"],
                "period": row["period"],
                "dimension": row.get("dimension"),
                "cells": {metric.id: plan.cell(metric, row) for metric in metrics},
            }
            for row in found
        ]

    def _aggregate(self, name: str, columns: Mapping[str, str], by: str | None) -> str:
        """Make the table of one row set's measures per subject and period (and value of `by`); return its name."""
        source = self._source(name)
        table = f"measured_{name}" if by is None else f"measured_{name}_by_{by}"
        dimension = "" if by is None else f', CAST("{by}" AS VARCHAR) AS dimension'
        kept = "" if by is None else f'WHERE "{by}" IS NOT NULL'
        self.database.connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT subject, period{dimension}, {packed(name, columns)} "
            f"FROM {source} {kept} GROUP BY ALL"
        )
        return table

    def _source(self, name: str) -> str:
        """The rows of a row set for every subject that they count for; in a table, if passes read few of them again."""
        if name in self._sources:
            return self._sources[name]
        rows = self.rows[name]
        self.relations.require(names_in(rows.sql))
        if rows.per_subject:
            source = f"(SELECT *, false AS is_peers FROM ({rows.sql}))"
        else:
            source = (
                f"(SELECT s.subject, s.is_peers, r.* FROM ({rows.sql}) r JOIN scope s ON s.person = r.person "
                f"AND r.on_day >= s.from_on AND r.on_day < s.to_on AND (r.period = 'current' OR NOT s.is_peers))"
            )
        if name in self._written:
            self.database.connection.execute(f"CREATE TEMP TABLE rows_of_{name} AS FROM {source}")
            source = self._sources[name] = f"rows_of_{name}"
        return source


def _rows_of(metric: Metric) -> set[str]:
    """The row sets that a metric is measured on."""
    return {measure.rows for measure in (*metric.measures.values(), *(measure for _, measure in metric.remarks))}
