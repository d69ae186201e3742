"""Where sentences end: by the language's end marks, not at abbreviations, initials, decimals or ordinals."""

from __future__ import annotations

import re
from functools import lru_cache

from evals.reading.language import Language

# An end mark, what may close after it (quotation marks, brackets) and the space before the next sentence.
_END = re.compile(r"[.!?؟…]+[\"'”’»«)\]]*\s+(?=\S)")
# Brackets longer than this hold sentences of their own.
_BRACKETS = 120
_LAST_WORD = re.compile(r"[^\s(\[\"„“«]+$")
_NEXT_WORD = re.compile(r"[\"'“„«»(\[]*([^\s,.;:]+)")


@lru_cache(maxsize=32)
def _abbreviations(language: Language) -> tuple[frozenset[str], frozenset[str]]:
    """Those that never end a sentence, and those that may (a capital letter after them begins a new one)."""
    return (
        frozenset(language.words("sentences.never_end")),
        frozenset(language.words("sentences.may_end")),
    )


def sentence_ends(original: str, folded: str, language: Language, start: int = 0) -> list[int]:
    """The ends of the sentences of a block, as offsets in its text; nothing ends before `start`.

    `original` keeps capital letters, `folded` is the comparable form; both have the same length.
    """
    ends = [
        match.end()
        for match in _END.finditer(folded, start)
        if not _in_brackets(folded, match.start()) and _is_end(original, folded, match.start(), match.end(), language)
    ]
    return [*ends, len(folded)]


def _in_brackets(folded: str, mark: int) -> bool:
    """Whether a mark stands inside brackets that close soon: "73% (prev. 84%)"."""
    opened = folded.rfind("(", max(0, mark - _BRACKETS), mark)
    if opened < 0 or folded.find(")", opened, mark) >= 0:
        return False
    return 0 <= folded.find(")", mark) - mark < _BRACKETS


def _is_end(original: str, folded: str, mark: int, following: int, language: Language) -> bool:
    if folded[mark] != ".":
        return not original[following].islower()
    word_match = _LAST_WORD.search(folded, max(0, mark - 24), mark)
    word = word_match[0] if word_match else ""
    next_match = _NEXT_WORD.match(original, following)
    next_word = next_match[1] if next_match else ""
    if next_word[:1].islower():
        return False
    never, may = _abbreviations(language)
    if f"{word}." in never:
        return False
    if f"{word}." in may:
        # "3 mio. DKK": a code in capitals or a number goes on with the amount.
        return not (next_word[:1].isdigit() or (len(next_word) == 3 and next_word.isascii() and next_word.isupper()))
    # An initial: "J. Smith".
    if len(word) == 1 and word.isalpha() and word.isascii() and original[mark - 1].isupper():
        return False
    # An ordinal or a numbered item in running text: "3. kvartal" is caught above; "2. 400" is no end either.
    return not (word.isdigit() and len(word) <= 2 and next_word[:1].isdigit())
