"""The person's own statements: kept, listed, taken back; one that contradicts a fact is answered with the fact."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from agent.chat.answer import Block, Cell, Notice, Table
from tools.periods import Period

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]


def said(desk: Desk, text: str, on: date | None, metric: str | None) -> Blocks:
    """Keep a statement about whom the conversation is about, dated within its period."""
    of_when = desk.period()
    key = desk.whose(None, of_when)
    day = on if on is not None else min(desk.now().date(), of_when.last_day)
    kept = desk.stores.statements.add(
        who=key, name=desk.access().name_of(key), on=day, kind="context" if metric else "work", text=text.strip(),
        metric=metric, account=desk.viewer.account, at=desk.now(),
    )  # fmt: skip
    return (Notice(text=f"Kept as {kept.name}'s own statement of {kept.on.isoformat()}, marked as self-reported. "
                        "“Forget that” takes it back."),)  # fmt: skip


def forgotten(desk: Desk, which: str) -> Blocks:
    """Take back the last statement, or the one whose words are given."""
    of_when = desk.period()
    mine = desk.stores.statements.about(desk.whose(None, of_when))
    if which != "last":
        mine = [each for each in mine if which.strip().lower() in each.text.lower()]
    if not mine:
        return (Notice(text="There is no such statement."),)
    gone = max(mine, key=lambda each: each.said_at)
    desk.stores.statements.forget(gone.id, desk.now())
    return (Notice(text=f"Taken back: “{gone.text}”"),)


def listed(desk: Desk, key: str, period: Period) -> Blocks:
    """The statements about somebody, dated in a period."""
    found = desk.stores.statements.about(key, period.start, period.last_day)
    if not found:
        return (Notice(text="No statement of your own is on record for this period."),)
    rows = tuple((Cell(text=each.on.isoformat()), Cell(text=each.text), Cell(text=each.metric or "")) for each in found)
    return (Table(title="Own statements, self-reported", header=("Day", "Statement", "Explains"), rows=rows),)
