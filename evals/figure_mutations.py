"""Wrong figures that look right: one more or less, digits exchanged, another metric's number, a bent gap or target.

Each replaces a figure that the draft prints by another that a hurried hand could have written; none asks a check where.
A figure that stays true by chance (another side of the same fact, or one step from it) is not planted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from evals.planting import Mutant, Mutation, digits, edited, stated
from evals.reading.binding import COMPARATORS, Binding, fits_unit, reads_as
from evals.reading.derivation import step_within
from evals.reading.document import read_document
from evals.reading.figures import Figure, read_figures
from evals.reading.numerals import Value
from evals.reading.plans import plans_of
from evals.reading.reading import Reading

_EXPECTED = ("unsupported_number", "wrong_direction")
_SIDES = ("value", "target", "prior")
# Takes a figure's digits and gives others, or None where there is nothing to exchange.
Change = Callable[[str, Random], str | None]


def _by_one(words: str, random: Random) -> str | None:
    """The last whole digit one up or down: 12 becomes 13, $46.7K becomes $46.8K."""
    last = int(words[-1])
    return words[:-1] + str(last + (1 if last == 0 or (last < 9 and random.random() < 0.5) else -1))


def _exchanged(words: str, random: Random) -> str | None:
    """Two neighbouring digits in each other's place: 103 becomes 130."""
    pairs = [at for at in range(len(words) - 1) if words[at : at + 2].isdigit() and words[at] != words[at + 1]]
    pairs = [at for at in pairs if at > 0 or words[1] != "0"]
    if not pairs:
        return None
    at = random.choice(pairs)
    return words[:at] + words[at + 1] + words[at] + words[at + 2 :]


def _is_true(reading: Reading, binding: Binding, words: str) -> bool:
    """Whether the sentence, with those digits in the figure's place, still gives a number of the same fact."""
    figure = binding.figure
    start, end = digits(figure)
    document = reading.document
    line = document.text[figure.start : start] + words + document.text[end : figure.end]
    read = read_figures(read_document(line, reading.language), with_names=True)
    fact = reading.facts[binding.fact or 0]
    kin = [other for other in reading.facts if other.metric_id == fact.metric_id]
    if len(read) != 1:
        return True
    return any(
        any(reads_as(read[0], number) for name in COMPARATORS if (number := getattr(other, name)) is not None)
        for other in kin
    ) or bool(step_within(read[0], fact))


def _changed(change: Change) -> Callable[[Reading, Random], Iterator[Mutant]]:
    """One figure of a fact changed."""

    def plant(reading: Reading, random: Random) -> Iterator[Mutant]:
        for binding in stated(reading, *_SIDES):
            start, end = digits(binding.figure)
            old = reading.document.text[start:end]
            new = change(old, random) if old.isascii() else None
            if new is not None and not _is_true(reading, binding, new):
                yield edited(reading, [(start, end, new)])

    return plant


def _everywhere(reading: Reading, random: Random) -> Iterator[Mutant]:
    """One figure of a fact changed alike wherever the draft prints it, so that the draft stays at one with itself."""
    for binding in stated(reading, *_SIDES):
        start, end = digits(binding.figure)
        old = reading.document.text[start:end]
        new = _by_one(old, random) if old.isascii() else None
        if new is None or _is_true(reading, binding, new):
            continue
        alike = [
            digits(other.figure)
            for other in reading.bindings
            if other.fact == binding.fact and other.comparator == binding.comparator and not other.figure.spelled
        ]
        edits = [(first, last, new) for first, last in alike if reading.document.text[first:last] == old]
        yield edited(reading, edits)


def _borrowed(side: str) -> Callable[[Reading, Random], Iterator[Mutant]]:
    """A figure in the place of another metric's of the same unit: its value for a value, its target for a target."""

    def plant(reading: Reading, random: Random) -> Iterator[Mutant]:
        sides = stated(reading, side)
        for binding in sides:
            start, end = digits(binding.figure)
            fact = reading.facts[binding.fact or 0]
            for other in sides:
                stranger = reading.facts[other.fact or 0]
                if stranger.metric_id == fact.metric_id or other.figure.kind != binding.figure.kind:
                    continue
                if not fits_unit(other.figure, fact):
                    continue
                first, last = digits(other.figure)
                new = reading.document.text[first:last]
                if not _is_true(reading, binding, new):
                    yield edited(reading, [(start, end, new)])

    return plant


def _gap(reading: Reading, random: Random) -> Iterator[Mutant]:
    """The distance to a target or a colleague told otherwise: "17 points short" becomes "7 points short"."""
    for binding in reading.bindings:
        figure = binding.figure
        if figure.kind != "points" or figure.spelled or plans_of(reading).among(figure.sentence):
            continue
        start, end = digits(figure)
        old = reading.document.text[start:end]
        new = str(int(old) + random.choice((2, 3, 5))) if old.isdigit() else _by_one(old, random)
        told = {other.fact for other in reading.by_sentence[figure.sentence.number] if other.fact is not None}
        if new is not None and told and not any(_follows(figure, reading, place, new) for place in told):
            yield edited(reading, [(start, end, new)])


def _follows(figure: Figure, reading: Reading, place: int, words: str) -> bool:
    number = float(words.replace(",", ".")) / 100
    changed = replace(figure, values=(Value(number, figure.values[0].step),))
    return step_within(changed, reading.facts[place]) is not None


FIGURE_MUTATIONS: tuple[Mutation, ...] = (
    Mutation("a figure off by one", _EXPECTED, _changed(_by_one)),
    Mutation("a figure's digits exchanged", _EXPECTED, _changed(_exchanged)),
    Mutation("a figure off by one everywhere", _EXPECTED, _everywhere),
    Mutation("another metric's figure", _EXPECTED, _borrowed("value")),
    Mutation("another metric's target", (*_EXPECTED, "missing_target"), _borrowed("target")),
    Mutation("a wrong gap", _EXPECTED, _gap),
)
