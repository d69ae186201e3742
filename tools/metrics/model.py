"""What a metric is made of: rows, measures and a formula over them.

    Relation   a named query in relations/*.sql that metrics share (spells, closed_deals, deal_states …)
    Rows       a SELECT that gives one row per record, person and period: "the deals closed in the period"
    Measure    an aggregate over some of those rows: how many, the sum of their amounts, the median of their days
    Metric     a formula over measures, with everything a reader should know about it

Values, the team's value, comparisons and the records behind a number all come from this one definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tools.facts import Better


@dataclass(frozen=True)
class Rows:
    """A SELECT exposing `period`, `person`, `on_day`, `record_id` and the columns that measures use.

    `period` is a row of `periods`; `on_day` decides whose team the record counts for. Rows that hold money expose
    `amount` (the organisation's currency, NULL where unknown) and `unrated` (what rate is missing, else NULL).
    `table` holds the records, `coverage` (`table.column`) says since when the data speak. Measures may ask `is_peers`:
    whether the row is being counted for a group of comparable people.
    `per_subject` rows expose `subject` instead of `person` and are not joined to anybody's scope. They say something
    whenever the records begin, unless they are `bounded` by the coverage like all others.
    `looks_back` rows lie in the period before each period.
    """

    name: str
    sql: str
    table: str
    coverage: str
    per_subject: bool = False
    bounded: bool = False
    looks_back: bool = False


@dataclass(frozen=True)
class Measure:
    """An aggregate in SQL over the rows of that name, where `where` holds.

    `empty` is its value over no rows: 0 for counts and sums, None for medians and means.
    `money` measures add up `amount`, so they notice rows whose amount or exchange rate is missing.
    """

    rows: str
    sql: str
    where: str | None = None
    empty: int | None = None
    money: bool = False


def count(rows: str, where: str | None = None) -> Measure:
    """How many rows."""
    return Measure(rows, "count(*)", where, 0)


def distinct(rows: str, column: str, where: str | None = None) -> Measure:
    """How many different values of a column."""
    return Measure(rows, f"count(DISTINCT {column})", where, 0)


def total(rows: str, column: str, where: str | None = None) -> Measure:
    """The sum of a column."""
    return Measure(rows, f"sum({column})", where, 0)


def money(rows: str, where: str | None = None, column: str = "amount") -> Measure:
    """The sum of the rows' amounts."""
    return Measure(rows, f"sum({column})", where, 0, True)


def mean(rows: str, column: str, where: str | None = None) -> Measure:
    """The mean of a whole-number or decimal column (floating-point sums would depend on the order of rows)."""
    return Measure(rows, f"avg({column})", where)


def median(rows: str, column: str, where: str | None = None) -> Measure:
    """The interpolated median of a column, rows without a value left out."""
    return Measure(rows, f"median(CAST({column} AS DOUBLE))", where)


# The origin of metrics that an organisation defines itself.
OWN = "workspace.toml"

Subjects = Literal["person", "team"]
TeamValue = Literal["pooled", "mean"]


@dataclass(frozen=True)
class Metric:
    """One metric of the dictionary.

    `formula` is SQL over the names of `measures`; division by zero gives NULL, which is *absent* because of `absent`.
    `unit` is as in `Fact`, with `currency` for the organisation's own. `definition` may name a rule in braces.
    """

    id: str
    label: str
    definition: str
    unit: str
    better: Better
    formula: str
    measures: Mapping[str, Measure]
    team: TeamValue | None = "pooled"
    """How comparable people are taken together: their records pooled, or the mean per active person."""
    by: tuple[str, ...] = ()
    """Columns of the rows that split it: each gives facts `<id>[<column>=<value>]`."""
    split_of: str | None = None
    """Gives only the facts split by `by`, under this id, and none as a whole."""
    why: str | None = None
    caveat: str | None = None
    needs: tuple[str, ...] = ()
    """Tables, or `table.column` with any value, without which it cannot be computed; `a|b` means either.

    `deals.status=lost` needs a row with that value; `deals.created_on<closed_on` one in which the first is earlier.
    """
    absent: str = "there was nothing to compute it from"
    origin: str = "metric dictionary"
    records: tuple[str, ...] = ()
    """Names of the measures whose rows are the records behind it; all, if none are named."""
    moment: str | None = None
    """The day of `moments` that it is a snapshot of."""
    subjects: tuple[Subjects, ...] = ("person", "team")
    own_target: float | None = None
    """A target that follows from its definition: 1 for an attainment."""
    remarks: tuple[tuple[str, Measure], ...] = ()
    """Sentences that stand beside the value where their count `n` is not 0."""
    only_finished: bool = False
    """Whether it says nothing while the period is still running."""
    values: tuple[str, ...] = ()
    """The values of its dimension in their order, where all belong together: none is left out for being rare."""
    stands_for: str | None = None
    """The metric of the dictionary that a report shows under another id, whose changes of definition it shares."""
    paced: bool = False
    """Whether it is a pace (per day, per head), so that values of parts of a period do not add up."""

    @property
    def fact_id(self) -> str:
        """The id that its facts carry, without dimension."""
        return self.split_of or self.id

    @property
    def record_measures(self) -> tuple[str, ...]:
        """Names of the measures whose rows are the records."""
        return self.records or tuple(self.measures)

    @property
    def additive(self) -> bool:
        """Whether values of parts of a period add up, so that targets do too."""
        return self.unit in ("currency", "count") and self.team == "mean" and self.moment is None and not self.paced
