"""Whether words rest on a text: which of them stand in it, whatever the ending.

Two words are the same when they share their beginning: at least four letters, and most of the shorter one; in a
language whose words change inside, also when they share every letter but the weak ones (Arabic "عرض", "عروض").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache

from evals.reading.families import WORD
from evals.reading.folding import fold, folded_term
from evals.reading.language import Language

_KEY = 3
_SHORTEST = 3
# The share of the shorter word that both must begin with: "conversion" and "converted" are one word, "contact" and
# "contract" are not.
_SHARED = 0.65
# The longest ending that a short word may take: "deal", "dealers", but not "with", "withdrew".
_ENDING = 3


class Source:
    """Texts that a claim may rest on."""

    def __init__(self, texts: Iterable[str], language: Language) -> None:
        self._prefixes = _prefixes(language)
        self._weak = str.maketrans("", "", folded_term(language.get("words.weak_letters", "")))
        self._skeletons: set[str] = set()
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        words = {word for text in texts for word in WORD.findall(fold(text, markdown=False).text)}
        for word in words:
            for form in _forms(word, self._prefixes):
                self._by_key[form[:_KEY]].add(form)
                self._skeletons.update(self._skeleton(form))

    def has(self, text: str) -> bool:
        """Whether a word of the same beginning, or of the same strong letters, stands in the texts."""
        forms = _forms(text, self._prefixes)
        if any(_same(form, other) for form in forms for other in self._by_key.get(form[:_KEY], ())):
            return True
        return any(self._skeletons.intersection(self._skeleton(form)) for form in forms)

    def _skeleton(self, form: str) -> tuple[str, ...]:
        """The word's strong letters, where the language has weak ones and there are enough to tell words apart."""
        if not self._weak:
            return ()
        strong = form.translate(self._weak)
        return (strong,) if len(strong) >= _KEY else ()


@lru_cache(maxsize=32)
def _prefixes(language: Language) -> tuple[str, ...]:
    return tuple(sorted(language.words("words.prefixes"), key=len, reverse=True))


@lru_cache(maxsize=50_000)
def _forms(word: str, prefixes: tuple[str, ...]) -> tuple[str, ...]:
    """The word as it stands, its parts where it is hyphenated, and without what is written to its front."""
    parts = [part for part in word.split("-") if len(part) >= _SHORTEST and part != word]
    rests = [
        word[len(prefix) :] for prefix in prefixes if word.startswith(prefix) and len(word) > len(prefix) + _KEY - 1
    ]
    return (word, *parts, *rests)


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
