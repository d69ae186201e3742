"""Reports as small tables in an answer; the whole is on the report's own page."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from agent.chat.answer import Block, Cell, Notice, Table
from agent.chat.view import NONE
from agent.naming import period_name
from tools.quantities import Unit, display, display_against

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.chat.desk import Desk
    from tools.reports.table import Figure, Line, ReportTable

Blocks = tuple[Block, ...]
_MOST_ROWS = 10


def report(
    desk: Desk, who: str, period: str, name: str, *, by: str | None = None, every: str | None = None,
    where: tuple[tuple[str, str], ...] = (),
) -> Blocks:  # fmt: skip
    """One of the reports about somebody."""
    whole = desk.facts.report(name, who, period, desk.as_of, by=by, every=every, where=where)
    table = desk.access().rows_of(whole, desk.period(period))
    if not table.lines:
        return (Notice(text=f"{table.title}: nothing is on record ({table.about})."),)
    shown = [column for column in table.columns if column.key not in table.absent]
    places = [table.columns.index(column) for column in shown]
    rows = tuple(
        (*(Cell(text=period_name(label, desk.locale) if dimension == "period" else label)
           for dimension, label in zip(table.dimensions, line.labels, strict=True)),
         *(Cell(text=_printed(line.values[place], table.columns[place].unit, desk.locale)) for place in places))
        for line in _best_first(table, shown)[:_MOST_ROWS]
    )  # fmt: skip
    header = (*(each.replace("_", " ").capitalize() for each in table.dimensions), *(each.label for each in shown))
    notes = [*table.notes, *_absent(table)]
    when, _, whom = table.about.partition(": ")
    options = [("who", who), ("period", period), ("by", by), ("every", every)]
    tests = [("where", f"{field}={value}") for field, value in where]
    query = urlencode([*((key, value) for key, value in options if value is not None), *tests])
    return (
        Table(
            title=f"{table.title}, {period_name(when, desk.locale)}: {whom}", header=header, rows=rows,
            right=tuple(range(len(table.dimensions), len(header))), more=len(table.lines) - len(rows),
            note="; ".join(notes), report=f"{table.name}?{query}",
        ),
    )  # fmt: skip


def _best_first(table: ReportTable, shown: Sequence[Figure]) -> Sequence[Line]:
    """People and teams by their rate, else by the first figure, the highest first: who asks for them asks who leads."""
    if table.dimensions not in (("rep",), ("team",)) or not shown:
        return table.lines
    place = table.columns.index(next((column for column in shown if column.unit == "ratio"), shown[0]))

    def rank(line: Line) -> tuple[bool, float | Decimal]:
        value = line.values[place]
        known = not line.total and isinstance(value, int | float | Decimal)
        return (not known, -value if known else 0)

    return sorted(table.lines, key=rank)


def _absent(table: ReportTable) -> list[str]:
    """Why columns are empty, a reason once."""
    reasons: dict[str, list[str]] = {}
    for key, reason in table.absent.items():
        reasons.setdefault(reason, []).append(key.replace("_", " "))
    return [f"{', '.join(keys)}: {reason}" for reason, keys in reasons.items()]


def _printed(value: Any, unit: str, locale: str) -> str:
    if value is None:
        return NONE
    if isinstance(value, str):
        return value
    try:
        kind = Unit.parse(unit).kind
    except ValueError:
        return str(value)
    # 99.6 % of a quota is not 100 %.
    text = (display_against(value, 1, unit, locale) if kind == "ratio" else display(value, unit, locale)).text
    return f"{text}×" if kind == "multiple" else f"{text} {kind}" if kind in ("days", "hours", "minutes") else text
