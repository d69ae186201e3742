"""What planting a defect needs: the mutant, the mutation that makes it, and the places of a draft's own figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from random import Random

from evals.reading.binding import Binding
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.plans import plans_of
from evals.reading.reading import Reading


@dataclass(frozen=True, slots=True)
class Mutant:
    """A draft with one planted defect. `facts` differ from the clean case only where the defect lies in them."""

    draft: str
    facts: tuple[FactView, ...]


Plant = Callable[[Reading, Random], Iterable[Mutant]]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A way to spoil a draft, and the checks any one of which ought to notice."""

    name: str
    expected: tuple[str, ...]
    plant: Plant


def edited(reading: Reading, edits: Iterable[tuple[int, int, str]]) -> Mutant:
    """The draft with non-overlapping stretches replaced."""
    text = reading.document.text
    for start, end, words in sorted(edits, reverse=True):
        text = text[:start] + words + text[end:]
    return Mutant(text, reading.facts)


def stated(reading: Reading, *comparators: str) -> list[Binding]:
    """Figures outside plans that surely state one of those sides of a fact."""
    return [
        binding
        for binding in reading.bindings
        if binding.fact is not None
        and binding.comparator in comparators
        and binding.sure
        and not plans_of(reading).among(binding.figure.sentence)
        and not binding.figure.spelled
    ]


def digits(figure: Figure) -> tuple[int, int]:
    """Where the figure's digits stand in the draft."""
    text = figure.text
    places = [place for place, char in enumerate(text) if char.isdigit()]
    return figure.start + places[0], figure.start + places[-1] + 1
