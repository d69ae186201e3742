"""Which aggregates a set of metrics needs of which rows, and how their cells are read from the result.

Equal measures of several metrics are one column. Beside the measures stand, for money, checks of what is missing; and
for the records behind a value, the list of their ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from tools.metrics.model import Measure, Metric

Records = bool | Literal["all"]
# A sum is not shown where more than this share of its records has no amount.
_MOST_UNVALUED = 1 / 2


@dataclass(frozen=True)
class Cell:
    """One metric for one subject and period. `value` is None where it cannot be computed.

    `numbers` are the formula's measures. Of the rows that hold money: how many there are, how many lack an amount
    (`unvalued`), and the exchange rates that are missing (`unrated`).
    """

    value: Any = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    records: tuple[str, ...] = ()
    money_rows: int = 0
    unvalued: int = 0
    unrated: str | None = None
    remarks: tuple[int, ...] = ()

    @property
    def told(self) -> Any:
        """The value, or None where a rate is missing or most of the records have no amount."""
        unsaid = self.unrated is not None or self.unvalued > _MOST_UNVALUED * self.money_rows
        return None if unsaid else self.value


def size_unknown(cells: Iterable[Cell]) -> bool:
    """Whether most records of these have no amount, so that telling the others by their amount says little."""
    counted = list(cells)
    return sum(each.unvalued for each in counted) > _MOST_UNVALUED * sum(each.money_rows for each in counted)


class _Places(NamedTuple):
    """In which columns of the wide table stands what a metric's cells are made of."""

    numbers: list[tuple[str, str]]
    checks: list[tuple[str, ...]]
    lists: list[str]
    remarks: list[str]


class Plan:
    """Which columns each row set must give, so that equal measures of several metrics are computed once.

    `records`: whether the ids of the records are listed, of the period asked for (`True`) or of every one (`"all"`).
    """

    def __init__(self, records: Records) -> None:
        self.columns: dict[str, dict[str, str]] = {}
        self._listing = "NOT is_peers" if records == "all" else "period = 'current' AND NOT is_peers"
        self._records = records is not False
        self._names: dict[tuple[str, str], str] = {}
        self._zero: set[str] = set()
        self._places: dict[str, _Places] = {}

    def add(self, metric: Metric) -> None:
        for measure in metric.measures.values():
            column = self._column(measure.rows, filtered(measure.sql, measure.where))
            if measure.empty == 0:
                self._zero.add(column)
            if measure.money:
                for sql in _money_checks(measure):
                    self._column(measure.rows, sql)
        for _, measure in metric.remarks:
            self._column(measure.rows, filtered(measure.sql, measure.where))
        if self._records:
            for rows, sql in self._record_lists(metric):
                self._column(rows, sql)
        # Worked out once: there is a cell for every subject, period and value of a dimension.
        self._places[metric.id] = _Places(
            numbers=[(name, self._measure(measure)) for name, measure in metric.measures.items()],
            checks=sorted(
                {
                    tuple(self._names[measure.rows, sql] for sql in _money_checks(measure))
                    for measure in metric.measures.values()
                    if measure.money
                }
            ),
            lists=[self._names[key] for key in self._record_lists(metric)] if self._records else [],
            remarks=[self._measure(measure) for _, measure in metric.remarks],
        )

    def filled(self) -> list[str]:
        """All columns, taken out of the struct of each row set; counts and sums over nothing are 0."""
        return [
            f"coalesce({rows}.{name}, 0) AS {name}" if name in self._zero else f"{rows}.{name} AS {name}"
            for rows, columns in self.columns.items()
            for name in columns
        ]

    def formula(self, metric: Metric) -> str:
        """The metric's formula over the wide table's columns."""
        return re.sub(
            r"\b[a-z]\w*\b",
            lambda word: self._measure(metric.measures[word[0]]) if word[0] in metric.measures else word[0],
            metric.formula,
        )

    def cell(self, metric: Metric, row: Mapping[str, Any]) -> Cell:
        """The cell of a metric from a row of the wide table."""
        places = self._places[metric.id]
        counts = [[row[column] for column in check] for check in places.checks]
        return Cell(
            value=row[metric.id],
            numbers={name: row[column] for name, column in places.numbers},
            records=tuple(sorted({record for column in places.lists for record in row[column] or ()})),
            money_rows=sum(n or 0 for n, _, _ in counts),
            unvalued=sum(unvalued or 0 for _, unvalued, _ in counts),
            unrated=next((_each_currency(unrated) for _, _, unrated in counts if unrated is not None), None),
            remarks=tuple(row[column] or 0 for column in places.remarks),
        )

    def _record_lists(self, metric: Metric) -> list[tuple[str, str]]:
        """Per row set: the aggregate that lists the ids of the records behind a metric, for subjects only."""
        conditions: dict[str, list[str]] = {}
        for name in metric.record_measures:
            measure = metric.measures[name]
            conditions.setdefault(measure.rows, []).append(f"({measure.where or 'true'})")
        return [
            (rows, f"list(record_id) FILTER (WHERE {self._listing} AND ({' OR '.join(each)}))")
            for rows, each in conditions.items()
        ]

    def _measure(self, measure: Measure) -> str:
        return self._names[measure.rows, filtered(measure.sql, measure.where)]

    def _column(self, rows: str, sql: str) -> str:
        if (rows, sql) not in self._names:
            self._names[rows, sql] = f"m{len(self._names)}"
            self.columns.setdefault(rows, {})[self._names[rows, sql]] = sql
        return self._names[rows, sql]


def packed(rows: str, columns: Mapping[str, str]) -> str:
    """The columns of a row set as one struct under its name, as `Plan.filled` takes them out again."""
    return f"struct_pack({', '.join(f'{column} := {sql}' for column, sql in columns.items())}) AS {rows}"


def filtered(aggregate: str, where: str | None) -> str:
    return aggregate if where is None else f"{aggregate} FILTER (WHERE {where})"


def _money_checks(measure: Measure) -> tuple[str, str, str]:
    """How many rows hold money, how many lack their amount, and the missing exchange rates."""
    where = measure.where or "true"
    return (
        filtered("count(*)", where),
        filtered("count(*)", f"({where}) AND unvalued"),
        filtered("string_agg(DISTINCT unrated, ', ' ORDER BY unrated)", where),
    )


def _each_currency(unrated: str) -> str:
    """ "GBP on 2026-04-02, GBP on 2026-05-01, SEK on 2026-04-09" is "GBP on 2026-04-02 and SEK on 2026-04-09"."""
    first: dict[str, str] = {}
    for rate in unrated.split(", "):
        first.setdefault(rate.split(" ")[0], rate)
    return " and ".join(first.values())
