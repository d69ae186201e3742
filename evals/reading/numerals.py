"""Digits and number words as values: what one numeral may mean, and to which precision it was written.

A mark that one language takes for a decimal and another for a thousands mark ("1.250") gives both readings, the
language's own first; whoever compares decides by what the facts hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from evals.reading.folding import folded_term
from evals.reading.language import Language

# Digits in groups ("1 250 000,5", "1'250") or in one run with marks inside ("1,250.50").
LITERAL = re.compile(r"\d{1,3}(?:[ ']\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,،]\d+)*")
_WORD = re.compile(r"\w+")


class Value(NamedTuple):
    """A number and the step to its next neighbour as written: 1.05 has the step 0.01, "twelve" the step 1."""

    number: float
    step: float


def read_literal(digits: str, decimal: str) -> tuple[Value, ...]:
    """The readings of folded digits, likeliest first, `decimal` being the language's own decimal mark.

    >>> read_literal("1.250", ",")
    (Value(number=1250.0, step=1.0), Value(number=1.25, step=0.001))
    """
    plain = digits.replace(" ", "").replace("'", "").replace("،", ",")
    marks = [char for char in plain if char in ".,"]
    if not marks:
        return (Value(float(plain), 1.0),)
    if len(set(marks)) == 2:
        last = marks[-1]
        other = "," if last == "." else "."
        return (_decimal(plain.replace(other, ""), last),) if marks.count(last) == 1 else ()
    mark = marks[0]
    grouped = [_grouped(plain, mark)] if _is_grouped(plain, mark) else []
    if len(marks) > 1:
        return tuple(grouped)
    as_decimal = _decimal(plain, mark)
    return tuple([as_decimal, *grouped] if mark == decimal else [*grouped, as_decimal])


def _is_grouped(digits: str, mark: str) -> bool:
    first, *rest = digits.split(mark)
    return 1 <= len(first) <= 3 and not first.startswith("0") and all(len(group) == 3 for group in rest)


def _grouped(digits: str, mark: str) -> Value:
    return Value(float(digits.replace(mark, "")), 1.0)


def _decimal(digits: str, mark: str) -> Value:
    places = len(digits) - digits.index(mark) - 1
    return Value(float(digits.replace(mark, ".")), 10.0**-places)


class Phrase(NamedTuple):
    """A number in words: its value, and what the words alone say of its kind (a dual of "day": days), or "".

    The kind "name" marks words that hold a number and measure nothing ("top five", "one-on-one").
    """

    words: str
    value: Value
    measure: str


class NumberWords:
    """A language's numbers in words, found by their first word."""

    def __init__(self, language: Language) -> None:
        self.by_first: dict[str, list[Phrase]] = {}
        self.prefixes = sorted(language.words("words.prefixes"), key=len, reverse=True)
        for phrase in _phrases(language):
            self.by_first.setdefault(_WORD.match(phrase.words)[0], []).append(phrase)  # type: ignore[index]
        for phrases in self.by_first.values():
            phrases.sort(key=lambda phrase: -len(phrase.words))

    def find(self, folded: str, words: Iterable[re.Match[str]]) -> Iterator[tuple[int, int, Phrase]]:
        """Every number phrase with its place in folded text, whose `words` are given; the longest at each word."""
        position = 0
        for word in words:
            if (not self.prefixes and word[0] not in self.by_first) or word.start() < position:
                continue
            for start in self._starts(word):
                found = self._at(folded, start, word.end())
                if found is not None:
                    yield found
                    position = found[1]
                    break

    def _starts(self, word: re.Match[str]) -> Iterator[int]:
        yield word.start()
        for prefix in self.prefixes:
            if word[0].startswith(prefix) and len(word[0]) > len(prefix) + 1:
                yield word.start() + len(prefix)

    def _at(self, folded: str, start: int, end: int) -> tuple[int, int, Phrase] | None:
        for phrase in self.by_first.get(folded[start:end], ()):
            stop = start + len(phrase.words)
            if folded.startswith(phrase.words, start) and not folded[stop : stop + 1].isalnum():
                return start, stop, phrase
        return None


def _phrases(language: Language) -> Iterator[Phrase]:
    data = language.get("numbers", {})
    units, tens = _table(data.get("units")), _table(data.get("tens"))
    for template in data.get("compounds", ()):
        for ten_word, ten in tens:
            for unit_word, unit in units:
                words = template.replace("{tens}", ten_word).replace("{unit}", unit_word)
                yield Phrase(words, Value(ten + unit, 1.0), "")
    for word, number in [*units, *tens, *_table(data.get("others"))]:
        yield Phrase(word, Value(number, 1.0 if number == int(number) else 0.1), "")
    for word in data.get("none", {}).get("words", ()):
        yield Phrase(folded_term(word), Value(0.0, 0.0), "none")
    for word, number in _table(data.get("fractions")):
        yield Phrase(word, Value(number, 0.05), "fraction")
    for word, number in _table(data.get("multiples")):
        yield Phrase(word, Value(number, 0.2), "multiplied")
    for name in data.get("dates", {}).get("names", ()):
        if "#" not in name and name[0].isalpha():
            yield Phrase(folded_term(name), Value(0.0, 1.0), "name")
    for measure, words in data.get("duals", {}).items():
        for word in words:
            yield Phrase(folded_term(word), Value(2.0, 1.0), "" if measure == "words" else measure)


def _table(entries: Mapping[str, list[str]] | None) -> list[tuple[str, float]]:
    return [(folded_term(word), float(number)) for number, words in (entries or {}).items() for word in words]
