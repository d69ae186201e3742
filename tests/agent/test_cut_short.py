"""A period whose records end early is never compared silently."""

from __future__ import annotations

from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet


def test_a_comparison_says_that_this_period_is_only_partly_on_record() -> None:
    fact = Fact(id="deals_won", label="Deals won", value=3, unit="count", prior=8, better="higher", partial=True)
    sheet = FactSheet(person="Ada Berg", period="2026-Q2", facts=(fact,))
    printer = Printer(sheet, PromptSet.load().language("en"))
    assert printer.comparison(fact, "prior") == "down from 8 to 3 (this period is only partly on record)"
    assert not fact.weak
