"""Results without a target or an earlier value are held to comparable colleagues; names say whose results they are."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from agent.composer.wording import period_holes, person_holes
from agent.draft import Draft
from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from agent.plan import below_colleagues, plan_summary
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.facts import Fact, FactSheet, Scope

PROMPTS = PromptSet.load()
RUN = Run("test", date(2018, 1, 1), datetime(2018, 1, 1, tzinfo=UTC))
WON = Fact(
    id="revenue_won", label="Revenue won", value=200_000, unit="currency:USD", team=320_000, better="higher", key=True
)
DEALS = Fact(id="deals_won", label="Deals won", value=22, unit="count", team=24, better="higher", key=True)
RATE = Fact(
    id="win_rate", label="Win rate", value=0.75, unit="ratio", team=0.63, better="higher", key=True,
    definition="won / (won + lost), new-business deals closed in the period",
)  # fmt: skip


def _sheet(*facts: Fact, **more: Any) -> FactSheet:
    return FactSheet(
        **{"person": "Ada Berg", "role": "sales_rep", "period": "2017", "start": date(2017, 1, 1),
           "end": date(2017, 12, 31), "facts": facts, **more}
    )  # fmt: skip


def _draft(*facts: Fact, **more: Any) -> Draft:
    return asyncio.run(draft_summary(_sheet(*facts, **more), PROMPTS, RUN))


def _steps(draft: Draft) -> list[tuple[str | None, str]]:
    steps = next(section for section in draft.sections if section.id == "next_steps")
    return [(block.label, block.statements[0].text) for block in steps.blocks]


def test_the_result_furthest_below_colleagues_is_the_weakest_where_nothing_else_is_on_record() -> None:
    plan = plan_summary(_sheet(WON, DEALS, RATE), PROMPTS)
    assert plan.weakest == WON and plan.shortfalls == () and plan.headline.shortfalls == ()


def test_a_target_or_an_earlier_value_keeps_colleagues_out_of_it() -> None:
    deals = DEALS.model_copy(update={"prior": 22})
    assert plan_summary(_sheet(WON, deals, RATE), PROMPTS).weakest is None


def test_five_percent_below_colleagues_is_not_far_below() -> None:
    assert not below_colleagues(RATE.model_copy(update={"value": 0.6, "team": 0.63}))
    assert below_colleagues(DEALS)


def test_the_headline_says_that_it_is_below_colleagues() -> None:
    headline = _draft(WON, DEALS, RATE).headline.blocks[0].statements[0].text
    assert "$200K, $120K below the $320K average of comparable colleagues" in headline


def test_what_is_clearly_below_colleagues_is_mended_and_never_kept() -> None:
    steps = _steps(_draft(WON, DEALS, RATE))
    fixes = " ".join(text for label, text in steps if label == "Fix")
    kept = " ".join(text for label, text in steps if label == "Keep")
    assert "revenue won" in fixes and "$320K (proposed)" in fixes
    assert "win rate" in kept and "revenue" not in kept and "deals won" not in kept


def test_the_scope_says_what_counts_new_business_only() -> None:
    lost = Fact(id="deals_lost", label="Deals lost", value=10, unit="count")
    assert "**Definition:** Win rate counts new business only." in to_markdown(_draft(WON, DEALS, RATE, lost))
    alike = RATE.model_copy(update={"value": 22 / 32})
    assert "new business only" not in to_markdown(_draft(WON, DEALS, alike, lost))


def test_a_period_from_day_to_day_prints_its_days_in_title_and_scope_alone() -> None:
    text = to_markdown(_draft(WON, DEALS, RATE, period="2017-08-15..2017-09-14", start=date(2017, 8, 15),
                              end=date(2017, 9, 14)))  # fmt: skip
    assert text.count("15 August – 14 September 2017") == 2
    assert "**Period:** 15 August – 14 September 2017." in text


def test_the_period_before_is_called_so_where_it_has_no_name() -> None:
    (part,) = period_holes(_sheet(period="2017-08-15..2017-09-14", prior_period="2017-07-15..2017-08-14"))[
        "prior_period"
    ]
    assert part.text == "the period before"


def test_what_a_team_won_is_not_said_of_its_manager() -> None:
    for person, team, named in (
        ("Ada Berg", "West", "Ada's team"),
        ("Ada Berg", "Ada Berg", "The Ada Berg team"),
        ("Team West", "Team West", "Team West"),
    ):
        sheet = _sheet(person=person, role="sales_manager", scope=Scope(team=team))
        printer = Printer(sheet, PROMPTS.language("en"))
        assert "".join(printer.part(part) for part in person_holes(sheet)["Who"]) == named
