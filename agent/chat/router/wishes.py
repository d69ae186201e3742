"""A wish about the draft, in the words that `agent.editing.wish` reads: it leaves nothing to guess for the composer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agent.chat.router.cues import Element, elements_of, found_in
from agent.chat.router.reading import data
from agent.editing.falsehood import hides_shortfall
from prompts.loader import PromptSet

if TYPE_CHECKING:
    from agent.chat.router.asked import Asked


def canonical_wish(asked: Asked) -> str:
    """The wish clause by clause; as it was typed where nothing of it is recognised, or a shortfall is to go.

    "Remove the forecast shortfall" names a section, yet asks for something that no edit does; the editor answers it.
    """
    if hides_shortfall(asked.text, PromptSet.load()):
        return asked.text.strip()
    clauses = [*_order(asked), *_length(asked)]
    whole = "the short form" in clauses
    if _asks("first_person", asked):
        clauses.append("in the first person")
    elif _asks("third_person", asked):
        clauses.append("in the third person")
    clauses += [f"in {slot.value.capitalize()}" for slot in asked.all("language")]
    # The short form has a tone of its own.
    clauses += [] if whole else dict.fromkeys(slot.value for slot in asked.all("tone"))
    return ", ".join(clauses) if clauses else asked.text.strip()


def moves_sections(asked: Asked) -> bool:
    """Whether the wish puts a section first or leaves it out, so that it is about the whole draft."""
    return bool(_order(asked))


def _order(asked: Asked) -> list[str]:
    sections = [slot.value.replace("_", " ") for slot in asked.all("section")]
    if sections and _asks("first", asked):
        return [f"start with {sections[0]}"]
    if sections and _asks("leave_out", asked) and not _asks("shorter", asked):
        return [f"leave out {section}" for section in dict.fromkeys(sections)]
    return []


def _length(asked: Asked) -> list[str]:
    length = next((slot.value for slot in asked.all("length")), None)
    if length is not None:
        return [f"{length} words"]
    if _asks("shorter", asked):
        return ["shorter"]
    return ["the short form"] if _asks("short_form", asked) else []


def _asks(kind: str, asked: Asked) -> bool:
    return any(found_in(pattern, asked.words, asked.slots) is not None for pattern in _patterns()[kind])


@cache
def _patterns() -> dict[str, tuple[tuple[Element, ...], ...]]:
    return {kind: tuple(map(elements_of, patterns)) for kind, patterns in data("wishes").items()}
