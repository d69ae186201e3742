"""What a person put into a draft by hand, marked where it is read: a sign in place, and one line that explains it.

... came to $600K†, …          † Typed by hand on 22 November 2026; not on record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from agent.draft import Claim, Comparison, Draft, Statement, TakenOut, Text
from agent.naming import escape, label_in, lowered
from agent.printing import Printer
from tools.periods import in_words

MARK = "†"


def is_typed(part: object) -> bool:
    """Whether the part is a claim that no record bears out."""
    return isinstance(part, Claim) and part.of is None


def typed_by_hand(draft: Draft) -> list[tuple[Statement, Claim]]:
    """The claims in the draft, each with the sentence it stands in."""
    return [
        (statement, part)
        for section in draft.all_sections
        for block in section.blocks
        for statement in block.statements
        for part in statement.parts
        if isinstance(part, Claim) and is_typed(part)
    ]


def compared(draft: Draft) -> set[str]:
    """The facts that some sentence of the draft holds against something."""
    return {
        part.fact
        for section in draft.all_sections
        for block in section.blocks
        for statement in block.statements
        for part in statement.parts
        if isinstance(part, Comparison)
    }


def no_longer_stated(draft: Draft) -> tuple[TakenOut, ...]:
    """The key shortfalls that were taken out by hand and that nobody put back since."""
    stated = compared(draft)
    return tuple(taken for taken in draft.taken_out if taken.said.fact not in stated)


def marked(statement: Statement, printer: Printer) -> str:
    """The statement's printed text, the sign after each claim."""
    if not any(map(is_typed, statement.parts)):
        return statement.text
    return "".join(text + MARK * is_typed(part) for part, text in _printed(statement, printer))


def _printed(statement: Statement, printer: Printer) -> Iterator[tuple[object, str]]:
    """The parts with what each printed; where the text was printed otherwise, its words tell them apart."""
    printed = [printer.part(part) for part in statement.parts]
    if "".join(printed) == statement.text:
        yield from zip(statement.parts, printed, strict=True)
        return
    position = 0
    for part in statement.parts:
        at = statement.text.find(part.text, position) if isinstance(part, Text | Claim) else -1
        if at >= 0:
            yield None, statement.text[position:at]
            position = at + len(part.text)  # type: ignore[union-attr]
            yield part, part.text  # type: ignore[union-attr]
    yield None, statement.text[position:]


def hand_note(draft: Draft, printer: Printer, language: Mapping[str, Any]) -> str | None:
    """The line under a draft that says what was typed and what was taken out by hand; None where nothing was."""
    page, told = language["page"], []
    if claims := typed_by_hand(draft):
        days = sorted({claim.on for _, claim in claims if claim.on is not None})
        listed = ", ".join(_day(day, draft.locale) for day in days)
        told.append(page["typed_on"].format(days=listed) if days else page["typed"])
    if taken := taken_out_told(draft, printer, language):
        told.append(page["taken_out"].format(listed="; ".join(taken)))
    return " ".join(told) or None


def taken_out_told(draft: Draft, printer: Printer, language: Mapping[str, Any]) -> list[str]:
    """Each key shortfall that was taken out by hand, as its name and the figure: "forecast accuracy, 73%, …"."""
    facts = {fact.id: fact for fact in draft.sheet.facts}
    return [
        f"{escape(lowered(label_in(language, facts[taken.said.fact])))}, {printer.part(taken.said)}"
        for taken in no_longer_stated(draft)
        if taken.said.fact in facts
    ]


def _day(day: date, locale: str) -> str:
    return in_words(day) if locale == "en" else format_date(day, "long", locale=locale)
