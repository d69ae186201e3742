"""A small draft to store, and whoever makes its versions."""

from __future__ import annotations

from datetime import UTC, date, datetime

from agent.draft import Block, Comparison, Draft, Section, Statement, Text
from agent.record import RunRecord
from agent.store.store import Action, Making
from tools.facts import Fact, FactSheet

AT = datetime(2026, 7, 5, 9, 30, tzinfo=UTC)
SHEET = FactSheet(
    person="Ada Berg",
    role="account_executive",
    period="2026-Q2",
    facts=(Fact(id="win_rate", label="Win rate", value=0.3, unit="ratio", target=0.35, better="higher", key=True),),
)
RUN = RunRecord(software="test", sheet_sha256=SHEET.sha256, as_of=date(2026, 7, 5), started_at=AT, seconds=0.1)


def draft_saying(words: str) -> Draft:
    parts = (Text(text=words), Comparison(fact="win_rate", against="target"), Text(text="."))
    statement = Statement(parts=parts, text=f"{words}30%, 5 points short of the 35% target.")
    headline = Section(id="headline", title="In short", blocks=(Block(statements=(statement,)),))
    return Draft(sheet=SHEET, headline=headline, sections=(), record=RUN)


def making(by: str = "ada", action: Action = "edit", instruction: str | None = None) -> Making:
    return Making(by, AT, RUN, action, instruction)
