"""What a person typed, as words: short forms written out, endings cut off, slips of the finger mended.

Every word keeps its place in the text, so that a name or a statement is passed on as it was typed.
"""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from collections.abc import Collection, Sequence
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
_SHORT = 5
_CLEARLY = 0.02


@dataclass(frozen=True)
class Word:
    """One word: `plain` in small letters, `stem` without its ending; `start` and `end` are its place in the text."""

    plain: str
    stem: str
    start: int
    end: int
    mended: str | None = None
    """What was typed, where it was taken for a slip of the finger."""

    @property
    def typed(self) -> str:
        """The word in small letters, before it was mended."""
        return self.mended if self.mended is not None else self.plain


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


def mended(words: list[Word], known: Collection[str], text: str = "", names: Collection[str] = ()) -> list[Word]:
    """The words with slips of the finger put right, where one known word is clearly meant.

    What names something on record (`names`), or is written as a name inside a sentence of `text`, stays as it is.
    """
    return [word if word.plain in names or _as_name(word, text) else _mended(word, known) for word in words]


def unmended(word: Word) -> Word:
    """The word as it was typed."""
    return word if word.mended is None else Word(word.mended, stem(word.mended), word.start, word.end)


def _as_name(word: Word, text: str) -> bool:
    """Whether it has a capital and begins no sentence, in a text that is not all capitals."""
    ahead = text[: word.start].rstrip(" \"'“‘(")
    begins = not ahead or ahead[-1] in ".?!:;"
    return text[word.start : word.end][:1].isupper() and not begins and not text.isupper()


def _mended(word: Word, known: Collection[str]) -> Word:
    if not word.plain.isalpha() or word.plain in known or word.stem in _stems(known):
        return word
    # A slip seldom falls on the first letter.
    like = [other for other in known if other[0] == word.plain[0] and abs(len(other) - len(word.plain)) <= 2]
    meant = {other for other in like if _swapped(word.plain, other)}
    if not meant and len(word.plain) >= _LEAST_LETTERS:
        if len(word.plain) <= _SHORT:
            # Another letter makes another word of a short one: "alone" is not "along".
            like = [other for other in like if _one_more(word.plain, other)]
        meant = _nearest(word.plain, like)
    if len(meant) != 1:
        return word
    found = next(iter(meant))
    return Word(found, stem(found), word.start, word.end, word.plain)


def _nearest(typed: str, like: Sequence[str]) -> set[str]:
    """The word that is clearly nearest; those of one stem count as one, two that are as near as none."""
    found = difflib.get_close_matches(typed, like, n=4, cutoff=_LIKENESS)
    if not found:
        return set()
    share = difflib.SequenceMatcher(None, found[0], typed).ratio()
    rivals = [
        other for other in found[1:]
        if stem(other) != stem(found[0]) and share - difflib.SequenceMatcher(None, other, typed).ratio() < _CLEARLY
    ]  # fmt: skip
    return set() if rivals else {found[0]}


def _swapped(typed: str, other: str) -> bool:
    """Whether two letters that stand side by side have changed places."""
    at = [index for index, (one, two) in enumerate(zip(typed, other, strict=False)) if one != two]
    return len(typed) == len(other) and len(at) == 2 and at[1] == at[0] + 1 and sorted(typed) == sorted(other)


def _one_more(typed: str, other: str) -> bool:
    """Whether one of the two has one letter more."""
    short, long = sorted((typed, other), key=len)
    return len(long) == len(short) + 1 and any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


@lru_cache(maxsize=16)
def _stems(known: frozenset[str]) -> frozenset[str]:
    return frozenset(map(stem, known))
