"""What each figure stands for: a fact's value or comparator, a figure of the evidence, or one step from them.

A figure is bound by what it measures (unit and value at the shown precision) and by what the words around it name. An
unbound figure is said to be so; `Coverage` counts seen, bound and unbound, because no figures read is never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from evals.reading.document import Document, Sentence
from evals.reading.facts import FactView
from evals.reading.figures import DURATIONS, Figure
from evals.reading.mentions import Mention

COMPARATORS = ("value", "target", "prior", "team", "year_ago", "target_before")
# A fact's durations in days and minutes, to compare "four weeks" with 28 days.
_IN_MINUTES = {
    "minutes": 1,
    "hours": 60,
    "days": 1440,
    "working_days": 1440,
    "weeks": 10080,
    "months": 43800,
    "years": 525600,
}
_TOLERANCE = 1e-9
# The word that follows a figure, joined by a hyphen or a space: "-target", " quota".
_NEXT_WORD = re.compile(r"[\s-]?(\w+)")
_LARGE = 100_000
# A name farther off than this, in characters, is as far as any.
_FAR = 240
# From here on a bare number may be money whose unit was left out.
_MONEY_WITHOUT_UNIT = 100


class Candidate(NamedTuple):
    """One thing a figure may stand for: a fact (by its place in the sheet), a comparator, and how well it fits."""

    fact: int
    comparator: str
    score: float


@dataclass(frozen=True, slots=True)
class Binding:
    """A figure and what it stands for.

    `how` is stated (a fact's own number) or unbound; `support` looks for what else an unbound figure follows from.
    `comparator` is value, target, prior, team, year_ago or target_before. `about` is the fact that the words around the
    figure name, whatever its value; both are places in the reading's facts. `near` says how clearly the words name the
    bound fact, `rivals` how many other facts hold the same number.
    """

    figure: Figure
    how: str
    fact: int | None = None
    comparator: str | None = None
    about: int | None = None
    near: float = 0.0
    rivals: int = 0

    @property
    def sure(self) -> bool:
        """Whether the words name the fact, or its unit and value leave no other."""
        if self.near >= 3.0:
            return True
        if self.figure.kind in ("count", "none") and not self.figure.scaled and self.figure.number < 100:
            return False
        return self.near >= 1.3 or self.rivals == 0


class Coverage(NamedTuple):
    """How many figures of a draft were seen, bound to something, and left unbound."""

    seen: int
    bound: int
    unbound: int


def reads_as(figure: Figure, number: float) -> bool:
    """Whether the figure, at the precision it was written in, may be `number` (without its sign)."""
    number = abs(number)
    for value, step in figure.values:
        if figure.kind == "money" and step == 1 and value >= _LARGE and value % 1000 == 0:
            # "£307,000" of £306,667: thousands written out in full are rounded like "£307K".
            step = 1000.0
        if abs(value - number) <= step / 2 * (1 + 1e-6) + _TOLERANCE * max(1.0, number):
            return True
        if figure.modifier is not None and _bent(figure.modifier, value, step, number):
            return True
    return False


def _bent(modifier: str, value: float, step: float, number: float) -> bool:
    """Whether "about/over/nearly `value`" may be said of `number`: within one unit of the last digit that counts."""
    grain = step
    while value and abs(value / (grain * 10) - round(value / (grain * 10))) < 1e-6 and grain * 10 <= value:
        grain *= 10
    if modifier == "about":
        return abs(value - number) <= grain * 0.5
    if modifier == "above":
        return value <= number < value + grain
    return value - grain < number <= value


def fits_unit(figure: Figure, fact: FactView) -> float:
    """How well the figure's unit fits the fact's: 0 not at all, 1 exactly, less where it was left out or converted."""
    kind, unit = figure.kind, fact.kind
    if kind == "money":
        if unit != "currency":
            return 0.0
        return 1.0 if figure.currencies is None or fact.currency is None or fact.currency in figure.currencies else 0.0
    if kind in ("percent", "index"):
        return 1.0 if unit == "ratio" else 0.5 if unit == "multiple" else 0.0
    if kind == "multiple":
        return 1.0 if unit == "multiple" else 0.4 if unit == "ratio" else 0.0
    if kind in DURATIONS:
        return (1.0 if kind == unit else 0.6) if unit in _IN_MINUTES else 0.0
    if kind == "count":
        if unit == "count":
            return 1.0
        if unit == "currency":
            return 0.8 if figure.scaled else 0.5 if figure.number >= _MONEY_WITHOUT_UNIT else 0.0
        return 0.5 if unit in ("multiple", *_IN_MINUTES) else 0.0
    if kind == "none":
        return 1.0 if unit == "count" else 0.5
    return 0.0


def stands_for(figure: Figure, fact: FactView, number: float | None) -> bool:
    """Whether the figure may show `number` of the fact, its unit taken into account."""
    if number is None:
        return False
    if figure.kind in DURATIONS and fact.kind in _IN_MINUTES and figure.kind != fact.kind:
        number = number * _IN_MINUTES[fact.kind] / _IN_MINUTES[figure.kind]
    return reads_as(figure, number)


class Binder:
    """Binds the figures of one draft to its facts, by the facts each sentence names."""

    def __init__(self, document: Document, facts: Sequence[FactView], mentions: Sequence[Sequence[Mention]]) -> None:
        self.facts = facts
        self.mentions = mentions
        self.numbers = [
            [(name, number) for name in COMPARATORS if (number := getattr(fact, name)) is not None] for fact in facts
        ]
        self._fits: dict[tuple[object, ...], list[tuple[int, float]]] = {}
        self._said: dict[tuple[int, int], tuple[bool, bool, bool]] = {}
        self._near: dict[tuple[int, int, int], float] = {}
        self.targets = document.language.pattern("movement.target")
        self.teams = document.language.pattern("movement.team")

    def fits(self, figure: Figure) -> list[tuple[int, float]]:
        """The facts that a figure's unit fits, and how well; figures of one unit share the answer."""
        unit = (figure.kind, figure.currencies, figure.scaled, figure.number >= _MONEY_WITHOUT_UNIT)
        if unit not in self._fits:
            fits = [(place, fits_unit(figure, fact)) for place, fact in enumerate(self.facts)]
            self._fits[unit] = [(place, fit) for place, fit in fits if fit > 0]
        return self._fits[unit]

    def candidates(self, figure: Figure) -> list[Candidate]:
        """Every fact's number that the figure may show, best first."""
        found = []
        for place, fit in self.fits(figure):
            fact = self.facts[place]
            for comparator, number in self.numbers[place]:
                if stands_for(figure, fact, number):
                    bent = figure.modifier is not None and not stands_for(replace(figure, modifier=None), fact, number)
                    exact = any(abs(value.number - abs(number)) <= _TOLERANCE for value in figure.values)
                    score = (
                        self.nearness(figure, place)
                        + fit
                        + self.cue(figure, comparator)
                        - (1.5 if bent else 0.0)
                        + (0.5 if exact else 0.0)
                    )
                    found.append(Candidate(place, comparator, score))
        return sorted(found, key=lambda candidate: -candidate.score)

    def nearness(self, figure: Figure, place: int) -> float:
        """How clearly the words around a figure name the fact: 0 (not at all) to about 6."""
        key = (figure.sentence.number, figure.first, place)
        if key not in self._near:
            self._near[key] = self._nearness(figure, place)
        return self._near[key]

    def _nearness(self, figure: Figure, place: int) -> float:
        sentence = figure.sentence
        best = 0.0
        for mention in self.mentions[sentence.number]:
            if mention.fact == place:
                best = max(best, self.mention_score(figure, mention))
        if best == 0.0:
            best = self._around(sentence, place)
        return best

    def mention_score(self, figure: Figure, mention: Mention) -> float:
        """How near a name stands to a figure: 1 (far off) to 6."""
        if mention.last < figure.first - _FAR or mention.first > figure.last + _FAR:
            return 1.0
        folded = figure.sentence.folded
        if mention.last <= figure.first:
            between = folded[mention.last : figure.first]
            gap = len(between)
        else:
            between = folded[figure.last : mention.first]
            gap = len(between) + 8
        borders = sum(between.count(mark) for mark in ",;:(|،؛") if figure.sentence.block.kind != "table_row" else 0
        return max(1.0, (6.0 if mention.strong else 4.0) - gap / 40 - borders * 0.7)

    def _around(self, sentence: Sentence, place: int) -> float:
        """The topic that an earlier sentence of the paragraph, the bullet above or the heading gives."""
        block = sentence.block
        for distance, earlier in enumerate(reversed(block.sentences[: sentence.index]), 1):
            for mention in self.mentions[earlier.number]:
                if mention.fact == place:
                    return max(0.5, (2.0 if mention.strong else 1.4) - 0.3 * (distance - 1))
        above = block.parent.sentences if block.parent is not None else ()
        heading = block.section.heading
        for other in (*above, *(heading.sentences if heading is not None else ())):
            if any(mention.fact == place for mention in self.mentions[other.number]):
                return 0.8
        return 0.0

    def cue(self, figure: Figure, comparator: str) -> float:
        """What the words right around a figure say of its role, and a slight preference for the value itself."""
        place = (figure.sentence.number, figure.first)
        if place not in self._said:
            self._said[place] = self._role(figure)
        in_table, is_target, is_team = self._said[place]
        if in_table:
            if is_target:
                return 1.5 if comparator == "target" else -1.5
            return 0.4 if comparator == "value" else 0.2
        if comparator == "target":
            return 1.2 if is_target else 0.0
        if comparator == "team":
            return 1.0 if is_team else -0.5
        if comparator in ("year_ago", "target_before"):
            return -0.6
        return 0.3 if comparator == "value" else 0.0

    def _role(self, figure: Figure) -> tuple[bool, bool, bool]:
        """Whether a figure stands under a column's head, and whether head or words call it a target or the team's."""
        head = table_head(figure)
        if head:
            return True, self.targets.search(head) is not None, False
        folded = figure.sentence.folded
        before = folded[max(0, figure.first - 22) : figure.first].rsplit(",", 1)[-1]
        after = folded[figure.last : figure.last + 14].split(",", 1)[0]
        next_word = _NEXT_WORD.match(after)
        is_target = self.targets.search(before) or (next_word is not None and self.targets.search(next_word[1]))
        is_team = self.teams.search(before) or self.teams.search(after)
        return False, is_target is not None and is_target is not False, is_team is not None


def table_head(figure: Figure) -> str:
    """The folded head of the table column a figure stands in, or ""."""
    for cell in figure.sentence.block.cells:
        if cell.start <= figure.sentence.first + figure.first < cell.end:
            return cell.head
    return ""


def about(binder: Binder, figure: Figure) -> int | None:
    """The fact that the words closest to a figure name and whose unit fits it, or None."""
    best, choice = 1.9, None
    for place, _ in binder.fits(figure):
        near = binder.nearness(figure, place)
        if near > best:
            best, choice = near, place
    return choice


def bind(document: Document, figures: Sequence[Figure], facts: Sequence[FactView], binder: Binder) -> Iterator[Binding]:
    """What each figure stands for among the facts' own numbers; the rest are left to `derivation`."""
    for figure in figures:
        choices = binder.candidates(figure)
        named = about(binder, figure)
        if not choices:
            yield Binding(figure, "unbound", about=named)
            continue
        best = choices[0]
        near = binder.nearness(figure, best.fact)
        rivals = len({choice.fact for choice in choices}) - 1
        yield Binding(figure, "stated", best.fact, best.comparator, named, near, rivals)
