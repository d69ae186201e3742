"""The same draft for another locale: its tokens are printed anew; its words stay, or a model writes them anew."""

from __future__ import annotations

from agent.draft import Draft, Section
from agent.printing import MoneyStyle, Printer
from prompts.loader import PromptError, PromptSet
from tools.errors import InputError


def reprinted(draft: Draft, prompts: PromptSet, locale: str, money: MoneyStyle = "compact") -> Draft:
    """The draft with every figure, comparison and date as that locale prints it.

    Raises `InputError` naming the languages there are.
    """
    try:
        language = prompts.language(locale)
    except PromptError as error:
        raise InputError(str(error)) from None
    printer = Printer(draft.sheet, language, locale, money)
    return draft.model_copy(
        update={
            "locale": locale,
            "headline": printer.section(draft.headline),
            "sections": tuple(printer.section(section) for section in draft.sections),
        }
    )


def spoken(draft: Draft, prompts: PromptSet, locale: str) -> Draft:
    """The draft on its way to another language: figures, names and titles at once; the words follow by section."""
    printed = reprinted(draft, prompts, locale)
    return printed.model_copy(
        update={
            "headline": titled(printed.headline, prompts, locale),
            "sections": tuple(titled(section, prompts, locale) for section in printed.sections),
        }
    )


def titled(section: Section, prompts: PromptSet, locale: str) -> Section:
    """The section with its title, lead-ins and column titles in that language, where its file has them."""
    language = prompts.language(locale)
    lead_ins = language.get("lead_ins", {})
    blocks = tuple(
        block if block.label is None else block.model_copy(update={"label": lead_ins.get(block.label, block.label)})
        for block in section.blocks
    )
    header = tuple(language.get("target_table", {}).get("header", section.header)) if section.header else ()
    title = language.get("titles", {}).get(section.id, section.title)
    return section.model_copy(update={"title": title, "header": header, "blocks": blocks})
