"""What an edited draft must go on saying: the plan of its facts, narrowed to what the draft says now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from agent.draft import FACT_PARTS, Block, Comparison, Draft, Section, Statement
from agent.plan import Plan, SectionPlan, plan_summary
from prompts.loader import PromptSet
from tools.facts import Fact


def plan_of(draft: Draft, prompts: PromptSet, whole: Plan | None = None) -> Plan:
    """The draft's plan: sections left out by request have handed their key shortfalls to the headline.

    `whole` is the plan of its fact sheet, where that is at hand.

    A section's `must` holds those of its facts that the draft states there now: what an earlier edit was allowed to
    drop is not asked for again.
    """
    plan = whole or plan_summary(draft.sheet, prompts)
    present = {section.id: section for section in draft.all_sections}
    handed = [fact for section in plan.sections if section.id not in present for fact in section.shortfalls]
    opened = opened_by_shortfall(draft.headline, draft)
    headline = replace(
        plan.headline,
        must=_unique([*plan.headline.must, *(fact for fact in handed if fact.id in opened)]),
        shortfalls=_unique([*plan.headline.shortfalls, *(fact for fact in handed if fact.id in opened)]),
    )
    sections = tuple(
        _narrowed(section, present[section.id], draft) for section in plan.sections if section.id in present
    )
    return replace(plan, headline=headline, sections=sections)


def _narrowed(section: SectionPlan, now: Section, draft: Draft) -> SectionPlan:
    stated = {fact for statement in statements(now) for fact in statement.facts}
    opened = opened_by_shortfall(now, draft)
    more = [fact for fact in draft.sheet.facts if fact.id in stated and fact not in section.facts]
    return replace(
        section,
        must=tuple(fact for fact in section.must if fact.id in stated),
        shortfalls=tuple(fact for fact in section.shortfalls if fact.id in opened),
        may=(*section.may, *(fact for fact in section.must if fact.id not in stated), *more),
        left_out=None,
    )


def statements(section: Section) -> Iterator[Statement]:
    for block in section.blocks:
        yield from block.statements


def opened_by_shortfall(section: Section, draft: Draft) -> dict[str, Comparison]:
    """The key shortfalls that open a block of the section, with the comparison that states them."""
    found = {}
    for block in section.blocks:
        first = opening(block)
        fact = draft.sheet.fact(first.fact) if first is not None else None
        if first is not None and fact is not None and fact.key and fact.weak:
            found[fact.id] = first
    return found


def opening(block: Block) -> Comparison | None:
    """The comparison that a block's first sentence states before any other figure, if it states one in full."""
    tokens = [part for part in block.statements[0].parts if isinstance(part, FACT_PARTS)] if block.statements else []
    if not tokens or not isinstance(tokens[0], Comparison) or tokens[0].form == "bare":
        return None
    return tokens[0]


def _unique(facts: list[Fact]) -> tuple[Fact, ...]:
    return tuple({fact.id: fact for fact in facts}.values())
