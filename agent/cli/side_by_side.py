"""Old and new beside each other for a terminal, the words that changed marked in both."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from agent.draft import Draft
from agent.editing.difference import Piece, section_changes, section_words, word_difference

_GAP = "  │  "
_MARKS = {"gone": ("[-", "-]"), "new": ("{+", "+}"), "same": ("", "")}


def draft_difference(old: Draft, new: Draft, width: int) -> str:
    """The sections that differ, side by side in `width` columns; a note on the order where that changed."""
    parts = []
    for change in section_changes(old, new):
        left, right = marked(word_difference(section_words(change.old), section_words(change.new)))
        if change.new is None:
            right = "(left out)"
        parts.append(f"── {change.title} ──\n{_beside(left, right, width)}")
    orders = [[section.id for section in draft.all_sections] for draft in (old, new)]
    was, now = ([each for each in order if each in orders[0] and each in orders[1]] for order in orders)
    if was != now:
        titles = ", ".join(section.title for section in new.sections)
        parts.append(f"── Order ──\n{titles}")
    return "\n\n".join(parts) if parts else "Nothing differs."


def marked(pieces: Sequence[Piece]) -> tuple[str, str]:
    """The old text with what is gone in [-…-], and the new one with what is new in {+…+}."""
    left = "".join(_mark(piece) for piece in pieces if piece.kind != "new")
    right = "".join(_mark(piece) for piece in pieces if piece.kind != "gone")
    return left, right


def _mark(piece: Piece) -> str:
    """The piece between its marks, line by line, so that no mark is left open at a line's end."""
    opening, closing = _MARKS[piece.kind]
    if piece.kind == "same":
        return piece.text
    lines = []
    for line in piece.text.split("\n"):
        words = line.strip(" ")
        lines.append(line.replace(words, f"{opening}{words}{closing}") if words else line)
    return "\n".join(lines)


def _beside(left: str, right: str, width: int) -> str:
    column = max(20, (width - len(_GAP)) // 2)
    rows = []
    olds, news = left.split("\n"), right.split("\n")
    for index in range(max(len(olds), len(news))):
        old = _wrapped(olds[index] if index < len(olds) else "", column)
        new = _wrapped(news[index] if index < len(news) else "", column)
        for line in range(max(len(old), len(new))):
            first = old[line] if line < len(old) else ""
            second = new[line] if line < len(new) else ""
            rows.append(f"{first:<{column}}{_GAP}{second}".rstrip())
    return "\n".join(rows)


def _wrapped(line: str, width: int) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False) or [""]
