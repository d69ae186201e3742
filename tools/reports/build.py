"""Reports computed: the metric layer over people, teams or the values of a column, for a period or its buckets.

    build_report(source, "quota_attainment", "2026-Q2", as_of=date(2026, 7, 5))              one row per person
    build_report(source, "deal_funnel", "2026-Q2", as_of=…, who="Michael")                   one row per stage
    build_report(source, "activities", "2026-Q2", as_of=…, by="total", every="week")         one row per week

`source` is a workspace or canonical tables as pandas frames; `.frame()` of the result is a pandas frame again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from tools.database import Database
from tools.errors import InputError, NotFound, did_you_mean
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.coverage import begins_late, ends_early
from tools.metrics.definitions import definition_in
from tools.metrics.engine import Engine, Figures
from tools.metrics.model import Metric
from tools.metrics.plan import Cell
from tools.metrics.quality import table_words
from tools.metrics.queries import names_in
from tools.metrics.sheets import what_supplies
from tools.metrics.subjects import Subject
from tools.organisation import Settings
from tools.periods import parse_period
from tools.reports.buckets import buckets_of, cut_buckets, every_of
from tools.reports.cohorts import cohort_rows, followed_until, still_open
from tools.reports.listing import REPORT_ROWS, REPORTS
from tools.reports.model import Bucket, Report
from tools.reports.table import Figure, Line, ReportTable, in_order
from tools.reports.whom import subjects_of
from tools.tables import TABLES
from tools.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    Source = Workspace | Mapping[str, pd.DataFrame]


def find_report(name: str) -> Report:
    """The report of that name. Raises `NotFound` naming the nearest."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    found = next((report for report in REPORTS if report.name == wanted), None)
    if found is None:
        raise NotFound(f'There is no report "{name}". {did_you_mean(wanted, [report.name for report in REPORTS])}')
    return found


def build_report(
    source: Source,
    name: str,
    period: str,
    *,
    as_of: date,
    by: str | None = None,
    every: str | None = None,
    cumulative: bool = False,
    who: str | None = None,
    where: Sequence[tuple[str, str]] = (),
    date_of: str = "close",
    settings: Settings | None = None,
) -> ReportTable:
    """Compute a report. Raises `NotFound` for an unknown name or person, `InputError` for an impossible option.

    `by`: rep, team, total or a column of the records, as the report allows. `every`: week, month or quarter;
    `cumulative`: each of them from the period's beginning on. `who`: a person, a manager with their people, or a team.
    `where`: only the deals whose columns hold these values. `date_of`: deals closed in the period (close), or those
    created in it with what became of them by `as_of` (create).
    """
    report = find_report(name)
    workspace = source if isinstance(source, Workspace) else Workspace.of(source, settings)
    whole = parse_period(period, as_of=as_of, fiscal_year_start=workspace.settings.organisation.fiscal_year_start)
    by = by or (report.by[0] if report.by else "total")
    if report.by and by not in (*report.by, "total"):
        raise InputError(f"{report.name} cannot be split by {by}; it can by {', '.join((*report.by, 'total'))}.")
    bucket = every_of(every or report.every)
    buckets = buckets_of(whole, bucket, cumulative)
    with workspace.database() as database:
        _keep_deals(database, where)
        metrics = metrics_of(workspace.settings)
        rows, followed = (*ROWS, *REPORT_ROWS), {}
        if date_of == "create":
            rows, followed = cohort_rows(rows, report), followed_until(whole, as_of)
        elif date_of != "close":
            raise InputError(f'--date is close or create, not "{date_of}".')
        engine = Engine(database, whole, as_of, rows, metrics, {"current": whole, **buckets, **followed})
        subjects = subjects_of(engine, by, who)
        whom = subjects[-1].name if who is not None else "everybody"
        about = f"{whole.label}: {', '.join([whom, *(f'{field} {value}' for field, value in where)])}"
        if report.listing is not None:
            return _listed(engine, report, report.listing, subjects, about)
        table = _Builder(engine, report, by, subjects, tuple(buckets), bucket).table(about)
        if date_of == "create":
            return replace(table, notes=(*table.notes, *still_open(engine, subjects[-1], as_of)))
        return table


class _Builder:
    """Turns one computation's figures into the lines of a report."""

    def __init__(
        self,
        engine: Engine,
        report: Report,
        by: str,
        subjects: Sequence[Subject],
        buckets: tuple[str, ...],
        every: Bucket | None,
    ) -> None:
        self._engine = engine
        self._report = report
        self._by = by
        self._subjects = subjects
        self._buckets = buckets
        self._every = every
        self._dimension = by if by not in ("rep", "team", "total") else None
        self._metrics = [self._asked(metric) for metric in report.columns]
        self._absent = {metric.id: lacking for metric in self._metrics if (lacking := engine.lacking(metric))}
        self._figures = self._compute()

    def _asked(self, metric: Metric) -> Metric:
        """The metric as this report splits it: by one column of its records, or not at all."""
        if self._dimension is None:
            return replace(metric, by=(), split_of=None)
        return replace(metric, by=(self._dimension,), split_of=metric.id)

    def _compute(self) -> Figures:
        return self._engine.compute([each for each in self._metrics if each.id not in self._absent], self._subjects)

    def table(self, about: str) -> ReportTable:
        settings, present = self._engine.database.settings, self._engine.database.present
        currency = f"currency:{settings.organisation.currency}"
        columns = tuple(
            Figure(
                metric.id, metric.label, currency if metric.unit == "currency" else metric.unit,
                definition_in(metric, self._engine.period, settings),
            )
            for metric in self._metrics
        )  # fmt: skip
        reasons = {metric_id: what_supplies(need, present) for metric_id, need in self._absent.items()}
        shown = [each.key for each in columns if each.key not in self._absent]
        usual = columns[self._report.picture].key
        return ReportTable(
            self._report.name, self._report.title, about, self._dimensions(), columns, self._lines(), reasons,
            tuple(self._notes()), usual if usual in shown else next(iter(shown), None),
        )  # fmt: skip

    def _dimensions(self) -> tuple[str, ...]:
        names = () if self._by == "total" and self._buckets else (self._by,)
        return (*names, "period") if self._buckets else names

    def _lines(self) -> tuple[Line, ...]:
        if self._dimension is not None:
            return self._lines_by_value()
        lines: list[Line] = []
        for number, subject in enumerate(self._subjects, start=1):
            is_total = number == len(self._subjects) and number > 1
            cell_of = partial(self._figures.cell, subject=subject.key)
            lines += self._line((subject.name,), cell_of, is_total, subject.key)
        return tuple(lines)

    def _lines_by_value(self) -> tuple[Line, ...]:
        key, by = self._subjects[0].key, self._dimension
        assert by is not None
        values: dict[str, int] = {}
        for metric in self._metrics:
            for period in ("current", *self._buckets):
                for value, cell in self._figures.cells_by(metric.id, by, key, period).items():
                    values[value] = max(values.get(value, 0), len(cell.records))
        names = _names(self._engine.database, by)
        lines = []
        for value in sorted(values, key=lambda value: (-values[value], value)):
            lines += self._line((names.get(value, value),), partial(self._part, value=value))
        order = self._metrics[0].values or _stage_order(self._engine, by)
        return in_order(lines, order)

    def _part(self, metric_id: str, period: str, value: str) -> Cell:
        """The cell of one value of the dimension."""
        key, by = self._subjects[0].key, self._by
        return self._figures.cells_by(metric_id, by, key, period).get(value, Cell())

    def _line(
        self, labels: tuple[str, ...], cell_of: Callable[..., Cell], total: bool = False, subject: str | None = None
    ) -> list[Line]:
        """One line, or one for every bucket; none where all of it is empty."""
        lines = []
        for period in self._buckets or ("current",):
            cells = [
                Cell() if metric.id in self._absent else cell_of(metric_id=metric.id, period=period)
                for metric in self._metrics
            ]
            named = () if self._by == "total" and self._buckets else labels
            lines.append(
                Line(
                    (*named, period) if self._buckets else named,
                    tuple(None if cell.unrated is not None else cell.value for cell in cells),
                    () if self._buckets else tuple(cell.records for cell in cells),
                    total,
                    subject,
                )
            )
        return lines if any(map(_filled, lines)) else []

    def _notes(self) -> list[str]:
        """What the figures do not hold: records of nobody, buckets cut short, periods that the records only touch."""
        database, period = self._engine.database, self._engine.period
        notes = []
        cut = cut_buckets(period, self._every)
        if cut:
            notes.append(f"only partly within the period: {', '.join(cut)}")
        for name in sorted({measure.rows for metric in self._metrics for measure in metric.measures.values()}):
            rows = self._engine.rows[name]
            # Only what is recorded all the time shows by a gap that records are missing.
            if (
                rows.per_subject
                or rows.coverage.split(".")[0] not in {"deals", "activities", "leads"} & database.present
            ):
                continue
            coverage, what = self._engine.coverage(rows), table_words(rows.coverage.split(".")[0])
            if begins_late(coverage, period):
                notes.append(f"{what} are on record from {coverage.first} on: the period is only partly covered")
            if ends_early(coverage, period):
                notes.append(f"{what} are on record until {coverage.last}: the period is only partly covered")
        if "deals" in database.present:
            unowned = database.rows(_UNOWNED)[0][0]
            if unowned:
                notes.append(f"deals on record without a known owner, in no row: {unowned}")
        return list(dict.fromkeys(notes))


_UNOWNED = "SELECT count(*) FROM deals WHERE owner IS NULL OR owner NOT IN (SELECT person_id FROM people)"


def _filled(line: Line) -> bool:
    return any(value is not None and value != 0 for value in line.values)


def _keep_deals(database: Database, where: Sequence[tuple[str, str]]) -> None:
    """Let every figure see only the deals whose columns hold these values, whatever their case."""
    if not where:
        return
    columns = TABLES["deals"].column_names
    tests = []
    for field, _ in where:
        if field not in columns and field not in _NARROWED_BY:
            known = [*columns, *_NARROWED_BY]
            raise InputError(f'--where: deals have no column "{field}". {did_you_mean(field, known)}')
        cell = _NARROWED_BY.get(field, f'd."{field}"')
        tests.append(f"lower(trim(CAST({cell} AS VARCHAR))) = lower(trim(?))")
    database.narrow(
        "deals",
        "SELECT d.* FROM all_rows d LEFT JOIN accounts a ON a.account_id = d.account "
        f"LEFT JOIN products p ON p.product_id = d.product WHERE {' AND '.join(tests)}",
        [value for _, value in where],
    )


# What stands beside the deal: a segment that is not on it is its account's, and a product has a name for people.
_NARROWED_BY = {
    "segment": "coalesce(d.segment, a.segment)", "territory": "a.territory", "industry": "a.industry",
    "product": "coalesce(p.name, d.product)",
}  # fmt: skip


def _names(database: Database, by: str) -> dict[str, str]:
    """Names for the values of a column that holds ids."""
    if by != "product":
        return {}
    return dict(database.rows("SELECT product_id, coalesce(name, product_id) FROM products"))


def _stage_order(engine: Engine, by: str) -> list[str]:
    """Stages in the order of their pipelines."""
    if by != "stage" or not {"deals", "deal_changes"} & engine.database.present:
        return []
    engine.relations.require(["stage_list"])
    rows = engine.database.rows("SELECT label FROM stage_list WHERE position IS NOT NULL ORDER BY position, label")
    return list(dict.fromkeys(row[0] for row in rows))


def _listed(engine: Engine, report: Report, listing: str, subjects: Sequence[Subject], about: str) -> ReportTable:
    """A report that lists records."""
    engine.compute([], subjects[-1:])
    if "deal_changes" not in engine.database.present:
        raise InputError("There is no deal history on record; import it for this report.")
    engine.relations.require(names_in(listing))
    cursor = engine.database.connection.execute(listing)
    titles = [column[0] for column in cursor.description]
    lines = tuple(Line(tuple("" if cell is None else str(cell) for cell in row), ()) for row in cursor.fetchall())
    return ReportTable(
        report.name, report.title, about, tuple(titles), (), lines, {}, (), None,
    )  # fmt: skip
