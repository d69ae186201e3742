"""Whether a sentence about a shortfall says the shortfall and nothing else.

Lists of bad words do not help against whoever wants to talk a result away: every word of "the gap closed" or of "people
say it came to 73%" is a harmless one. So the sentence is laid out like tiles: in phrases that the language's list holds
(`prompts/edit/plain/<code>.toml`), in figures and names, and in stretches of what was said of the result before. What
no tile covers is what talks around it. A list that lacks a fair phrase costs a retry, not a fact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from agent.draft import FACT_PARTS, Name, Part, Quotation, Statement, Text

# What code prints, as one letter each; small letters are words.
_FIGURE, _LABEL, _PERIOD, _PERSON, _WHY, _QUOTED, _DAY, _OTHER = "TLPWYQDN"
_NAMED = {
    "label": _LABEL, "period": _PERIOD, "prior_period": _PERIOD, "year_ago_period": _PERIOD, "person": _PERSON,
    "first_name": _PERSON, "team": _PERSON, "why": _WHY, "note_date": _DAY,
}  # fmt: skip
_MARKS = re.compile(f"[{_FIGURE}{_LABEL}{_PERIOD}{_PERSON}{_WHY}{_QUOTED}{_DAY}{_OTHER}]")
_BETWEEN = re.compile(r"[\s.,:;،؛–—-]+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A stretch of an old sentence counts from this many words on.
_STRETCH = 3
# Arabic writes these letters in more than one way.
_ARABIC = str.maketrans("أإآىة", "ااايه")
_SILENT = re.compile("[\u0640\u064b-\u065f\u0670\u2066-\u2069]")


@dataclass(frozen=True)
class PlainWords:
    """A language's phrases; `example` is a plain sentence with {label} and {figure}, `prefix` what is written together
    with any word ("and" in Arabic)."""

    phrases: tuple[str, ...]
    small: frozenset[str]
    example: str
    openings: tuple[str, ...] = ()
    prefix: str = ""

    @classmethod
    def of(cls, words: Mapping[str, Any]) -> PlainWords:
        return cls(
            tuple(words["phrases"]),
            frozenset(words["small"]),
            words["example"],
            tuple(words["openings"]),
            words.get("prefix", ""),
        )

    def openings_in(self, text: str) -> list[str]:
        """The openings that small-letter text holds: "in short", "for the record"."""
        return _any_opening(self.openings).findall(text)


def odd_words(statement: Statement, old: Sequence[Statement], plain: PlainWords) -> str | None:
    """The words from which on the sentence cannot be laid out, or None where all of it can.

    `old` are the sentences that stood in its place: those on the same facts, and those of the same block.
    """
    text = spelled(statement)
    known = {stretch for each in old for stretch in _stretches(spelled(each))}
    patterns = _compiled(plain.phrases, plain.prefix)
    reached, furthest = {_past(text, 0)}, 0
    waiting = sorted(reached)
    while waiting:
        at = waiting.pop(0)
        furthest = max(furthest, at)
        if at >= len(text):
            return None
        for end in _tiles(text, at, patterns, plain, known):
            end = _past(text, end)
            if end not in reached:
                reached.add(end)
                waiting.append(end)
    word = _WORD.match(text, furthest)
    return word[0] if word is not None else text[furthest : furthest + 1]


def spelled(statement: Statement) -> str:
    """The sentence in small letters, each token as its mark."""
    return "".join(_spelled(part) for part in statement.parts)


def folded(text: str) -> str:
    """The text in small letters, Arabic without vowel marks and with plain letters."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text).casefold()).translate(_ARABIC).replace("’", "'")


def _spelled(part: Part) -> str:
    if isinstance(part, Text):
        return folded(part.text)
    if isinstance(part, FACT_PARTS):
        return _FIGURE
    if isinstance(part, Quotation):
        return _QUOTED
    return _NAMED.get(part.name, _OTHER) if isinstance(part, Name) else _OTHER


def _past(text: str, at: int) -> int:
    """The place after spaces and the marks that may stand between phrases."""
    match = _BETWEEN.match(text, at)
    return match.end() if match is not None else at


def _tiles(
    text: str, at: int, patterns: Sequence[re.Pattern[str]], plain: PlainWords, known: set[tuple[str, ...]]
) -> Iterator[int]:
    """Where each tile that may lie at this place ends."""
    if _MARKS.match(text, at):
        yield at + 1
    for pattern in patterns:
        match = pattern.match(text, at)
        if match is not None and match.end() > at:
            yield match.end()
    word = _WORD.match(text, at)
    if word is not None and (word[0] in plain.small or word[0].removeprefix(plain.prefix) in plain.small):
        yield word.end()
    stretch: tuple[str, ...] = ()
    for piece in _pieces(text, at):
        stretch = (*stretch, piece[0])
        if len(stretch) >= _STRETCH:
            if stretch not in known:
                return
            yield piece.end()


_PIECE = re.compile(rf"{_WORD.pattern}|{_MARKS.pattern}")


def _pieces(text: str, at: int) -> Iterator[re.Match[str]]:
    """The words and tokens from there on."""
    return _PIECE.finditer(text, at)


def _stretches(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of words and tokens of a sentence, from two of them on."""
    pieces = [piece[0] for piece in _PIECE.finditer(text)]
    for first in range(len(pieces)):
        for last in range(first + _STRETCH, len(pieces) + 1):
            yield tuple(pieces[first:last])


@lru_cache(maxsize=8)
def _any_opening(openings: tuple[str, ...]) -> re.Pattern[str]:
    listed = "|".join(re.escape(opening) for opening in sorted(openings, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)")


@lru_cache(maxsize=8)
def _compiled(phrases: tuple[str, ...], prefix: str) -> tuple[re.Pattern[str], ...]:
    """A phrase is a pattern; its spaces stand for any white space, and it ends where a word does."""
    spaced = (re.sub(" ", r"\\s+", phrase) for phrase in phrases)
    return tuple(re.compile(rf"(?:{prefix})?(?:{phrase})(?!\w)") for phrase in spaced)
