"""What a person typed, as words: short forms written out, endings cut off, slips of the finger mended.

Every word keeps its place in the text, so that a name or a statement is passed on as it was typed.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from snowballstemmer import stemmer

# A word with the marks that belong to it: "what's", "tl;dr", "b/c", "e-mail" (as two), "Q1", "1,140,000".
_WORD = re.compile(r"tl;dr|w/o?|b/c|\d[\d,.]*\d|[^\W_]+(?:['’][^\W_]+)?|&|%")
_POSSESSIVE = re.compile(r"['’]s$")
# Short words have too many neighbours to say which of them was meant.
_LEAST_LETTERS = 4
_LIKENESS = 0.8


@dataclass(frozen=True)
class Word:
    """One word: `plain` in small letters, `stem` without its ending; `start` and `end` are its place in the text."""

    plain: str
    stem: str
    start: int
    end: int
    mended: str | None = None
    """What was typed, where it was taken for a slip of the finger."""


@cache
def data(name: str) -> dict[str, Any]:
    """One of the files beside this one."""
    return tomllib.loads((Path(__file__).with_name(f"{name}.toml")).read_text(encoding="utf-8"))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """The word without its ending: slipped, slips, slipping → slip."""
    # A stemmer holds the word that it works on: two threads must not share one.
    return data("words")["stems"].get(word) or stemmer("english").stemWord(word)


def stems(phrase: str) -> tuple[str, ...]:
    """The stems of a phrase of our own data."""
    return tuple(word.stem for word in words_of(phrase))


def words_of(text: str) -> list[Word]:
    """The words of a text, short forms written out."""
    found = []
    short = data("words")["short"]
    folded = unicodedata.normalize("NFC", text).replace("’", "'").replace("‘", "'")
    if len(folded) != len(text):
        folded = text
    for match in _WORD.finditer(folded):
        typed = match[0].casefold()
        written = short.get(typed) or short.get(typed.replace("'", "")) if "'" in typed else short.get(typed)
        for plain in (written or _POSSESSIVE.sub("", typed)).split():
            found.append(Word(plain, stem(plain), match.start(), match.end()))
    return found


def mended(words: list[Word], known: Collection[str]) -> list[Word]:
    """The words with slips of the finger put right, where one known word is clearly the nearest."""
    return [_mended(word, known) for word in words]


def _mended(word: Word, known: Collection[str]) -> Word:
    if (
        len(word.plain) < _LEAST_LETTERS
        or not word.plain.isalpha()
        or word.plain in known
        or word.stem in _stems(known)
    ):
        return word
    # A slip seldom falls on the first letter.
    like = [other for other in known if other[0] == word.plain[0] and abs(len(other) - len(word.plain)) <= 2]
    nearest = difflib.get_close_matches(word.plain, like, n=1, cutoff=_LIKENESS)
    if not nearest:
        return word
    return Word(nearest[0], stem(nearest[0]), word.start, word.end, word.plain)


@lru_cache(maxsize=16)
def _stems(known: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, known))
