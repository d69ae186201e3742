"""A change of definition is told once in the scope, whatever it touches; a renamed stage is told among the changes."""

from __future__ import annotations

from datetime import date

from agent.composer.facts_only import compose_facts_section
from agent.plan import plan_summary
from agent.printing import Printer
from prompts.loader import PromptSet
from tests.tools.metrics.worlds import AS_OF, world
from tools.metrics.build import build_facts
from tools.organisation import parse_settings

TABLES = world(
    stages="stage position kind\nTalk 1 open\nOffer 2 open\nWon 3 won\nLost 4 lost",
    deals="""
        deal_id  owner  status  stage  segment  amount  created_on  closed_on
        d1       Ann    won     Won    smb      100     2026-04-01  2026-05-11
        d2       Ann    lost    Lost   smb      100     2026-04-01  2026-05-11
        d3       Ann    won     Won    smb      100     2026-01-02  2026-02-11
    """,
    deal_changes="""
        deal  field  old   new    at
        d1    stage  Talk  Offer  2026-04-20T00:00
        d1    stage  Offer Won    2026-05-11T00:00
        d3    stage  Talk  Bid    2026-01-20T00:00
        d3    stage  Bid   Won    2026-02-11T00:00
    """,
)
SETTINGS = {
    "definitions": [{"metric": "win_rate", "since": date(2026, 4, 1), "text": "won / all qualified"}],
    "renamed_stages": [{"stage": "Bid", "now": "Offer", "since": date(2026, 3, 1)}],
}


def test_the_scope_tells_each_change_once() -> None:
    sheet = build_facts(TABLES, "Ann", "2026-Q2", as_of=AS_OF, settings=parse_settings(SETTINGS, "test"))
    prompts = PromptSet.load()
    plan, english = plan_summary(sheet, prompts), prompts.language("en")
    scope = Printer(sheet, english).section(compose_facts_section(plan, plan.section("scope"), english))
    printed = [f"{block.label}: {block.statements[0].text}" for block in scope.blocks]
    assert sum(line.startswith("Definition") for line in printed) == 1
    assert any("Win rate now counts “won / all qualified”" in line for line in printed)
    assert "Changes: 1 March: stage Bid renamed Offer." in printed
