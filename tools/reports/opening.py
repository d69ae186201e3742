"""A figure of a report opened: what it means, the numbers in it, and every record behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.errors import NotFound, did_you_mean
from tools.metrics.records import Part, plain, record_rows, record_table, records_of
from tools.reports.lines import Lines
from tools.reports.table import Figure, Line, ReportTable


@dataclass(frozen=True)
class OpenedRow:
    """One figure with what it was computed from; `numbers` are the values of the names in `formula`.

    `records` are rows of `record_table`: each with its own columns and what it adds, under the measure's name.
    """

    title: str
    row: str
    column: Figure
    value: Any
    absent: str | None
    formula: str
    numbers: Mapping[str, Any]
    record_table: str
    records: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "report": self.title, "row": self.row, "column": self.column.key, "label": self.column.label,
            "unit": self.column.unit, "value": plain(self.value), "absent": self.absent,
            "definition": self.column.definition, "formula": self.formula,
            "numbers": {name: plain(number) for name, number in self.numbers.items()},
            "record_table": self.record_table,
            "records": [{name: plain(value) for name, value in record.items()} for record in self.records],
        }  # fmt: skip

    def csv(self) -> str:
        """The records as comma-separated values."""
        import pandas as pd

        rows = [{name: plain(value) for name, value in record.items()} for record in self.records]
        return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n")

    def render(self, shown: str) -> str:
        """For a terminal; `shown` is the value as the report prints it."""
        numbers = (
            f"           {name} = {'–' if each is None else f'{plain(each):,}'}" for name, each in self.numbers.items()
        )
        return "\n".join(
            [
                f"{self.title}, {self.row}: {self.column.label} {shown}",
                *([f"  absent   {self.absent}"] if self.absent else []),
                f"  means    {self.column.definition}",
                f"  formula  {self.formula}",
                *numbers,
                "",
                f"{len(self.records)} records in {self.record_table}{':' if self.records else ''}",
                *record_table(self.records),
            ]
        )


def open_row(lines: Lines, table: ReportTable, row: str, column: str | None, subject: str | None = None) -> OpenedRow:
    """The records behind a row's figure, while the relations behind it still exist in the engine's database."""
    line, figure = _line(table, row, subject), _figure(table, column)
    metric = next(each for each in lines.metrics if each.id == figure.key)
    cell = lines.cell(line, figure.key)
    value = cell.told
    part = Part(metric, lines.dimension if line.value is not None else None, line.value)
    subject = line.subject or lines.subjects[-1].key
    absent = table.absent.get(figure.key) or (lines.why_empty(metric, cell) if value is None else None)
    records = [] if figure.key in table.absent else records_of(lines.engine, part, subject, line.period, cell.records)
    return OpenedRow(
        table.title, ", ".join(line.labels), figure, value, absent, metric.formula, cell.numbers,
        record_rows(lines.engine, metric).table, tuple(records),
    )  # fmt: skip


def _line(table: ReportTable, row: str, subject: str | None) -> Line:
    """The line of these labels, or of an unambiguous part of them; about that `subject`, for two may bear one name."""
    lines = [line for line in table.lines if subject in (None, line.subject)]
    named = {", ".join(line.labels): line for line in lines}
    wanted = row.strip().lower()
    found = [name for name in named if name.lower() == wanted] or [name for name in named if wanted in name.lower()]
    if len(found) == 1:
        return named[found[0]]
    what = "may be " + _some(found) + "; write the whole of one" if found else did_you_mean(row, list(named))
    raise NotFound(f'{table.name} has no row "{row}". {what}' if not found else f'"{row}" {what}.')


def _figure(table: ReportTable, column: str | None) -> Figure:
    """The column of that id or label; without one, the main one."""
    wanted = (column or table.picture or table.columns[0].key).strip().lower()
    for figure in table.columns:
        if wanted in (figure.key.lower(), figure.label.lower()):
            return figure
    raise NotFound(f'{table.name} has no column "{column}"; it has {_some([each.label for each in table.columns])}.')


def _some(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names[:12]) + (" …" if len(names) > 12 else "")
