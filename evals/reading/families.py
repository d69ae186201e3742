"""Which word families the words of a text belong to: one pass over its words, looked up, not searched for.

A family is a table in a language file: `words` (as they stand), `stems` (a word that begins so), `parts` (a word that
holds it, for languages that write compounds together) and `phrases` (several words; `*` at a word's end lets it go on,
a `*` alone stands for up to two words between). A topic's families are found by their path: `vague.praise` finds every
family under that table.

Looking each word up once and remembering the answer is some ten times faster than one large expression over the text:
drafts repeat their words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from evals.reading.folding import folded_term
from evals.reading.language import Language

# A word, with the apostrophes, hyphens and points inside it: "close-plan", "it's", "part-time".
WORD = re.compile(r"\w+(?:['.\-]\w+)*")
_ENTRY_KEYS = frozenset({"words", "stems", "parts", "phrases"})
# What `*` alone may stand for in a phrase.
_GAP = 2
_REMEMBERED = 50_000
# Phrases are looked up by this many letters of their next word.
_KEY = 3


class Word(NamedTuple):
    """One word of folded text and where it stands in it."""

    text: str
    start: int
    end: int


class Hit(NamedTuple):
    """Words that belong to a family: its path, and where they stand in the folded text. `first` and `last` are the
    numbers of its first and last word.
    """

    path: str
    start: int
    end: int
    first: int
    last: int


# The words of a phrase after its first, and the family's path.
_Phrase = tuple[tuple[str, ...], str]


class _Known(NamedTuple):
    """What a word may begin: the families of the word alone, phrases by the beginning of their next word, others."""

    paths: tuple[str, ...]
    by_next: Mapping[str, list[_Phrase]]
    gapped: tuple[_Phrase, ...]


class Families:
    """Every family of some topics of one language."""

    def __init__(self, language: Language, topics: Iterable[str]) -> None:
        self._exact: dict[str, list[str]] = {}
        self._stems: dict[str, list[str]] = {}
        self._parts: dict[str, list[str]] = {}
        self._phrases: dict[str, list[_Phrase]] = {}
        self._open_phrases: list[tuple[str, tuple[str, ...], str]] = []
        self._remembered: dict[str, _Known] = {}
        self._prefixes = tuple(sorted(language.words("words.prefixes"), key=len, reverse=True))
        for topic in topics:
            self._collect(topic, language.get(topic, {}))

    def find(self, words: list[Word]) -> list[Hit]:
        """Every family that a word or a run of words belongs to, in the order of their first words."""
        hits: list[Hit] = []
        remembered = self._remembered
        for number, word in enumerate(words):
            known = remembered.get(word.text)
            if known is None:
                known = self._remember(word.text)
            paths, by_next, gapped = known
            for path in paths:
                hits.append(Hit(path, word.start, word.end, number, number))
            if by_next and number + 1 < len(words):
                for rest, path in by_next.get(words[number + 1].text[:_KEY], ()):
                    last = _phrase_end(words, number + 1, rest)
                    if last is not None:
                        hits.append(Hit(path, word.start, words[last].end, number, last))
            for rest, path in gapped:
                last = _phrase_end(words, number + 1, rest)
                if last is not None:
                    hits.append(Hit(path, word.start, words[last].end, number, last))
        return hits

    def _collect(self, path: str, node: Any) -> None:
        if not isinstance(node, Mapping):
            return
        if _ENTRY_KEYS.isdisjoint(node):
            for name, child in node.items():
                self._collect(f"{path}.{name}", child)
            return
        unknown = set(node) - _ENTRY_KEYS
        assert not unknown, f"{path} has unknown keys: {', '.join(sorted(unknown))}"
        assert all(isinstance(terms, list) for terms in node.values()), f"{path}: a family's entries are lists of words"
        for term in node.get("words", ()):
            self._add_term(folded_term(term), path)
        for term in node.get("stems", ()):
            self._stems.setdefault(folded_term(term), []).append(path)
        for term in node.get("parts", ()):
            self._parts.setdefault(folded_term(term), []).append(path)
        for term in node.get("phrases", ()):
            self._add_term(folded_term(term), path)

    def _add_term(self, term: str, path: str) -> None:
        first, *rest = term.split()
        if not rest and first.endswith("*"):
            self._stems.setdefault(first[:-1], []).append(path)
        elif not rest:
            self._exact.setdefault(first, []).append(path)
        elif first.endswith("*"):
            self._open_phrases.append((first[:-1], tuple(rest), path))
        else:
            self._phrases.setdefault(first, []).append((tuple(rest), path))

    def _remember(self, text: str) -> _Known:
        """What begins at a word of that text: the families it belongs to alone, and the phrases it may open."""
        paths: dict[str, None] = {}
        phrases: list[_Phrase] = []
        for form in self._forms(text):
            paths.update(dict.fromkeys(self._exact.get(form, ())))
            for length in range(2, len(form) + 1):
                paths.update(dict.fromkeys(self._stems.get(form[:length], ())))
            for part, owners in self._parts.items():
                if part in form:
                    paths.update(dict.fromkeys(owners))
            phrases += self._phrases.get(form, ())
            phrases += [(rest, path) for stem, rest, path in self._open_phrases if form.startswith(stem)]
        by_next: dict[str, list[_Phrase]] = {}
        gapped = []
        for phrase in phrases:
            following = phrase[0][0]
            # A gap, or a stem shorter than the key, may go on in ways that the key does not tell.
            if following.endswith("*") and len(following) <= _KEY:
                gapped.append(phrase)
            else:
                by_next.setdefault(following[:_KEY], []).append(phrase)
        known = _Known(tuple(paths), by_next, tuple(gapped))
        if len(self._remembered) < _REMEMBERED:
            self._remembered[text] = known
        return known

    def _forms(self, text: str) -> list[str]:
        """The word, without what the language writes together with its front, and without a clitic's apostrophe."""
        forms = [text]
        forms += [
            text[len(prefix) :] for prefix in self._prefixes if text.startswith(prefix) and len(text) > len(prefix) + 1
        ]
        if "'" in text:
            forms.append(text.split("'")[0])
        return forms


def _phrase_end(words: list[Word], at: int, rest: tuple[str, ...]) -> int | None:
    """The number of the word that ends a phrase whose `rest` should begin at word `at`, or None."""
    if not rest:
        return at - 1
    wanted, following = rest[0], rest[1:]
    if wanted == "*":
        ends = (_phrase_end(words, at + gap, following) for gap in range(_GAP + 1))
        return next((end for end in ends if end is not None), None)
    if at >= len(words):
        return None
    text = words[at].text
    fits = text.startswith(wanted[:-1]) if wanted.endswith("*") else text == wanted
    return _phrase_end(words, at + 1, following) if fits else None


def words_of(folded: str) -> list[Word]:
    """The words of a folded text, in order."""
    return [Word(match[0], match.start(), match.end()) for match in WORD.finditer(folded)]
