"""Units said once for two figures: "from 22 to 26 %", "3,2 mot 2,9 mnkr", "95 percent (target 94)"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from evals.reading.language import Language
from evals.reading.numerals import LITERAL, Value, read_literal
from evals.reading.units import SHARES, alternation

if TYPE_CHECKING:
    from evals.reading.figures import Figure

# How far before a figure the word stands that sets it against the one before: "målet på 85".
_BEFORE = 30
# Nothing that could be counted follows: a mark, a bracket or the end.
_NOTHING_COUNTED = re.compile(r"\s*(?:[,.;:)\]|،؛–—]|$)")


class SharedUnits:
    """Gives bare numbers the unit of the figure beside them, by one language's words; build it once."""

    def __init__(self, language: Language) -> None:
        joining = alternation(language.get("numbers.links.shared", ()))
        self._joined = re.compile(rf"[\s,،]*(?:{joining})?\s*(?:{joining})\s*")
        yardsticks = language.pattern("movement.target", "movement.older_before", "movement.against").pattern
        link = language.pattern("movement.target_link").pattern
        months = alternation(language.words("numbers.dates.months"))
        period = rf"(?<!\w)(?:q[1-4]|h[12]|{months})(?:\s(?:19|20)\d\d)?"
        self._set_against = re.compile(rf"(?:{yardsticks}|{period})[\s:]*(?:(?:{link})\s+)?$")
        self._goes_on = re.compile(rf"\s+(?:{joining})(?!\w)")
        self._linked = re.compile(rf"(?<!\w)(?:{joining})\s*$")
        others = language.pattern("movement.prior_period", "movement.team").pattern
        self._of_others = re.compile(rf"\s+(?:\w+\s+){{0,2}}(?:{others}|{period})")
        self._delta_after = re.compile(rf"\s*(?:{language.pattern('movement.delta_after').pattern})")

    def carry(self, folded: str, figures: list[Figure]) -> list[Figure]:
        """The figures of one sentence, with units carried over connecting words and over words for a yardstick."""
        for place in range(len(figures) - 1, 0, -1):
            left, right = figures[place - 1], figures[place]
            if not self._joined.fullmatch(folded, left.last, right.first):
                continue
            if right.modifier is not None:
                # "od 52 do 48": the word between them joins the two, it bends neither.
                right = figures[place] = replace(right, modifier=None)
            if left.kind in ("count", "money") and not left.scaled and _gives_unit(right) and left.number < 1000:
                if left.kind == "count" or right.scaled:
                    figures[place - 1] = _with_unit_of(left, right)
            elif left.kind == "count" and not left.scaled and _gives_unit(right):
                figures[place - 1] = _with_unit_of(left, right)
            elif left.kind == "points":
                # A score is told in points, but its level has no unit: "rose three points to 47".
                continue
            elif right.kind == "count" and (not right.scaled or left.kind == "money") and _gives_unit(left):
                following = folded[right.last : right.last + 2].strip()
                if not following or not following[0].isalnum():
                    figures[place] = _with_unit_of(right, left)
        for place in range(1, len(figures)):
            kind = self._understood(folded, figures[:place], figures[place])
            if kind is not None:
                figures[place] = _with_unit_of(figures[place], replace(figures[place - 1], kind=kind))
        return figures

    def _understood(self, folded: str, earlier: list[Figure], bare: Figure) -> str | None:
        """The kind of a bare number after a share: "four points above the goal and five up", "76 %, target 85"."""
        left = earlier[-1]
        if bare.kind != "count" or bare.scaled or left.kind not in SHARES:
            return None
        if any(figure.kind == "points" for figure in earlier) and self._delta_after.match(folded, bare.last):
            return "points"
        start = max(left.last, bare.first - _BEFORE)
        if _NOTHING_COUNTED.match(folded, bare.last) or self._goes_on.match(folded, bare.last):
            understood = self._set_against.search(folded, start, bare.first)
        elif self._of_others.match(folded, bare.last):
            understood = self._linked.search(folded, start, bare.first)
        else:
            understood = None
        return "percent" if understood is not None else None


def _gives_unit(figure: Figure) -> bool:
    return figure.scaled or figure.kind not in ("count", "fraction", "multiplied", "none")


def _with_unit_of(bare: Figure, other: Figure) -> Figure:
    """`bare` read in the unit of `other`, and in its scale where that keeps both of one size."""
    scale = 1.0
    if other.kind in SHARES:
        scale = 0.01
    elif other.scaled and bare.number < 1000:
        scale = 10.0 ** _scale_power(other)
    values = tuple(Value(value.number * scale, value.step * scale) for value in bare.values)
    return replace(
        bare,
        values=values,
        kind=other.kind,
        currencies=bare.currencies or other.currencies,
        scaled=bare.scaled or scale > 1,
        carried=True,
    )


def _scale_power(figure: Figure) -> int:
    """The power of ten of the figure's scale word, worked out from its step: 3 for K, 6 for M."""
    text = figure.sentence.folded[figure.first : figure.number_end]
    digits = LITERAL.search(text)
    shown = read_literal(digits[0], ".")[0].number if digits else 1.0
    power = 0
    while power < 12 and figure.number / 10 ** (power + 1) >= shown * 0.999:
        power += 1
    return power
