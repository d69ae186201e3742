"""Movement as the words tell it: up, down, "from A to B", "up from A", "after A", held against value and prior."""

from __future__ import annotations

import re
from functools import cached_property

from evals.reading.binding import Binding, reads_as
from evals.reading.derivation import step_within
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.reading import Reading

# How far back a word of movement may stand from the figures it moves, and how far apart those may be.
_REACH = 68
_APART = 40
_BETWEEN = 24
# Where a clause ends: a mark that is not inside a number ("3,2").
_BORDER = re.compile(r"[,;:.،؛](?=\s)|[()|–—]")


class Movement:
    """Reads claims of movement in one reading."""

    def __init__(self, reading: Reading) -> None:
        language = reading.language
        self.reading = reading
        self.up = language.pattern("movement.up")
        self.down = language.pattern("movement.down")
        self.higher = language.pattern("movement.up", "movement.above")
        self.lower = language.pattern("movement.down", "movement.below")
        self.negation = language.pattern("movement.negation")
        self.prior_period = language.pattern("movement.prior_period")
        self.newer = language.pattern("movement.to_newer")
        # The words right before the older and the newer figure: "from 27 % to 31 %", "after 27 %".
        self.from_older = _at_end(language.pattern("movement.from_older"))
        self.before_older = _at_end(language.pattern("movement.older_before"))
        self.before_newer = _at_end(self.newer)
        months = "|".join(sorted(language.words("numbers.dates.months"), key=len, reverse=True)) or "(?!)"
        self.period = re.compile(rf"(?<!\w)(?:q[1-4]|{months})(?!\w)")

    def contradicted(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """What is wrongly said of the fact's movement, or None."""
        fact = self.reading.facts[place]
        if fact.prior is None or fact.prior == fact.value:
            return None
        figures = {binding.comparator: binding.figure for binding in reversed(bindings)}
        value, prior = figures.get("value"), figures.get("prior")
        folded = sentence.folded
        if value is not None and prior is not None and fact.target != fact.prior:
            return self._order(folded, value, prior) or self._verb(sentence, place, fact, value, prior)
        if value is not None and prior is None:
            return self._level(sentence, place, fact, value) or self._delta(sentence, place, fact)
        return self._delta(sentence, place, fact)

    def _order(self, folded: str, value: Figure, prior: Figure) -> str | None:
        """Current and prior swapped: the words make the value the older figure of the two."""
        if _before(folded, value, self.before_older) and not _before(folded, prior, self.before_older):
            return f"{value.text} was before, {prior.text} is now"
        apart = _clause(folded, value) != _clause(folded, prior)
        if apart and self._in_older_clause(folded, value) and not self._in_older_clause(folded, prior):
            return f"{value.text} was before, {prior.text} is now"
        joined = folded[value.last : prior.first].strip()
        if value.first < prior.first and _before(folded, value, self.from_older) and self.newer.fullmatch(joined):
            return f"it went from {value.text} to {prior.text}"
        return None

    def _verb(self, sentence: Sentence, place: int, fact: FactView, value: Figure, prior: Figure) -> str | None:
        """The wrong word of movement beside value and prior in their right order."""
        folded = sentence.folded
        first, second = sorted((value, prior), key=lambda figure: figure.first)
        if first is value and _before(folded, prior, self.from_older):
            said = self._said(folded, max(_clause(folded, prior)[0], prior.first - _BETWEEN), prior.first)
        elif second.first - first.last < _APART and (said := self._said(folded, first.last, second.first)):
            pass
        elif second.first - first.last < _BETWEEN:
            said = self._said(folded, self._clause_start(sentence, place, first.first), first.first)
        else:
            said = None
        if said is None or (said == "up") == (fact.value > fact.prior):  # type: ignore[operator]
            return None
        return f"{prior.text} to {value.text} is a move {said}"

    def _level(self, sentence: Sentence, place: int, fact: FactView, value: Figure) -> str | None:
        """The wrong word of movement before the value alone: "fell to 30 %"."""
        folded = sentence.folded
        if value.modifier is not None or not _before(folded, value, self.before_newer):
            return None
        said = self._said(
            folded, max(self._clause_start(sentence, place, value.first), value.first - _APART), value.first
        )
        if said is None or (said == "up") == (fact.value > fact.prior):  # type: ignore[operator]
            return None
        return f"it moved {said} to {value.text}"

    def _delta(self, sentence: Sentence, place: int, fact: FactView) -> str | None:
        """The wrong word after a difference from the prior: "five points down on Q1"."""
        assert fact.prior is not None
        gaps = [fact.target, fact.team]
        for binding in self.reading.by_sentence.get(sentence.number, ()):
            figure = binding.figure
            if (
                binding.how != "unbound"
                or step_within(figure, fact) != "difference"
                or not self._alone(sentence, place)
            ):
                continue
            if not reads_as(figure, fact.value - fact.prior):
                continue
            if any(gap is not None and reads_as(figure, fact.value - gap) for gap in gaps):
                continue
            after = _BORDER.split(sentence.folded[figure.last : figure.last + 18])[0]
            up, down = self.higher.search(after), self.lower.search(after)
            if (up is None) == (down is None) or self.negation.search(after):
                continue
            if (up is not None) != (fact.value > fact.prior):
                return f"{figure.text} {after.strip()}"
        return None

    def _alone(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence gives numbers of this fact only."""
        return all(
            binding.fact in (None, place) and binding.about in (None, place)
            for binding in self.reading.by_sentence.get(sentence.number, ())
        )

    def _in_older_clause(self, folded: str, figure: Figure) -> bool:
        """Whether the clause around a figure names the period before, or a period that is not the draft's own."""
        clause = folded[slice(*_clause(folded, figure))]
        if self.prior_period.search(clause) is not None:
            return True
        periods = set(self.period.findall(clause))
        return bool(periods) and bool(self._own_periods) and not periods & self._own_periods

    @cached_property
    def _own_periods(self) -> frozenset[str]:
        """The quarters and months that the draft's first line names: its own period."""
        first = self.reading.sentences[0].folded if self.reading.sentences else ""
        return frozenset(self.period.findall(first))

    def _clause_start(self, sentence: Sentence, place: int, until: int) -> int:
        """Where the words begin that lead up to a figure: at the fact's name or, without one, a little before."""
        named = [
            mention.first
            for mention in self.reading.mentions[sentence.number]
            if mention.fact == place and until - _REACH < mention.first < until
        ]
        border = max(sentence.folded.rfind(mark, 0, until) for mark in ("; ", ". ", "؛ ", "، "))
        return max(0, until - _REACH, border + 1, *named[-1:])

    def _said(self, folded: str, start: int, end: int) -> str | None:
        """The last movement word between two places: up, down, or None where there is none or it is denied."""
        ups = [match.start() for match in self.up.finditer(folded, start, end)]
        downs = [match.start() for match in self.down.finditer(folded, start, end)]
        if not (ups or downs) or self.negation.search(folded, start, end):
            return None
        return "up" if max(ups, default=-1) > max(downs, default=-1) else "down"


def _at_end(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern.pattern})\s*$")


def _before(folded: str, figure: Figure, pattern: re.Pattern[str]) -> bool:
    """Whether the words right before a figure match a pattern that ends there."""
    return pattern.search(folded[max(0, figure.first - 16) : figure.first]) is not None


def _clause(folded: str, figure: Figure) -> tuple[int, int]:
    """The clause around a figure, from border to border."""
    start = max((match.end() for match in _BORDER.finditer(folded, 0, figure.first)), default=0)
    end = _BORDER.search(folded, figure.last)
    return start, end.start() if end is not None else len(folded)
