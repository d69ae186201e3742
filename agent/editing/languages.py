"""The same draft for another locale: code prints its tokens, names and fixed parts anew; a model writes its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from agent.composer import compose_facts_section
from agent.draft import Block, Draft, Name, Section
from agent.editing.plans import statements
from agent.naming import label, label_in, metric_name, why_in
from agent.plan import plan_summary
from agent.printing import MoneyStyle, Printer
from prompts.loader import PromptError, PromptSet
from tools.errors import InputError
from tools.facts import FactSheet


def reprinted(draft: Draft, prompts: PromptSet, locale: str, money: MoneyStyle = "compact") -> Draft:
    """The draft as that locale prints it: figures, comparisons, days, metrics' names, titles and the sections of facts.

    Prose keeps its words. Raises `InputError` naming the languages there are.
    """
    try:
        language = prompts.language(locale)
    except PromptError as error:
        raise InputError(str(error)) from None
    printer = Printer(draft.sheet, language, locale, money)
    sections = draft.all_sections
    if locale != draft.locale:
        sections = tuple(_fixed_parts(section, draft, prompts, locale) for section in sections)
    headline, *rest = (printer.section(section) for section in sections)
    return draft.model_copy(update={"locale": locale, "headline": headline, "sections": tuple(rest)})


def unnamed(draft: Draft, language: Mapping[str, Any]) -> list[str]:
    """The metrics that the draft names and the language has no name for: they are printed in English."""
    if "names" not in language or not language["names"]:
        return []
    facts = {fact.id: fact for fact in draft.sheet.facts}
    named = [
        facts[part.of]
        for section in draft.all_sections
        for statement in statements(section)
        for part in statement.parts
        if isinstance(part, Name) and part.name == "label" and part.of in facts
    ]
    return list(dict.fromkeys(label(fact) for fact in named if metric_name(language, fact.id, fact.metric_id) is None))


def sheet_in(draft: Draft, prompts: PromptSet) -> FactSheet:
    """The draft's facts under the names that the draft prints, for whoever reads its text."""
    language = prompts.language(draft.locale)
    if not language["names"]:
        return draft.sheet
    facts = tuple(
        fact.model_copy(
            update={"label": label_in(language, fact), "why": why_in(language, fact) if fact.why is not None else None}
        )
        for fact in draft.sheet.facts
    )
    return draft.sheet.model_copy(update={"facts": facts})


def _fixed_parts(section: Section, draft: Draft, prompts: PromptSet, locale: str) -> Section:
    """The section with its title, lead-ins and column titles in that language; a section of facts alone as a whole."""
    language = prompts.language(locale)
    title = language.get("titles", {}).get(section.id, prompts.section(section.id).title)
    if prompts.section(section.id).kind == "facts":
        return _composed_anew(section, draft, prompts, language).model_copy(update={"title": title})
    lead_ins, english = language.get("lead_ins", {}), _english_lead_ins(prompts)
    blocks = []
    for block in section.blocks:
        said = english.get(block.label or "", block.label)
        blocks.append(block.model_copy(update={"label": lead_ins.get(said, said) if said is not None else None}))
    return section.model_copy(update={"title": title, "blocks": tuple(blocks)})


def _composed_anew(section: Section, draft: Draft, prompts: PromptSet, language: Mapping[str, Any]) -> Section:
    """The section's blocks in that language: those that it still holds, in their order."""
    plan = plan_summary(draft.sheet, prompts)
    composed = compose_facts_section(plan, plan.section(section.id), language)
    left = Counter(_holds(block) for block in section.blocks)
    blocks = []
    for block in composed.blocks:
        if left[_holds(block)] > 0:
            left[_holds(block)] -= 1
            blocks.append(block)
    return composed.model_copy(update={"blocks": tuple(blocks) or section.blocks})


def _holds(block: Block) -> tuple:
    """What a block of facts states, whatever its words: a line without any token is the one on data quality."""
    return tuple(
        tuple(sorted(part.model_dump_json() for part in statement.parts if part.kind != "text"))
        for statement in block.statements
    )


def _english_lead_ins(prompts: PromptSet) -> dict[str, str]:
    """A lead-in in any language → the English one."""
    return {
        said: english
        for code in prompts.languages()
        for english, said in prompts.language(code).get("lead_ins", {}).items()
    }
