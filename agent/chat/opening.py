"""A figure opened: its meaning, the formula with its numbers, what is on record about it, and the records behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.chat.answer import Block, Cell, Notice, Table
from agent.chat.figures import absent
from agent.chat.view import NONE, View
from tools.facts import Absent, Fact

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
_MOST_RECORDS = 10


def why(desk: Desk, view: View, metric: str) -> Blocks:
    """The metric in a sentence, its formula and numbers, notes and statements on it, and its records."""
    found = view.find(metric)
    if isinstance(found, Absent):
        return (absent(found, view),)
    return why_of(desk, view, found)


def why_of(desk: Desk, view: View, fact: Fact) -> Blocks:
    """As `why`, for a fact of the sheet."""
    return (*records(desk, view, fact.id),)


def records(desk: Desk, view: View, metric: str) -> Blocks:
    """The records behind a metric, each with its id."""
    found = view.find(metric)
    if isinstance(found, Absent):
        return (absent(found, view),)
    opened_fact = desk.facts.explanation(view.of.who, view.of.period, found.id, desk.as_of)
    if not opened_fact.records:
        return (Notice(text=f"No records are behind {found.label}."),)
    return (record_table(view, found.label, opened_fact.record_table or "", opened_fact.records),)


def record_table(view: View, title: str, table: str, rows: tuple[dict[str, Any], ...]) -> Table:
    """Records as a small table; the first cell opens the record."""
    header = tuple(dict.fromkeys(name for row in rows for name in row))[:6]
    shown = rows[:_MOST_RECORDS]
    cells = tuple(tuple(Cell(text=_text(row.get(name))) for name in header) for row in shown)
    return Table(title=title, header=header, rows=cells, more=len(rows) - len(shown))


def _text(value: Any) -> str:
    return NONE if value is None else str(value)


def opened(desk: Desk, which: str) -> Blocks:
    """Where a figure that was shown comes from."""
    return why(desk, desk.view(), which)
