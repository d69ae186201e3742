"""One sentence as a person left it, in parts: what still stands where it stood, what states a fact, what is nobody's.

The sentence is held against the one before it by position first: a run that nobody touched is what it was. Only the
rest is looked at by its value, and what is neither becomes a claim, words and figures alike.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Any

from agent.draft import FACT_PARTS, Claim, Part, Quotation, Text
from agent.guard import number_like
from agent.naming import escape

# A run without spaces that holds a digit: 12, $560K, 95%, Q3, 1.5x.
_FIGURE = re.compile(r"[^\s\d“”\"(),;:]*\d(?:[^\s“”\"();]*[^\s“”\"();,.!?:])?(?:\s?%)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_UNIT = re.compile(r"\w+(?:[.,]\d\w*)*|\s+|[^\w\s]")
# Verbs and links that turn a figure round or weigh it are no empty words, however common.
_WEIGHING = frozenset({"up", "over", "out", "every", "against", "should", "will", "not", "than", "after", "before"})


@dataclass(frozen=True)
class Typed:
    """Reads one typed sentence. `before` are the printed parts of the sentence that it replaces, `printed` every form
    that a stretch of it may be, `empty` the words that claim nothing by themselves."""

    text: str
    before: Sequence[tuple[str, Part]]
    printed: Sequence[tuple[str, Part]]
    empty: Collection[str]
    language: Mapping[str, Any]
    on: date | None

    def parts(self) -> list[Part]:
        came_from = _came_from("".join(form for form, _ in self.before), self.text)
        placed = self._placed(came_from)
        recorded = any(isinstance(part, (*FACT_PARTS, Quotation)) for _, _, part in placed)
        was_recorded = any(isinstance(part, (*FACT_PARTS, Quotation)) for _, part in self.before)
        if not recorded and (was_recorded or not self.before):
            # Nothing on record is left in it: the sentence is the person's own, whichever of its words stood before.
            came_from, empty = [None] * len(self.text), frozenset()
        else:
            empty = frozenset(self.empty) - _WEIGHING
        found: list[Part] = []
        end = 0
        for start, stop, part in (*placed, (len(self.text), len(self.text), None)):
            found += self._words(end, start, came_from, empty)
            if part is not None:
                found.append(part)
            end = stop
        return found

    def _placed(self, came_from: Sequence[int | None]) -> list[tuple[int, int, Part]]:
        """The parts that the sentence still holds or states anew, in order."""
        by_position = list(self._untouched(came_from))
        by_value = [
            each
            for each in self._stated()
            if not any(_overlap(each, kept) and _of(each[2]) != _of(kept[2]) for kept in by_position)
        ]
        taken: list[tuple[int, int, Part]] = []
        # The longest first; where one part is as long as another, what stood there stands there still.
        for each in sorted((*by_position, *by_value), key=lambda each: each[0] - each[1]):
            if not any(_overlap(each, other) for other in taken):
                taken.append(each)
        return sorted(taken, key=lambda each: each[0])

    def _untouched(self, came_from: Sequence[int | None]) -> Iterator[tuple[int, int, Part]]:
        places = {old: new for new, old in enumerate(came_from) if old is not None}
        position = 0
        for form, part in self.before:
            first, position = position, position + len(form)
            new = places.get(first)
            if isinstance(part, Text) or not form or new is None:
                continue
            if all(places.get(first + step) == new + step for step in range(len(form))) and _whole(
                self.text, new, new + len(form)
            ):
                yield new, new + len(form), part

    def _stated(self) -> Iterator[tuple[int, int, Part]]:
        claimed = {form for form, part in self.printed if isinstance(part, FACT_PARTS)}
        owners = {
            form: {p.fact for f, p in self.printed if f == form and isinstance(p, FACT_PARTS)} for form in claimed
        }
        for form, part in self.printed:
            # The same figure of two facts is told apart by the sentence that stood there; else it is nobody's.
            if not form or (isinstance(part, FACT_PARTS) and len(owners[form]) > 1):
                continue
            for match in re.finditer(re.escape(form), self.text):
                if _whole(self.text, *match.span()):
                    yield *match.span(), part

    def _words(self, start: int, end: int, came_from: Sequence[int | None], empty: frozenset[str]) -> list[Part]:
        """A stretch between tokens: words that stood there as text, what is new in it as claims."""
        found: list[Part] = []
        position = start
        for first, last, claim in self._claims(start, end, came_from, empty):
            if first > position:
                found.append(Text(text=_plain(self.text[position:first])))
            found.append(claim)
            position = last
        if end > position:
            found.append(Text(text=_plain(self.text[position:end])))
        return found

    def _claims(
        self, start: int, end: int, came_from: Sequence[int | None], empty: frozenset[str]
    ) -> Iterator[tuple[int, int, Claim]]:
        group: list[tuple[int, int, bool]] = []
        for first, last, figure in (*self._units(start, end), (end, end, False)):
            stood = [came_from[index] for index in range(first, last)]
            untouched = first < last and None not in stood and all(b == a + 1 for a, b in pairwise(stood))
            if group and (untouched or first == end):
                yield from self._group(group, empty)
                group = []
            if figure and untouched and (of := self._of(stood[0])) is not None:
                yield first, last, Claim(text=_plain(self.text[first:last]), of=of)
            elif not untouched and first < last:
                group.append((first, last, figure))

    def _group(self, group: list[tuple[int, int, bool]], empty: frozenset[str]) -> Iterator[tuple[int, int, Claim]]:
        """New words that follow each other as one claim, empty ones at its ends left out."""

        def says(unit: tuple[int, int, bool]) -> bool:
            return unit[2] or self.text[unit[0] : unit[1]].casefold() not in empty

        telling = [index for index, unit in enumerate(group) if says(unit)]
        if telling:
            first, last = group[telling[0]][0], group[telling[-1]][1]
            yield first, last, Claim(text=_plain(self.text[first:last]), on=self.on)

    def _units(self, start: int, end: int) -> list[tuple[int, int, bool]]:
        """Where figures and words stand, and which of the two each is."""
        stretch = self.text[start:end]
        spans = [(*match.span(), True) for match in _FIGURE.finditer(stretch)]
        for word in _WORD.finditer(stretch):
            if not any(first < word.end() and word.start() < last for first, last, _ in spans):
                spans.append((*word.span(), number_like(word[0], self.language) is not None))
        return [(start + first, start + last, figure) for first, last, figure in sorted(spans)]

    def _of(self, old: int | None) -> str | None:
        """The fact whose token printed what stood there, where the sentence broke that token up."""
        position = 0
        for form, part in self.before:
            if old is not None and position <= old < position + len(form):
                return part.fact if isinstance(part, FACT_PARTS) else part.of if isinstance(part, Claim) else None
            position += len(form)
        return None


def _came_from(old: str, new: str) -> list[int | None]:
    """For each character of the new text the place where it stood in the old one; None for what is new."""
    units = [[match.span() for match in _UNIT.finditer(text)] for text in (old, new)]
    words = [[text[a:b] for a, b in spans] for text, spans in zip((old, new), units, strict=True)]
    places: list[int | None] = [None] * len(new)
    for block in SequenceMatcher(None, *words, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            (first, _), (start, end) = units[0][block.a + step], units[1][block.b + step]
            places[start:end] = range(first, first + end - start)
    return places


def _whole(text: str, start: int, end: int) -> bool:
    """Whether the stretch is no part of a longer word or figure."""
    before = start == 0 or re.match(r"[\w$€£.,]", text[start - 1]) is None
    return before and re.match(r"[\w%]|[.,]\d", text[end:]) is None


def _overlap(one: tuple[int, int, Part], other: tuple[int, int, Part]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _of(part: Part) -> object:
    return part.fact if isinstance(part, FACT_PARTS) else part


def _plain(text: str) -> str:
    """What a person typed, as words: escaped, its outer white space kept."""
    core = text.strip()
    if not core:
        return text
    start = text.index(core[0])
    return text[:start] + escape(core) + text[start + len(core) :]
