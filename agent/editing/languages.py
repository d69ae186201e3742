"""The same draft for another locale: its tokens are printed anew, its words stay as they are."""

from __future__ import annotations

from agent.draft import Draft
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
