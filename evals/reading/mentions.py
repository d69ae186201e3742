"""Where a draft names each fact: by the fact's own label, by the metric's other names, or by one telling word of them.

Labels come in the draft's language and may never have been seen before, so a label's own words are enough; the
language's list of metric names only adds to them. Words are compared by their stems, in order, with little between.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from evals.reading.document import Document
from evals.reading.facts import FactView
from evals.reading.folding import folded_term
from evals.reading.language import Language

_WORD = re.compile(r"\w+")
_GAP = 2


class Mention(NamedTuple):
    """A place in a sentence's folded text that names a fact: by its full name (strong) or by one word of it."""

    fact: int
    first: int
    last: int
    strong: bool


class Stem(NamedTuple):
    """The fixed beginning of a word and how many letters may follow it."""

    text: str
    most: int


class Name(NamedTuple):
    """One name of a fact, as stems in order."""

    stems: tuple[Stem, ...]
    strong: bool


class Namer:
    """Makes stems by a language's rules."""

    def __init__(self, language: Language) -> None:
        words = language.get("words", {})
        self.drop: int = words.get("stem_drop", 1)
        self.suffix: int = words.get("most_suffix", 3)
        self.stopwords = frozenset(language.words("words.stopwords"))
        self.prefixes = sorted(language.words("words.prefixes"), key=len, reverse=True)
        self.generic = frozenset(self.stem(word).text for word in language.words("metrics.generic.words"))
        self.terms = {metric: tuple(terms) for metric, terms in (language.get("metrics.terms") or {}).items()}

    def bare(self, word: str) -> str:
        """The word without what the language writes together with its front."""
        for prefix in self.prefixes:
            if word.startswith(prefix) and len(word) - len(prefix) >= 3:
                return word[len(prefix) :]
        return word

    def stem(self, word: str) -> Stem:
        word = self.bare(word)
        if len(word) <= 3:
            return Stem(word, 1)
        drop = self.drop + (1 if self.drop > 1 and len(word) > 7 else 0)
        keep = max(3, len(word) - drop) if len(word) > 4 else len(word) - (1 if self.drop > 1 else 0)
        return Stem(word[:keep], len(word) - keep + self.suffix)

    def stems(self, name: str) -> tuple[Stem, ...]:
        words = [word for word in _WORD.findall(folded_term(name)) if word not in self.stopwords]
        return tuple(self.stem(word) for word in words)

    def names(self, metric_id: str, label: str) -> tuple[Name, ...]:
        """Every full name of a fact: its label and what the language calls the metric."""
        seen = {stems for name in (label, *self.terms.get(metric_id, ())) if (stems := self.stems(name))}
        # "Protected MRR" is also "MRR protected".
        seen |= {stems[::-1] for stems in seen if len(stems) == 2}
        return tuple(Name(stems, True) for stems in seen)


def namer_of(language: Language) -> Namer:
    """The language's namer, built at its first use."""
    if "namer" not in language.kept:
        language.kept["namer"] = Namer(language)
    return language.kept["namer"]


class Index:
    """All names of a sheet's facts, found by the first letters of their first word."""

    def __init__(self, named_facts: Sequence[tuple[str, str]], namer: Namer) -> None:
        """`named_facts` are metric id and label of each fact."""
        self.namer = namer
        self.by_start: dict[str, list[tuple[int, Name]]] = {}
        self._known: dict[str, list[tuple[int, Name]]] = {}
        owners: dict[str, set[int]] = {}
        named: dict[tuple[Stem, ...], list[tuple[int, bool]]] = {}
        for number, (metric_id, label) in enumerate(named_facts):
            label_stems = namer.stems(label)
            for name in namer.names(metric_id, label):
                named.setdefault(name.stems, []).append((number, name.stems == label_stems))
            for stem in label_stems:
                owners.setdefault(stem.text, set()).add(number)
        for stems, holders in named.items():
            # A one-word name that belongs to several facts, or is a common word, names none of them for sure.
            telling = len(holders) == 1 and len(stems[0].text) >= 4 and stems[0].text not in namer.generic
            for number, is_label in holders:
                self._add(number, Name(stems, len(stems) > 1 or is_label or telling))
        for stem_text, numbers in owners.items():
            if len(numbers) == 1 and len(stem_text) >= 3 and stem_text not in namer.generic:
                self._add(next(iter(numbers)), Name((Stem(stem_text, namer.suffix + 1),), False))

    def _add(self, number: int, name: Name) -> None:
        self.by_start.setdefault(name.stems[0].text[:3], []).append((number, name))

    def find(self, words: Sequence[re.Match[str]]) -> Iterable[Mention]:
        """Every mention in a row of words."""
        for place, word in enumerate(words):
            for number, name in self._beginning(word[0]):
                last = self._ends_at(words, place, name)
                if last is not None:
                    yield Mention(number, word.start(), words[last].end(), name.strong)

    def _beginning(self, word: str) -> list[tuple[int, Name]]:
        """The names whose first word may be this one; remembered, because drafts repeat their words."""
        known = self._known.get(word)
        if known is None:
            starts = {word[:3], word[:2], self.namer.bare(word)[:3]}
            known = [
                (number, name)
                for start in starts
                for number, name in self.by_start.get(start, ())
                if self._fits(word, name.stems[0])
            ]
            self._known[word] = known
        return known

    def _ends_at(self, words: Sequence[re.Match[str]], place: int, name: Name) -> int | None:
        for stem in name.stems[1:]:
            for following in range(place + 1, min(place + 2 + _GAP, len(words))):
                if self._fits(words[following][0], stem):
                    place = following
                    break
            else:
                return None
        return place

    def _fits(self, word: str, stem: Stem) -> bool:
        if word.startswith(stem.text) and len(word) - len(stem.text) <= stem.most:
            return True
        bare = self.namer.bare(word) if self.namer.prefixes else word
        return bare is not word and bare.startswith(stem.text) and len(bare) - len(stem.text) <= stem.most


@lru_cache(maxsize=64)
def _index(named_facts: tuple[tuple[str, str], ...], namer: Namer) -> Index:
    return Index(named_facts, namer)


def index_of(facts: Sequence[FactView], language: Language) -> Index:
    """The index of a sheet's names; the sheets of one team share theirs."""
    return _index(tuple((fact.metric_id, fact.label) for fact in facts), namer_of(language))


def mentions_by_sentence(document: Document, facts: Sequence[FactView]) -> list[list[Mention]]:
    """For each sentence of the draft, the facts it names, in order."""
    index = index_of(facts, document.language)
    return [_widest(index.find(sentence.words)) for sentence in document.sentences]


def _widest(mentions: Iterable[Mention]) -> list[Mention]:
    """The mentions without those that lie inside a longer one, strong ones first where they share a place."""
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda found: (found.first - found.last, not found.strong)):
        inside = [other for other in kept if other.first <= mention.first and mention.last <= other.last]
        if not any(
            other.last - other.first > mention.last - mention.first or other.fact == mention.fact for other in inside
        ):
            kept.append(mention)
    return sorted(kept, key=lambda found: found.first)
