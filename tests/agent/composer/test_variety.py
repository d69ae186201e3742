"""Over twenty people no sentence is built like another more than three times."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import date

from agent.composer import Composer
from agent.draft import Section, Statement, Text
from agent.plan import plan_summary
from prompts.loader import PromptSet
from tools.facts import Evidence, Fact, FactSheet

PROMPTS = PromptSet.load()
UNITS = {
    "quota_attainment": ("Quota attainment", "ratio", "higher"),
    "revenue_won": ("Revenue won", "currency:USD", "higher"),
    "deals_won": ("Deals won", "count", "higher"), "win_rate": ("Win rate", "ratio", "higher"),
    "average_deal_size": ("Average deal size", "currency:USD", "higher"),
    "sales_cycle_days": ("Sales cycle", "days", "lower"), "forecast_accuracy": ("Forecast accuracy", "ratio", "higher"),
    "slipped_deals": ("Slipped deals", "count", "lower"),
    "pipeline_coverage": ("Pipeline coverage", "multiple", "higher"),
}  # fmt: skip
NAMES = [f"{first} {last}" for first in ("Ada", "Bo", "Cleo", "Dag", "Eva") for last in ("Berg", "Cho", "Diaz", "Eze")]


def _sheet(name: str, seed: int) -> FactSheet:
    """A person with nine results, four of them explained, and with two next steps on record."""
    chance = random.Random(seed)
    facts = tuple(
        Fact(
            id=metric, label=label, value=round(chance.uniform(0.3, 1.3), 2), unit=unit, better=better, key=True,
            target=1.0 if metric in ("quota_attainment", "revenue_won", "forecast_accuracy") else None,
            prior=round(chance.uniform(0.3, 1.3), 2), why=f"It is why {label} counts.",
        )
        for metric, (label, unit, better) in UNITS.items()
    )  # fmt: skip
    texts = (
        ("action", "win_rate", "Moved the reviews before the proposal"),
        ("action", "average_deal_size", "Brought finance buyers into the first calls"),
        ("context", "forecast_accuracy", "Late deals stayed in commit without a next step"),
        ("constraint", "slipped_deals", "Buyers would not sign before their budget year began"),
        ("next_step", "forecast_accuracy", "Review the commit every week with sales ops"),
        ("next_step", "slipped_deals", "Agree a dated close plan with each buyer"),
    )
    notes = tuple(
        Evidence(id=f"n{number}", date=date(2026, 5, 1 + number), kind=kind, metric=metric, text=text)
        for number, (kind, metric, text) in enumerate(texts)
    )
    return FactSheet(
        person=name, role="account_executive", period="2026-Q2", start=date(2026, 4, 1), end=date(2026, 6, 30),
        prior_period="2026-Q1", facts=facts, evidence=notes,
    )  # fmt: skip


def _sections(sheet: FactSheet) -> list[Section]:
    plan = plan_summary(sheet, PROMPTS)
    composer = Composer(plan, PROMPTS.language("en"))
    told = [section for section in plan.sections if section.left_out is None and section.settings.kind != "facts"]
    return [asyncio.run(composer.write(section, plan)) for section in (plan.headline, *told)]


def _skeleton(statement: Statement) -> str:
    """The sentence without what differs anyway: figures, names and quotations are all one."""
    return "".join(part.text if isinstance(part, Text) else "□" for part in statement.parts)


def _skeletons(sheet: FactSheet) -> list[str]:
    return [
        _skeleton(statement)
        for section in _sections(sheet)
        for block in section.blocks
        for statement in block.statements
    ]  # fmt: skip


def test_no_skeleton_stands_more_than_three_times_over_twenty_people() -> None:
    counted = Counter(
        skeleton for seed, name in enumerate(NAMES) for skeleton in _skeletons(_sheet(name, seed)) if skeleton != "□."
    )
    assert [(skeleton, count) for skeleton, count in counted.most_common() if count > 3] == []


def test_no_sentence_of_a_draft_is_built_like_another() -> None:
    for seed, name in enumerate(NAMES):
        skeletons = [skeleton for skeleton in _skeletons(_sheet(name, seed)) if skeleton != "□."]
        assert len(skeletons) == len(set(skeletons))


def test_the_same_sheet_is_always_told_in_the_same_words() -> None:
    assert _sections(_sheet("Ada Berg", 1)) == _sections(_sheet("Ada Berg", 1))


def test_the_order_in_which_sections_are_asked_for_does_not_matter() -> None:
    sheet = _sheet("Ada Berg", 1)
    plan = plan_summary(sheet, PROMPTS)
    composer = Composer(plan, PROMPTS.language("en"))
    asyncio.run(composer.write(plan.section("next_steps"), plan))
    assert asyncio.run(composer.write(plan.headline, plan)) == _sections(sheet)[0]
