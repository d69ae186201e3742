"""Deals found by name: those of an account, or one by its own name, in whatever state they are."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.chat.answer import Block, Notice, SheetOf
from agent.chat.rows import record_table
from agent.chat.view import View
from tools.errors import NotFound
from tools.metrics.explanation import Explanation
from tools.periods import Period, add_months

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
# What holds a person's deals, and what is said of those found there. A deal is shown where it is found first.
_HOLD = (("deals_won", "Won"), ("deals_lost", "Lost"), ("slipped_deals", "Slipped"), ("pipeline_deals", "Open"))
# Where nothing is found in the period, and none was named, so many months back are looked through too.
_MONTHS_BACK = 36


def deal(desk: Desk, called: str, who: str | None = None, period: str | None = None) -> Blocks:
    """The deals whose account or name holds those words, each with its amount, its stage and its days."""
    of_when = desk.period(period)
    view = desk.view(who, period)
    found = _found(desk, view, of_when.label, called)
    if not found and period is None:
        longer = desk.period(_longer(of_when))
        if desk.access().may_see(view.of.who, longer):
            found = _found(desk, view, longer.label, called)
    if found:
        return found
    when = view.period if period is not None else f"{view.period} or the three years before"
    return (Notice(text=f"No deal of {view.sheet.person} in {when} is called “{called}”."),)


def _longer(of_when: Period) -> str:
    """The period with the years before it. It ends on the same day: who may see it does not change."""
    return f"{add_months(of_when.start, -_MONTHS_BACK).isoformat()}..{of_when.last_day.isoformat()}"


def _found(desk: Desk, view: View, period: str, called: str) -> Blocks:
    there = replace(view, of=SheetOf(who=view.of.who, period=period, name=view.of.name))
    seen: set[str] = set()
    blocks = []
    for fact_id, state in _HOLD:
        opened = _opened(desk, there, fact_id)
        rows = tuple(row for row in opened.records if _holds(row, called)) if opened is not None else ()
        rows = tuple(row for row in rows if str(row["deal_id"]) not in seen)
        if opened is not None and rows:
            seen |= {str(row["deal_id"]) for row in rows}
            blocks.append(record_table(there, f"{state}, “{called}”", fact_id, replace(opened, records=rows)))
    return tuple(blocks)


def _opened(desk: Desk, view: View, fact_id: str) -> Explanation | None:
    try:
        opened = desk.facts.explanation(view.of.who, view.of.period, fact_id, desk.as_of)
    except NotFound:
        return None
    return opened if opened.record_table == "deals" else None


def _holds(row: dict[str, Any], called: str) -> bool:
    """Whether the account or the deal bears that name, or begins with it."""
    wanted = _words(called)
    names = (_words(str(row.get(column) or "")) for column in ("account", "name"))
    return any(name[: len(wanted)] == wanted for name in names)


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())
