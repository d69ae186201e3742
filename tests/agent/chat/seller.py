"""One seller's quarter, small enough to work out by hand, and a desk to ask about it.

Ada, Q2 2026: won 60,000 and 20,000 (40 and 60 days), lost two (Price, both from Negotiation); due and open: one of
30,000. Quota 100,000, so 80 % attained. Q1: won 50,000 (90 days), lost one; quota 100,000. Win rate: 2 of 4, after 1 of
2.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd

from agent.access import Viewer
from agent.chat.answer import Block, Event
from agent.chat.desk import Desk
from agent.chat.office import Office
from agent.chat.plain import plain_text
from agent.chat.talk import Talk
from agent.draft import Section, Statement
from agent.store.conversations import Message
from agent.store.stores import Stores
from prompts.loader import PromptSet
from tools.workspace import Workspace, publish_layer

TODAY = date(2026, 7, 6)
NOW = datetime(2026, 7, 6, 9, tzinfo=UTC)
ADA = Viewer("ada", "rep", "ada")


def publish(path: Path) -> Path:
    """The workspace in that folder."""
    publish_layer(path, "crm", _tables(), {}, zone="UTC", proposal='[organisation]\nname = "Small"\n')
    return path


def office(path: Path, **given: object) -> Office:
    """The office of that workspace, on 6 July 2026."""
    stores = Stores.of_workspace(path)
    given = {"now": lambda: NOW, **given}
    return Office(Workspace.open(path), stores, PromptSet.load(), lambda: TODAY, **given)  # type: ignore[arg-type]


@dataclass
class Heard:
    """A `Tell` that remembers."""

    workings: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    def working(self, text: str, section: str | None = None, call: object = None) -> None:
        self.workings.append(text)

    def statement(self, section_id: str, statement: Statement) -> None:
        self.statements.append(statement)

    def section(self, section: Section) -> None:
        self.sections.append(section)

    def block(self, block: Block) -> None:
        self.blocks.append(block)


def use(desk: Desk, tool: str, heard: Heard | None = None, **arguments: object) -> list[Block]:
    """The blocks of a tool's answer."""
    return list(asyncio.run(desk.use(tool, arguments, heard or Heard())))


def told(blocks: Sequence[Block]) -> str:
    """What an answer says, as text."""
    return plain_text(blocks)


class Calls:
    """An answerer that calls one tool, whatever is asked."""

    def __init__(self, tool: str, **arguments: object) -> None:
        self.tool, self.arguments = tool, arguments
        self.history: Sequence[Message] = ()

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Heard) -> None:
        self.history = history
        for block in await desk.use(self.tool, self.arguments, tell):
            tell.block(block)


def talk(desk: Desk, answerer: object, text: str) -> list[Event]:
    """One question asked; the events handed on."""
    events: list[Event] = []

    async def emit(event: Event) -> None:
        events.append(event)

    asyncio.run(Talk(desk.stores, desk.conversation.id, desk, answerer).reply(text, emit))  # type: ignore[arg-type]
    return events


def _tables() -> dict[str, pd.DataFrame]:
    people = [
        {"person_id": "ada", "name": "Ada Berg", "role": "account_executive", "manager": "eva", "team": "North"},
        {"person_id": "bo", "name": "Bo Lind", "role": "account_executive", "manager": "eva", "team": "North"},
        {"person_id": "eva", "name": "Eva Ek", "role": "sales_manager", "manager": None, "team": "North"},
    ]
    deals = [
        _deal("W1", "won", 60_000, date(2026, 4, 1), date(2026, 5, 11)),
        _deal("W2", "won", 20_000, date(2026, 4, 10), date(2026, 6, 9)),
        _deal("L1", "lost", 10_000, date(2026, 4, 2), date(2026, 5, 20)),
        _deal("L2", "lost", 15_000, date(2026, 4, 3), date(2026, 6, 20)),
        _deal("O1", "open", 30_000, date(2026, 3, 1), None),
        _deal("W0", "won", 50_000, date(2025, 12, 1), date(2026, 3, 1)),
        _deal("L0", "lost", 5_000, date(2026, 1, 5), date(2026, 2, 20)),
        _deal("X0", "lost", 1_000, date(2025, 6, 1), date(2025, 7, 1)),
        _deal("B1", "won", 70_000, date(2026, 4, 1), date(2026, 5, 1), owner="bo"),
    ]
    changes = [
        {"deal": deal, "field": "stage", "old": "Discovery", "new": "Negotiation", "at": _at(2026, 4, 20), "by": "ada"}
        for deal in ("W1", "W2", "L1", "L2")
    ] + [
        {"deal": each["deal_id"], "field": "stage", "old": "Negotiation", "new": each["stage"], "by": "ada",
         "at": pd.Timestamp(each["closed_on"], tz="UTC") + pd.Timedelta(hours=10)}
        for each in deals if each["closed_on"] is not None
    ]  # fmt: skip
    targets = [
        {"person": person, "metric": "quota", "start_on": date(2026, month, 1), "end_on": end, "value": 100_000}
        for person in ("ada", "bo") for month, end in ((1, date(2026, 3, 31)), (4, date(2026, 6, 30)))
    ]  # fmt: skip
    evidence = [
        {"evidence_id": "N1", "on": date(2026, 5, 20), "person": "ada", "kind": "context", "metric": "win_rate",
         "text": "A rival cut its prices in May"},
    ]  # fmt: skip
    tables = {"people": people, "deals": deals, "deal_changes": changes, "targets": targets, "evidence": evidence}
    return {name: pd.DataFrame(rows) for name, rows in tables.items()}


def _deal(
    deal: str, status: str, amount: int, created: date, closed: date | None, owner: str = "ada"
) -> dict[str, object]:
    stage = {"won": "Closed won", "lost": "Closed lost", "open": "Negotiation"}[status]
    return {
        "deal_id": deal, "name": f"Deal {deal}", "owner": owner, "stage": stage, "status": status, "amount": amount,
        "created_on": created, "expected_close_on": closed or date(2026, 6, 15), "closed_on": closed,
        "lost_reason": "Price" if status == "lost" else None,
    }  # fmt: skip


def _at(year: int, month: int, day: int) -> pd.Timestamp:
    return pd.Timestamp(year=year, month=month, day=day, hour=10, tz="UTC")
