"""Whether words rest on a text: which of their telling words stand in it, whatever the ending.

Telling words are those that carry a claim: no grammar, dates, figures, names of metrics or everyday selling words (the
language's `claims.common`). Two words are the same when they share their beginning: at least four letters, and most of
the shorter one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from evals.reading.families import WORD, Families, Word
from evals.reading.folding import fold
from evals.reading.language import Language

_KEY = 3
_SHORTEST = 3
# The share of the shorter word that both must begin with: "conversion" and "converted" are one word, "contact" and
# "contract" are not.
_SHARED = 0.65
# The longest ending that a short word may take: "deal", "dealers", but not "with", "withdrew".
_ENDING = 3


class Telling:
    """What counts as a telling word in one language."""

    def __init__(self, language: Language) -> None:
        self._common = Families(language, ("claims",))
        self._prefixes = tuple(sorted(language.words("words.prefixes"), key=len, reverse=True))
        self._forms: dict[str, tuple[str, ...]] = {}

    def words(self, words: list[Word]) -> list[Word]:
        """The telling ones among these words."""
        common = {hit.first for hit in self._common.find(words)}
        return [
            word
            for number, word in enumerate(words)
            if number not in common and len(word.text) >= _SHORTEST and not word.text[0].isdigit()
        ]

    def forms(self, text: str) -> tuple[str, ...]:
        """The word as it stands, its parts where it is hyphenated, and without what is written to its front."""
        known = self._forms.get(text)
        if known is None:
            forms = [text, *(part for part in text.split("-") if len(part) >= _SHORTEST and part != text)]
            for prefix in self._prefixes:
                if text.startswith(prefix) and len(text) > len(prefix) + 2:
                    forms.append(text[len(prefix) :])
            known = self._forms[text] = tuple(forms)
        return known


class Source:
    """Texts that a claim may rest on."""

    def __init__(self, texts: Iterable[str], language: Language) -> None:
        self._telling = telling_of(language)
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        for text in texts:
            for word in WORD.findall(fold(text, markdown=False).text):
                for form in self._telling.forms(word):
                    self._by_key[form[:_KEY]].add(form)

    def has(self, text: str) -> bool:
        """Whether a word of the same beginning stands in the texts."""
        return any(
            _same(form, other) for form in self._telling.forms(text) for other in self._by_key.get(form[:_KEY], ())
        )


def _same(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) <= _SHORTEST:
        return shorter == longer or (len(longer) - len(shorter) <= 2 and longer.startswith(shorter))
    if len(shorter) == _KEY + 1 and len(longer) - len(shorter) > _ENDING:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter))
    return shared >= max(_KEY + 1, _SHARED * len(shorter)) or (
        shared == len(shorter) and len(longer) - shared <= _ENDING
    )


@lru_cache(maxsize=32)
def telling_of(language: Language) -> Telling:
    """The language's telling words, worked out at first use."""
    return Telling(language)
