"""A report's result: rows of figures, as a pandas frame, CSV, JSON or text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.metrics.definitions import Redefinition
from tools.metrics.records import plain
from tools.periods import Period

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Figure:
    """One column: its key, label for people, unit (`currency:XXX`, `ratio` …) and definition.

    `redefined`: the changes of its definition between the rows of the report.
    """

    key: str
    label: str
    unit: str
    definition: str
    redefined: tuple[Redefinition, ...] = ()

    def counted_otherwise(self, period: Period) -> bool:
        """Whether any day of the period lies before a change of the definition."""
        return any(period.start < change.since for change in self.redefined)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        changes = [{**vars(each), "since": each.since.isoformat()} for each in self.redefined]
        return {**vars(self), "redefined": changes}


@dataclass(frozen=True)
class Line:
    """One row: what it is about, its values in the order of the columns, and the ids of the records behind each.

    `subject` is the key of the person or team that it is about, where it is about one; `value` that of the column that
    the rows are split by, where they are; `period` the name of its bucket. `otherwise` are the keys of the columns that
    were counted by an earlier definition than those of later rows.
    """

    labels: tuple[str, ...]
    values: tuple[Any, ...]
    records: tuple[tuple[str, ...], ...] = ()
    total: bool = False
    subject: str | None = None
    value: str | None = None
    period: str = "current"
    otherwise: tuple[str, ...] = ()


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
        frame = pd.DataFrame([[*line.labels, *map(plain, line.values)] for line in self.lines], columns=names)
        if any(line.otherwise for line in self.lines):
            frame["counted_otherwise"] = [", ".join(line.otherwise) for line in self.lines]
        return frame

    def csv(self) -> str:
        """Comma-separated values; a figure that could not be computed is an empty cell."""
        return self.frame().to_csv(index=False, lineterminator="\n")

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "report": self.name, "title": self.title, "about": self.about, "dimensions": list(self.dimensions),
            "columns": [each.to_dict() for each in self.columns], "absent": dict(self.absent),
            "notes": list(self.notes), "rows": [self._row(line) for line in self.lines],
        }  # fmt: skip

    def _row(self, line: Line) -> dict[str, Any]:
        keys = [each.key for each in self.columns]
        row: dict[str, Any] = dict(zip(self.dimensions, line.labels, strict=True))
        row |= dict(zip(keys, map(plain, line.values), strict=True))
        if line.records:
            row["records"] = {key: list(ids) for key, ids in zip(keys, line.records, strict=True) if ids}
        if line.otherwise:
            row["counted_otherwise"] = list(line.otherwise)
        return row


def in_order(lines: Sequence[Line], order: Sequence[str]) -> tuple[Line, ...]:
    """Lines in the order in which their values belong; values not named come last, as they stood."""
    place = {value: number for number, value in enumerate(order)}
    return tuple(sorted(lines, key=lambda line: place.get(line.labels[0], len(place))))
