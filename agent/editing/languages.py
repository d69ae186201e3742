"""The same draft for another locale: code prints its tokens, names and fixed parts anew; a model writes its words.

A section whose translation was refused keeps its old language whole, words and figures (`Section.locale`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.composer import compose_facts_section
from agent.draft import Block, Draft, Name, Section
from agent.editing.plans import statements
from agent.editing.wish import LANGUAGES
from agent.naming import label, label_in, metric_name, said_in, why_in
from agent.plan import plan_summary
from agent.printing import MoneyStyle, Printer
from prompts.loader import PromptError, PromptSet
from tools.errors import InputError
from tools.facts import FactSheet


def reprinted(draft: Draft, prompts: PromptSet, locale: str, money: MoneyStyle = "compact") -> Draft:
    """The draft as that locale prints it: figures, comparisons, days, metrics' names, titles and the sections of facts.

    Prose keeps its words. In the draft's own language, a section in another one keeps that. Raises `InputError` naming
    the languages there are.
    """
    _known(prompts, locale)
    own = locale == draft.locale
    spoken = [draft.locale_of(section) if own else locale for section in draft.all_sections]
    return _printed(draft, prompts, locale, spoken, money)


def throughout(draft: Draft, prompts: PromptSet, locale: str | None = None) -> Draft:
    """The draft with every figure, name and title printed for one locale, whatever language a section is written in.

    So the checks read it, and so a translation begins.
    """
    code = locale or draft.locale
    if all(draft.locale_of(section) == code for section in draft.all_sections):
        return draft
    return _printed(draft, prompts, code, [code] * len(draft.all_sections), "compact")


def _printed(draft: Draft, prompts: PromptSet, locale: str, spoken: Sequence[str], money: MoneyStyle) -> Draft:
    """The draft in that locale, each section printed for the language that `spoken` names in its place."""
    sections = []
    for section, code in zip(draft.all_sections, spoken, strict=True):
        fixed = section if code == draft.locale_of(section) else _fixed_parts(section, draft, prompts, code)
        printed = Printer(draft.sheet, prompts.language(code), code, money).section(fixed)
        sections.append(printed.model_copy(update={"locale": None if code == locale else code}))
    headline, *rest = sections
    return draft.model_copy(update={"locale": locale, "headline": headline, "sections": tuple(rest)})


def _known(prompts: PromptSet, locale: str) -> None:
    try:
        prompts.language(locale)
    except PromptError as error:
        raise InputError(str(error)) from None


def unnamed_text(draft: Draft, prompts: PromptSet) -> str | None:
    """One sentence on what code prints in English for want of words in the draft's language; None where nothing is."""
    language = prompts.language(draft.locale)
    if not language.get("names"):
        return None
    missing: dict[str, dict[str, None]] = {}
    for kind, name in _unnamed(draft, language):
        missing.setdefault(kind, {})[name] = None
    if not missing:
        return None
    told = "; ".join(f"{_KINDS[kind][len(names) > 1]} {', '.join(names)}" for kind, names in missing.items())
    return f"{english_name(draft.locale)} has no words on file for {told}: that is printed as it stands."


def _unnamed(draft: Draft, language: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What the language has no words for, each with its kind."""
    sheet, names = draft.sheet, language["names"]
    for section in draft.all_sections:
        if section.id not in language["titles"]:
            yield "heading", section.title
        if section.id == "scope" and sheet.role not in language["roles"]:
            yield "role", sheet.role.replace("_", " ")
        for part in _names_in(section):
            fact = sheet.fact(part.of or "")
            if part.name == "label" and fact is not None and metric_name(language, fact.id, fact.metric_id) is None:
                yield "metric", label(fact)
            elif part.name == "why" and fact is not None and fact.metric_id not in names["why"]:
                yield "why", label(fact)
            elif part.name in ("quality", "change"):
                lines = sheet.quality if part.name == "quality" else sheet.scope.changes
                line = lines[int(part.of or 0)].strip().rstrip(".")
                if said_in(language, line) is None:
                    yield "line", f"“{line}”"
    for left in draft.left_out:
        reason = left.reason.split(";")[0].rstrip(". ")
        if said_in(language, reason) is None:
            yield "line", f"“{reason}”"


# What code prints by name, in the singular and the plural.
_KINDS = {
    "metric": ("the metric", "the metrics"),
    "why": ("why it matters:", "why they matter:"),
    "role": ("the role", "the roles"),
    "heading": ("the heading", "the headings"),
    "line": ("the line", "the lines"),
}


def english_name(locale: str) -> str:
    """The language's name in English: sv is Swedish."""
    return next(name.capitalize() for name, code in LANGUAGES.items() if code == locale)


def _names_in(section: Section) -> Iterator[Name]:
    for statement in statements(section):
        yield from (part for part in statement.parts if isinstance(part, Name))


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
