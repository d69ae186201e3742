"""A report's result: rows of figures, as a pandas frame, CSV, JSON or text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One column: its key, label for people, unit (`currency:XXX`, `ratio` …) and definition."""

    key: str
    label: str
    unit: str
    definition: str


@dataclass(frozen=True)
class Line:
    """One row: what it is about, its values in the order of the columns, and the ids of the records behind each.

    `subject` is the key of the person or team that it is about, where it is about one.
    """

    labels: tuple[str, ...]
    values: tuple[Any, ...]
    records: tuple[tuple[str, ...], ...] = ()
    total: bool = False
    subject: str | None = None


@dataclass(frozen=True)
class ReportTable:
    """A computed report. `dimensions` name what the rows are about; `absent` says why a column is empty."""

    name: str
    title: str
    about: str
    dimensions: tuple[str, ...]
    columns: tuple[Figure, ...]
    lines: tuple[Line, ...]
    absent: Mapping[str, str]
    notes: tuple[str, ...]
    picture: str | None

    def frame(self) -> pd.DataFrame:
        """The rows as a pandas frame: dimensions, then figures as numbers (ratios 0–1)."""
        import pandas as pd

        names = [*self.dimensions, *(each.key for each in self.columns)]
        return pd.DataFrame([[*line.labels, *map(plain, line.values)] for line in self.lines], columns=names)

    def csv(self) -> str:
        """Comma-separated values; a figure that could not be computed is an empty cell."""
        return self.frame().to_csv(index=False, lineterminator="\n")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "report": self.name, "title": self.title, "about": self.about, "dimensions": list(self.dimensions),
            "columns": [vars(each) for each in self.columns], "absent": dict(self.absent), "notes": list(self.notes),
            "rows": [self._row(line) for line in self.lines],
        }  # fmt: skip

    def _row(self, line: Line) -> dict[str, Any]:
        keys = [each.key for each in self.columns]
        row: dict[str, Any] = dict(zip(self.dimensions, line.labels, strict=True))
        row |= dict(zip(keys, map(plain, line.values), strict=True))
        if line.records:
            row["records"] = {key: list(ids) for key, ids in zip(keys, line.records, strict=True) if ids}
        return row


def plain(value: Any) -> Any:
    """A value as JSON and CSV have it."""
    from decimal import Decimal

    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def in_order(lines: Sequence[Line], order: Sequence[str]) -> tuple[Line, ...]:
    """Lines in the order in which their values belong; values not named come last, as they stood."""
    place = {value: number for number, value in enumerate(order)}
    return tuple(sorted(lines, key=lambda line: place.get(line.labels[0], len(place))))
