"""Whether a figure that is no fact's own number follows from the facts, the evidence or the figures beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from evals.reading.binding import COMPARATORS, Binding, fits_unit, reads_as
from evals.reading.derivation import near_figures, step_between, step_within
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.reading import Reading

# How near a fact's name must stand to a figure to claim it (`Binder.nearness`).
_CLOSE = 3.4
# A name in a list: words with capitals, to the next comma or "and".
_NAME = re.compile(r"[^\W\d_a-z]\w+(?:[ &-]+[^\W\d_a-z]\w*)*")
_LISTED = 12
_COUNTED = ("count", "none")


class Support:
    """Looks for what supports the unbound figures of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        language = reading.language
        self._delta_before = re.compile(rf"(?:{language.pattern('movement.delta_before').pattern})\s*$")
        self._delta_after = re.compile(rf"\s*(?:{language.pattern('movement.delta_after').pattern})")

    def of(self, binding: Binding) -> str | None:
        """What supports an unbound figure: evidence, or the step it follows by; None where nothing does."""
        figure = binding.figure
        place = (figure.sentence.number, figure.first)
        known = self.reading.supports
        if place not in known:
            known[place] = self._find(binding)
        return known[place]

    def _find(self, binding: Binding) -> str | None:
        figure = binding.figure
        if self.is_level(binding):
            # The words give the figure to a fact as its level: a step from other numbers would be chance.
            assert binding.about is not None
            if self._is_attainment(figure, self.reading.facts[binding.about]):
                return "attainment"
            alike = (
                other for figures in self.reading.evidence_figures for other in figures if other.kind == figure.kind
            )
            return "evidence" if any(_same_number(figure, other) for other in alike) else None
        if any(_same_number(figure, other) for figures in self.reading.evidence_figures for other in figures):
            return "evidence"
        if _counts_names(figure):
            return "count"
        if self._with_neighbour(figure):
            return "sum"
        return self._from_facts(binding) or self._from_figures(figure) or self._from_evidence(figure)

    def _is_attainment(self, figure: Figure, named: FactView) -> bool:
        """Whether a percentage is the named fact's share of its target, or any fact's where a target word follows."""
        if figure.kind != "percent":
            return False
        after = figure.sentence.folded[figure.last : figure.last + 20]
        facts = self.reading.facts if self.reading.binder.targets.search(after) else (named,)
        return any(fact.target and reads_as(figure, fact.value / fact.target) for fact in facts)

    def is_level(self, binding: Binding) -> bool:
        """Whether the words around a figure give it to one fact as a level: its name close by, no word of change."""
        figure = binding.figure
        if binding.about is None or figure.kind in ("points", *_COUNTED, "fraction", "multiplied"):
            return False
        if fits_unit(figure, self.reading.facts[binding.about]) < 1.0:
            return False
        if self.reading.binder.nearness(figure, binding.about) < _CLOSE:
            return False
        folded = figure.sentence.folded
        before, after = folded[max(0, figure.first - 14) : figure.first], folded[figure.last : figure.last + 14]
        return self._delta_before.search(before) is None and self._delta_after.match(after) is None

    def _from_facts(self, binding: Binding) -> str | None:
        for place in self._facts_near(binding):
            step = step_within(binding.figure, self.reading.facts[place])
            if step is not None:
                return step
        if binding.figure.kind == "money":
            # A gap in money is named without its metric ("more than the $70K shortfall").
            return next((step for fact in self.reading.facts if (step := step_within(binding.figure, fact))), None)
        return None

    def _facts_near(self, binding: Binding) -> Sequence[int]:
        """The facts that the figure's sentence is about; where it names none, those of its paragraph; else all."""
        reading, figure = self.reading, binding.figure
        sentence = figure.sentence
        named = {mention.fact for mention in reading.mentions[sentence.number]}
        named |= {other.fact for other in reading.by_sentence.get(sentence.number, ()) if other.fact is not None}
        if binding.about is not None:
            named.add(binding.about)
        if not named and sentence.index > 0:
            earlier = sentence.block.sentences[sentence.index - 1]
            named |= {mention.fact for mention in reading.mentions[earlier.number]}
            named |= {other.fact for other in reading.by_sentence.get(earlier.number, ()) if other.fact is not None}
        return sorted(named) if named else range(len(reading.facts))

    def _from_figures(self, figure: Figure) -> str | None:
        others = list(near_figures(figure, self.reading.figures))
        return step_between(figure, others[:24])

    def _with_neighbour(self, figure: Figure) -> bool:
        """Whether a figure is a fact's value more or less a figure of its own sentence: "lost 28, so 40 in all"."""
        if figure.kind not in ("count", "money"):
            return False
        here = self.reading.by_sentence.get(figure.sentence.number, ())
        others = [other.figure for other in here if other.figure is not figure and other.figure.kind == figure.kind]
        return any(
            reads_as(figure, fact.value + other.number) or reads_as(figure, fact.value - other.number)
            for other in others
            for fact in self.reading.facts
            if fits_unit(figure, fact) == 1.0 and not reads_as(other, fact.value)
        )

    def _from_evidence(self, figure: Figure) -> str | None:
        """One step between two figures of one piece of evidence, or between one of them and a fact's own number."""
        for figures in self.reading.evidence_figures:
            # Only figures that follow each other: among all pairs of a long note, some share fits almost anything.
            if any(step_between(figure, pair) is not None for pair in pairwise(figures)):
                return "evidence"
        if figure.kind == "money" or (figure.kind == "count" and figure.number > 12):
            for figures in self.reading.evidence_figures:
                for other in figures:
                    if self._with_a_fact(figure, other):
                        return "evidence"
        return None

    def _with_a_fact(self, figure: Figure, other: Figure) -> bool:
        """Whether the figure is an evidence figure's difference from a fact's number."""
        for fact in self.reading.facts:
            if fits_unit(other, fact) < 0.5:
                continue
            for number in {getattr(fact, name) for name in COMPARATORS[:3]} - {None}:
                if (
                    fits_unit(figure, fact) >= 0.5
                    and reads_as(figure, number - other.number)
                    and number != other.number
                ):
                    return True
        return False


def _counts_names(figure: Figure) -> bool:
    """Whether a small number counts the names listed after it: "three accounts: Acme, Beta and Corvo Foods"."""
    if figure.kind != "count" or not 2 <= figure.number <= _LISTED:
        return False
    following = figure.sentence.document.text[figure.end : figure.sentence.end]
    return len(_NAME.findall(following)) == figure.number


def _same_number(figure: Figure, other: Figure) -> bool:
    """Whether two figures show the same number in units that may be the same."""
    alike = figure.kind == other.kind or {figure.kind, other.kind} <= {"percent", "points"}
    loose = figure.kind in _COUNTED or other.kind in _COUNTED
    if not alike and not loose:
        return False
    return any(reads_as(figure, value.number) for value in other.values) or any(
        reads_as(other, value.number) for value in figure.values
    )
