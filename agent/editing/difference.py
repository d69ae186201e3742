"""What changed between two texts, word by word and section by section."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from agent.draft import Draft, Section

Kind = Literal["same", "gone", "new"]

# A word with the white space after it; the white space alone where a text begins with it.
_WORD = re.compile(r"\S+\s*|\s+")


@dataclass(frozen=True)
class Piece:
    """A stretch of words that both texts hold, or only one of them."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class SectionChange:
    """One section in both versions; None where a version does not have it."""

    id: str
    title: str
    old: Section | None
    new: Section | None


def word_difference(old: str, new: str) -> list[Piece]:
    """The two texts as one list of pieces, in reading order."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, [word.strip() for word in left], [word.strip() for word in right], autojunk=False)
    for operation, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        if operation == "equal":
            pieces.append(Piece("same", "".join(right[from_new:to_new])))
            continue
        if to_old > from_old:
            pieces.append(Piece("gone", "".join(left[from_old:to_old])))
        if to_new > from_new:
            pieces.append(Piece("new", "".join(right[from_new:to_new])))
    return pieces


def both_sides(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """The old text with what is gone marked, and the new one with what is new; each with its own white space."""
    left, right = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, [word.strip() for word in left], [word.strip() for word in right], autojunk=False)
    before: list[Piece] = []
    after: list[Piece] = []
    for operation, from_old, to_old, from_new, to_new in matcher.get_opcodes():
        same = operation == "equal"
        if to_old > from_old:
            before.append(Piece("same" if same else "gone", "".join(left[from_old:to_old])))
        if to_new > from_new:
            after.append(Piece("same" if same else "new", "".join(right[from_new:to_new])))
    return before, after


def section_changes(old: Draft, new: Draft) -> Iterator[SectionChange]:
    """The sections that differ, in the new draft's order, those that are gone last."""
    before = {section.id: section for section in old.all_sections}
    after = {section.id: section for section in new.all_sections}
    for section_id, section in after.items():
        old_section = before.get(section_id)
        # What language a section is noted to be in is nothing that anybody reads.
        if old_section is None or old_section != section.model_copy(update={"locale": old_section.locale}):
            yield SectionChange(section_id, section.title, old_section, section)
    for section_id, section in before.items():
        if section_id not in after:
            yield SectionChange(section_id, section.title, section, None)


def section_words(section: Section | None) -> str:
    """A section's printed text, one block a line."""
    if section is None:
        return ""
    lines = []
    for block in section.blocks:
        label = f"{block.label}: " if block.label is not None else ""
        joined = (" | " if block.style == "row" else " ").join(statement.text for statement in block.statements)
        lines.append(f"{'- ' if block.style == 'bullet' else ''}{label}{joined}")
    return "\n".join(lines)
