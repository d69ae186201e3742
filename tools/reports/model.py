"""What a report is: columns that are metrics, and what its rows may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tools.facts import Better
from tools.metrics.model import Measure, Metric

# Rows are people or teams, or the values of a column of the records.
PEOPLE = ("rep", "team")
Bucket = Literal["week", "month", "quarter"]


@dataclass(frozen=True)
class Report:
    """One report. `by` are the ways to split its rows, the usual one first; `every` the buckets it usually has.

    A report without columns lists records: `listing` is a query over relations, for the people of `{scope}`.
    """

    name: str
    title: str
    shows: str
    why: str
    columns: tuple[Metric, ...]
    by: tuple[str, ...] = PEOPLE
    every: Bucket | None = None
    picture: int = 0
    """Which column the picture shows."""
    listing: str | None = None
    total: bool = True
    """Whether figures of the values of a column have a meaning together."""

    @property
    def splits(self) -> tuple[str, ...]:
        """What its rows may be."""
        return (*self.by, "total") if self.total or set(PEOPLE) & set(self.by) else self.by


def column(
    name: str, label: str, unit: str, formula: str, measures: Mapping[str, Measure], *, better: Better = None,
    needs: tuple[str, ...] = ("deals",), definition: str = "", of: str | None = None,
    records: tuple[str, ...] = (),
) -> Metric:  # fmt: skip
    """A figure that only reports show. `of`: the metric of the dictionary that it stands for, if for one."""
    return Metric(
        id=name, label=label, definition=definition or label.lower(), unit=unit, better=better, formula=formula,
        measures=measures, needs=needs, origin="report", stands_for=of, records=records,
    )  # fmt: skip
