"""Whether a figure that is no fact's own number follows from the facts, the evidence or the figures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

from evals.reading.binding import COMPARATORS, Binding, fits_unit, reads_as
from evals.reading.derivation import near_figures, step_between, step_within
from evals.reading.document import read_document
from evals.reading.figures import Figure, read_figures
from evals.reading.reading import Reading

_COUNTED = ("count", "none")


class Support:
    """Looks for what supports the unbound figures of one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    @cached_property
    def evidence(self) -> list[list[Figure]]:
        """The figures of each piece of evidence."""
        language = self.reading.language
        return [read_figures(read_document(entry.text, language), with_names=True) for entry in self.reading.evidence]

    def of(self, binding: Binding) -> str | None:
        """What supports an unbound figure: evidence, or the name of the step from facts, figures or evidence; or None."""
        figure = binding.figure
        if any(_same_number(figure, other) for figures in self.evidence for other in figures):
            return "evidence"
        return self._from_facts(binding) or self._from_figures(figure) or self._from_evidence(figure)

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

    def _from_evidence(self, figure: Figure) -> str | None:
        """One step between two figures of one piece of evidence, or between one of them and a fact's own number."""
        for figures in self.evidence:
            # Only figures that follow each other: among all pairs of a long note, some share fits almost anything.
            if any(step_between(figure, pair) is not None for pair in pairwise(figures)):
                return "evidence"
        if figure.kind == "money" or (figure.kind == "count" and figure.number > 12):
            for figures in self.evidence:
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


def _same_number(figure: Figure, other: Figure) -> bool:
    """Whether two figures show the same number in units that may be the same."""
    alike = figure.kind == other.kind or {figure.kind, other.kind} <= {"percent", "points"}
    loose = figure.kind in _COUNTED or other.kind in _COUNTED
    if not alike and not loose:
        return False
    return any(reads_as(figure, value.number) for value in other.values) or any(
        reads_as(other, value.number) for value in figure.values
    )
