"""Figures that follow from others by one step: difference, percentage change, ratio, sum, count of listed items.

Steps are tried where a writer would take them: between a fact's own numbers, between figures that stand near each
other in the draft, and between figures of one piece of evidence; never between any two numbers of the sheet, because
then almost any percentage would follow from something.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from evals.reading.binding import COMPARATORS, fits_unit, reads_as
from evals.reading.facts import FactView
from evals.reading.figures import DURATIONS, Figure


def step_within(figure: Figure, fact: FactView) -> str | None:
    """The step by which a figure follows from one fact's own numbers: difference, change or attainment, or None."""
    numbers = [number for name in COMPARATORS if (number := getattr(fact, name)) is not None]
    first = fact.value
    for second in numbers[1:]:
        if first == second:
            continue
        # Points of a score that is stored as it is told: "NPS rose three points to 47".
        scale = 0.01 if figure.kind == "points" and fact.kind != "ratio" else 1.0
        if _fits_difference(figure, fact) and reads_as(figure, (first - second) * scale):
            return "difference"
        if figure.kind in ("percent", "index") and second and reads_as(figure, first / second - 1):
            return "change"
        if figure.kind in ("percent", "index", "multiple", "multiplied", "fraction") and (
            second and reads_as(figure, first / second) or first and reads_as(figure, second / first)
        ):
            return "attainment"
    if figure.kind in ("percent", "points", "fraction") and fact.kind == "ratio":
        return "share" if reads_as(figure, 1 - fact.value) else None
    return None


def _fits_difference(figure: Figure, fact: FactView) -> bool:
    if figure.kind == "points":
        return fact.kind in ("ratio", "count", "multiple")
    if figure.kind == "percent":
        return fact.kind == "ratio"
    if figure.kind == "count" and fact.kind == "ratio":
        return False
    return fits_unit(figure, fact) > 0


def step_between(figure: Figure, others: Sequence[Figure]) -> str | None:
    """The step by which a figure follows from two (or, for sums, three) other figures, or None."""
    for left, right in combinations(others, 2):
        step = _step(figure, left, right)
        if step is not None:
            return step
    alike = [other for other in others if _same_measure(figure, other)]
    for three in combinations(alike[:8], 3):
        if reads_as(figure, sum(other.number for other in three)):
            return "sum"
    return None


def _step(figure: Figure, left: Figure, right: Figure) -> str | None:
    if not _same_measure(left, right):
        return None
    if _same_measure(figure, left) or (figure.kind == "points" and left.kind == "percent"):
        if reads_as(figure, left.number - right.number) and left.number != right.number:
            return "difference"
        if reads_as(figure, left.number + right.number):
            return "sum"
    if figure.kind in ("percent", "multiple", "multiplied", "fraction", "index"):
        low, high = sorted((left.number, right.number))
        if low > 0:
            if reads_as(figure, low / high) or (figure.kind != "percent" and reads_as(figure, high / low)):
                return "share"
            if figure.kind == "percent" and (reads_as(figure, high / low - 1) or reads_as(figure, 1 - low / high)):
                return "change"
            if figure.kind == "percent" and reads_as(figure, high / low):
                return "share"
    return None


def _same_measure(left: Figure, right: Figure) -> bool:
    if left.kind == right.kind:
        return True
    if left.kind in DURATIONS or right.kind in DURATIONS:
        return left.kind in (right.kind, "count") or right.kind == "count"
    return {left.kind, right.kind} <= {"count", "money", "none"} and (
        left.scaled == right.scaled or max(left.number, right.number) >= 1000
    )


def near_figures(figure: Figure, figures: Iterable[Figure]) -> Iterator[Figure]:
    """The draft's other figures in the same sentence and the ones before and after it, or in the same table."""
    sentence = figure.sentence
    reach = 8 if sentence.block.kind == "table_row" else 1
    for other in figures:
        if other is not figure and abs(other.sentence.number - sentence.number) <= reach:
            yield other
