"""Movement as the words tell it: up, down, "from A to B", "up from A", "after A", held against value and prior."""

from __future__ import annotations

import re
from functools import cached_property

from evals.reading.binding import Binding, reads_as, table_head
from evals.reading.derivation import step_within
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.movement_words import movement_words
from evals.reading.reading import Reading
from tools.facts import WEAK_AGAINST_PRIOR

# How far back a word of movement may stand from the figures it moves, and how far apart those may be.
_REACH = 68
_APART = 40
_BETWEEN = 24
# How far after a value the word stands that compares it: "118 days, quicker than before".
_COMPARED = 34
# How far before its subject a verb may stand, where the language puts it first.
_UNMOVED = 12
# The word before a name, and an article between the two: "shortened the ".
_LEAD = 24
_LEADING = re.compile(r"(?<!\w)\w+ (?:\w{1,3} )?$")
# Where a clause ends: a mark that is not inside a number ("3,2").
_BORDER = re.compile(r"[,;:.،؛](?=\s)|[()|–—]")


class Movement:
    """Reads claims of movement in one reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.words = movement_words(reading.language)

    def swapped(self, sentence: Sentence, fact: FactView, bindings: list[Binding]) -> str | None:
        """Current and prior in each other's place, or None."""
        value, prior = self._sides(fact, bindings)
        if value is None or prior is None:
            return None
        return self._order(sentence.folded, value, prior)

    def swapped_in_row(self, fact: FactView, bindings: list[Binding]) -> str | None:
        """A table row with the value under a head of the period before, and the prior under this one's, or None."""
        value, prior = self._sides(fact, bindings)
        if value is None or prior is None:
            return None
        if self._is_older(table_head(value)) and not self._is_older(table_head(prior)):
            return f"{value.text} was before, {prior.text} is now"
        return None

    def contradicted(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """The wrong word for the fact's movement, or None."""
        fact = self.reading.facts[place]
        if fact.prior is None or fact.prior == fact.value:
            return None
        value, prior = self._sides(fact, bindings)
        if value is not None and prior is not None:
            return self._verb(sentence, place, fact, value, prior) or self._level(sentence, place, fact, value)
        if value is None:
            return self._delta(sentence, place, fact)
        return (
            self._level(sentence, place, fact, value)
            or self._after(sentence, fact, value)
            or self._compared(sentence, place, fact, value)
            or self._unmoved(sentence, place, fact, value)
            or self._delta(sentence, place, fact)
        )

    @staticmethod
    def _sides(fact: FactView, bindings: list[Binding]) -> tuple[Figure | None, Figure | None]:
        """The figures of value and prior; no prior where it may as well be the target."""
        if fact.prior is None or fact.prior == fact.value:
            return None, None
        figures = {
            binding.comparator: binding.figure for binding in reversed(bindings) if binding.figure.kind != "none"
        }
        return figures.get("value"), figures.get("prior") if fact.target != fact.prior else None

    def _order(self, folded: str, value: Figure, prior: Figure) -> str | None:
        """Current and prior swapped: the words make the value the older figure of the two."""
        if _before(folded, value, self.words.before_older) and not _before(folded, prior, self.words.before_older):
            return f"{value.text} was before, {prior.text} is now"
        apart = _clause(folded, value) != _clause(folded, prior)
        told = _before(folded, prior, self.words.before_older) or self._in_older_clause(folded, prior)
        if apart and not told and self._in_older_clause(folded, value):
            return f"{value.text} was before, {prior.text} is now"
        joined = folded[value.last : prior.first].strip()
        if (
            value.first < prior.first
            and _before(folded, value, self.words.from_older)
            and self.words.newer.fullmatch(joined)
        ):
            return f"it went from {value.text} to {prior.text}"
        return None

    def _verb(self, sentence: Sentence, place: int, fact: FactView, value: Figure, prior: Figure) -> str | None:
        """The wrong word of movement beside value and prior in their right order."""
        folded, plain = sentence.folded, self._plain(sentence, place)
        first, second = sorted((value, prior), key=lambda figure: figure.first)
        if first is value and _before(folded, prior, self.words.from_older):
            said = self._said(plain, max(_clause(folded, prior)[0], prior.first - _BETWEEN), prior.first, fact)
        elif second.first - first.last < _APART and (said := self._said(plain, first.last, second.first, fact)):
            pass
        elif second.first - first.last < _BETWEEN:
            said = self._said(plain, self._clause_start(sentence, place, first.first), first.first, fact)
        else:
            said = None
        if said is None or (said == "up") == (fact.value > fact.prior):  # type: ignore[operator]
            return None
        return f"{prior.text} to {value.text} is a move {said}"

    def _after(self, sentence: Sentence, fact: FactView, value: Figure) -> str | None:
        """The wrong comparison after the value: "118 days, quicker than in the half before"."""
        folded = sentence.folded
        end = _BORDER.search(folded, value.last + _COMPARED)
        words = folded[value.last : end.start() if end is not None else len(folded)][:_REACH]
        compared = self.words.prior_period.search(words) is not None or self.words.than_period.search(words) is not None
        if not compared or self.words.yardstick.search(words):
            return None
        said = self._said(words, 0, _COMPARED, fact)
        if said is None or (said == "up") == (fact.value > fact.prior):  # type: ignore[operator]
            return None
        return f"{value.text}{words.rstrip()}"

    def _compared(self, sentence: Sentence, place: int, fact: FactView, value: Figure) -> str | None:
        """The wrong comparison before the value: "churn was lower than in Q1, at 2.4%"."""
        plain = self._plain(sentence, place)
        start = self._clause_start(sentence, place, value.first)
        than = self.words.than_period.search(plain, start, value.first)
        if (
            than is None
            or value.first - than.end() > _BETWEEN
            or self.words.yardstick.search(plain, start, value.first)
        ):
            return None
        said = self._said(plain, start, than.start(), fact)
        if said is None or (said == "up") == (fact.value > fact.prior):  # type: ignore[operator]
            return None
        return plain[start : value.first].strip()

    def _unmoved(self, sentence: Sentence, place: int, fact: FactView, value: Figure) -> str | None:
        """ "Steady at 25%" of a value that moved by more than a little."""
        assert fact.prior is not None
        if abs(fact.value - fact.prior) <= WEAK_AGAINST_PRIOR * abs(fact.prior) or reads_as(value, fact.prior):
            return None
        folded = sentence.folded
        start = max(_clause(folded, value)[0], self._clause_start(sentence, place, value.first))
        if not _before(folded, value, self.words.level_at) or self.words.negation.search(folded, start, value.first):
            return None
        said = self.words.unmoved.search(folded, max(0, start - _UNMOVED), value.first)
        return f"{said[0]} at {value.text}" if said is not None else None

    def _level(self, sentence: Sentence, place: int, fact: FactView, value: Figure) -> str | None:
        """The wrong word of movement before the value alone: "fell to 30 %"."""
        folded = sentence.folded
        if value.modifier is not None or not _before(folded, value, self.words.before_newer):
            return None
        said = self._said(
            self._plain(sentence, place),
            max(self._clause_start(sentence, place, value.first), value.first - _APART),
            value.first,
            fact,
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
            before = _BORDER.split(sentence.folded[max(0, figure.first - 18) : figure.first])[-1]
            for words, up, down in (
                (after, self.words.higher, self.words.lower),
                (before, self.words.up, self.words.down),
            ):
                rising, falling = up.search(words), down.search(words)
                if (rising is None) == (falling is None) or self.words.negation.search(words):
                    continue
                if (rising is not None) != (fact.value > fact.prior):
                    return f"{before.strip()} {figure.text} {after.strip()}".strip()
                break
        return None

    def _alone(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence gives numbers of this fact only."""
        return all(
            binding.fact in (None, place) and binding.about in (None, place)
            for binding in self.reading.by_sentence.get(sentence.number, ())
        )

    def _in_older_clause(self, folded: str, figure: Figure) -> bool:
        """Whether the clause around a figure names the period before, or a period that is not the draft's own."""
        return self._is_older(folded[slice(*_clause(folded, figure))])

    def _is_older(self, words: str) -> bool:
        if self.words.prior_period.search(words) is not None:
            return True
        periods = set(self.words.period.findall(words)) - self._next_quarters
        return bool(periods) and bool(self._own_periods) and not periods & self._own_periods

    @cached_property
    def _next_quarters(self) -> frozenset[str]:
        """What comes after the draft's own quarter: coverage is told of it."""
        own = [int(period[1]) for period in self._own_periods if period[0] == "q" and period[1:].isdigit()]
        return frozenset(f"q{number % 4 + 1}" for number in own)

    @cached_property
    def _own_periods(self) -> frozenset[str]:
        """The quarters and months that the draft's first line names: its own period."""
        first = self.reading.sentences[0].folded if self.reading.sentences else ""
        return frozenset(self.words.period.findall(first))

    def _clause_start(self, sentence: Sentence, place: int, until: int) -> int:
        """Where the words begin that lead up to a figure: at the fact's name or, without one, a little before."""
        named = [
            mention.first
            for mention in self.reading.mentions[sentence.number]
            if mention.fact == place and until - _REACH < mention.first < until
        ]
        if named:
            # The verb may stand before its object, or before its subject: "shortened the cycle from 68 to 71".
            before = _LEADING.search(sentence.folded, max(0, named[-1] - _LEAD), named[-1])
            named = [before.start() if before is not None else named[-1]]
        border = max(sentence.folded.rfind(mark, 0, until) for mark in ("; ", ". ", "؛ ", "، "))
        return max(0, until - _REACH, border + 1, *named[-1:])

    def _plain(self, sentence: Sentence, place: int) -> str:
        """The sentence with the fact's own names blanked out: "slipped deals" tells of no movement."""
        plain = sentence.folded
        for mention in self.reading.mentions[sentence.number]:
            if (
                mention.fact == place
                and mention.strong
                and self.words.moving.search(plain, mention.first, mention.last)
            ):
                plain = plain[: mention.first] + " " * (mention.last - mention.first) + plain[mention.last :]
        return plain

    def _said(self, folded: str, start: int, end: int, fact: FactView) -> str | None:
        """The last movement word between two places: up, down, or None where there is none or it is denied."""
        ups = [match.start() for match in self.words.up.finditer(folded, start, end)]
        downs = [match.start() for match in self.words.down.finditer(folded, start, end)]
        if not (ups or downs) and fact.better is not None:
            rising, falling = (
                (self.words.better, self.words.worse)
                if fact.better == "higher"
                else (self.words.worse, self.words.better)
            )
            ups = [match.start() for match in rising.finditer(folded, start, end)]
            downs = [match.start() for match in falling.finditer(folded, start, end)]
        if not (ups or downs) or self.words.negation.search(folded, start, end):
            return None
        return "up" if max(ups, default=-1) > max(downs, default=-1) else "down"


def _before(folded: str, figure: Figure, pattern: re.Pattern[str]) -> bool:
    """Whether the words right before a figure match a pattern that ends there."""
    return pattern.search(folded[max(0, figure.first - 16) : figure.first]) is not None


def _clause(folded: str, figure: Figure) -> tuple[int, int]:
    """The clause around a figure, from border to border."""
    start = max((match.end() for match in _BORDER.finditer(folded, 0, figure.first)), default=0)
    end = _BORDER.search(folded, figure.last)
    return start, end.start() if end is not None else len(folded)
