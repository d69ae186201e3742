"""What a sentence's words say of a fact's direction, held against the fact itself."""

from __future__ import annotations

import re
from functools import cached_property

from evals.reading.binding import Binding, fits_unit, table_head
from evals.reading.document import Sentence
from evals.reading.figures import Figure
from evals.reading.reading import Reading

_NEAR = 34
# Where a clause ends: a mark that is not inside a number ("3,2").
_BORDER = re.compile(r"[,;:.،؛](?=\s)|[()|–—]")


class Claims:
    """Reads claims of movement (up, down, from … to) and of standing (above, below) in one reading."""

    def __init__(self, reading: Reading) -> None:
        language = reading.language
        self.reading = reading
        self.up = language.pattern("movement.up")
        self.down = language.pattern("movement.down")
        self.above = language.pattern("movement.above")
        self.below = language.pattern("movement.below")
        # The words right before the older and the newer figure: "from 27 % to 31 %".
        self.origin = re.compile(rf"(?:{language.pattern('movement.from_older').pattern})\s*$")
        self.older = re.compile(rf"(?:{language.pattern('movement.older_before').pattern})\s*$")
        self.prior_period = language.pattern("movement.prior_period")
        months = "|".join(sorted(language.words("numbers.dates.months"), key=len, reverse=True))
        self.period = re.compile(rf"(?<!\w)(?:q[1-4]|{months})(?!\w)")
        self.goal = language.pattern("movement.to_newer")
        self.target = language.pattern("movement.target")
        link = language.pattern("movement.target_link").pattern
        against = language.pattern("movement.against").pattern
        self.called_before = re.compile(rf"(?:(?:{self.target.pattern})\s+(?:(?:{link})\s+)?|(?:{against})\s+)$")
        self.called_after = re.compile(rf"[\s-]?(?:{self.target.pattern})")
        self.negation = language.pattern("movement.negation")

    def contradiction(self, sentence: Sentence, place: int) -> str | None:
        """What the sentence wrongly says of the fact ("a fall"), or None."""
        bindings = [
            binding
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact == place and binding.near >= 1.3
        ]
        if not bindings:
            return None
        if sentence.block.kind == "table_row":
            return self._exchanged(sentence, place, bindings)
        return (
            self._exchanged(sentence, place, bindings)
            or self._movement(sentence, place, bindings)
            or self._standing(sentence, place, bindings)
        )

    def _exchanged(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """Value and target exchanged: the words or the column say "target" of the value's figure, not of the target's."""
        fact = self.reading.facts[place]
        by_role = {binding.comparator: binding.figure for binding in reversed(bindings)}
        value, target = by_role.get("value"), by_role.get("target")
        if value is None or target is None or fact.value in (fact.target, fact.prior):
            return None
        if self._called_target(value) and not self._called_target(target):
            return f"{value.text} is the target"
        return None

    def _called_target(self, figure: Figure) -> bool:
        head = table_head(figure)
        if figure.sentence.block.cells:
            return self.target.search(head) is not None
        folded = figure.sentence.folded
        before = self.called_before.search(folded[max(0, figure.first - 30) : figure.first])
        return before is not None or self.called_after.match(folded, figure.last) is not None

    def _movement(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """A movement said of value and prior: wrong where both stand in the wrong order, or the verb is the other one."""
        fact = self.reading.facts[place]
        if fact.prior is None or fact.prior == fact.value or fact.target == fact.prior:
            return None
        by_role = {binding.comparator: binding.figure for binding in reversed(bindings)}
        value, prior = by_role.get("value"), by_role.get("prior")
        if value is None or prior is None:
            return None
        first, second = sorted((value, prior), key=lambda figure: figure.first)
        folded = sentence.folded
        if self._is_older(folded, value) and not self._is_older(folded, prior):
            return f"{value.text} was before, {prior.text} is now"
        if self._clause(folded, value) != self._clause(folded, prior) and self._in_older_clause(folded, value):
            if not self._in_older_clause(folded, prior):
                return f"{value.text} was before, {prior.text} is now"
        if first is value and (said := self._moved_from(folded, prior)) is not None:
            return None if (said == "up") == (fact.value > fact.prior) else f"{value.text} is {said} from {prior.text}"
        if self._from_to(folded, first.first, first.last, second.first):
            if first is value:
                return f"it went from {first.text} to {second.text}"
        said = self._said(folded, self._clause_start(folded, place, sentence, first.first), first.first)
        between = folded[first.last : second.first]
        joined = self._said(folded, first.last, second.first)
        rose = fact.value > fact.prior
        if joined and len(between) < 40:
            # "£27,000, up from £24,250": the first is the newer one, the word between says how it came there.
            newer_is_first = True
            claimed_rise = joined == "up"
        elif said and len(between) < 24:
            # "rose from 27 to 31": the second is the newer one.
            newer_is_first = False
            claimed_rise = said == "up"
        else:
            return None
        if claimed_rise == rose:
            return None
        shown_rise = (first.number > second.number) if newer_is_first else (second.number > first.number)
        name = "a rise" if claimed_rise else "a fall"
        return (
            f"{name} from {(second if newer_is_first else first).text} to {(first if newer_is_first else second).text}"
            if (shown_rise == claimed_rise)
            else name
        )

    def _is_older(self, folded: str, figure: Figure) -> bool:
        """Whether the word right before a figure makes it the older of two: "up from 27 %", "after 105 %"."""
        return self.older.search(folded[max(0, figure.first - 16) : figure.first]) is not None

    @staticmethod
    def _clause(folded: str, figure: Figure) -> tuple[int, int]:
        """The clause around a figure, from border to border; a mark inside a number is none."""
        start = max((match.end() for match in _BORDER.finditer(folded, 0, figure.first)), default=0)
        end = _BORDER.search(folded, figure.last)
        return start, end.start() if end is not None else len(folded)

    def _in_older_clause(self, folded: str, figure: Figure) -> bool:
        """Whether the clause around a figure names the period before, or a period that is not the draft's own."""
        clause = folded[slice(*self._clause(folded, figure))]
        if self.prior_period.search(clause) is not None:
            return True
        periods = set(self.period.findall(clause))
        return bool(periods) and bool(self._own_periods) and not periods & self._own_periods

    @cached_property
    def _own_periods(self) -> frozenset[str]:
        """The quarters and months that the draft's opening names: its own period."""
        opening = [sentence.folded for sentence in self.reading.sentences[:1]]
        return frozenset(period for words in opening for period in self.period.findall(words))

    def _moved_from(self, folded: str, prior: Figure) -> str | None:
        """up or down where the older figure stands as "up from 27 %", or None."""
        start = max(0, prior.first - 22)
        if self.origin.search(folded[start : prior.first]) is None:
            return None
        border = max(folded.rfind(mark, start, prior.first) for mark in ",;(")
        return self._said(folded, max(start, border + 1), prior.first)

    def _from_to(self, folded: str, start: int, end: int, following: int) -> bool:
        """Whether two figures stand as "from A to B": then the first is the older one, whatever the verb."""
        before = folded[max(0, start - 12) : start]
        return self.origin.search(before) is not None and self.goal.fullmatch(folded[end:following].strip()) is not None

    def _clause_start(self, folded: str, place: int, sentence: Sentence, until: int) -> int:
        """Where the clause begins that leads up to a figure: at the fact's name or, without one, a little before."""
        named = [
            mention.first
            for mention in self.reading.mentions[sentence.number]
            if mention.fact == place and mention.first < until
        ]
        start = max(0, until - _NEAR * 2)
        border = max(folded.rfind(mark, start, until) for mark in (";", ". ", "; ", "، "))
        return max(start, border + 1, min(named[-1:] or [0]) if named and until - named[-1] < _NEAR * 2 else 0)

    def _said(self, folded: str, start: int, end: int) -> str | None:
        """The last movement word between two places: up, down, or None where there is none."""
        ups = [match.start() for match in self.up.finditer(folded, start, end)]
        downs = [match.start() for match in self.down.finditer(folded, start, end)]
        if not ups and not downs:
            return None
        if self.negation.search(folded, start, end):
            return None
        return "up" if max(ups, default=-1) > max(downs, default=-1) else "down"

    def _standing(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """A standing said between value and target (or team): "86 %, just under the 85 % target"."""
        fact = self.reading.facts[place]
        folded = sentence.folded
        values = [binding.figure for binding in bindings if binding.comparator == "value"]
        for binding in bindings:
            other = getattr(fact, binding.comparator or "", None)
            if binding.comparator not in ("target", "team") or other is None or other == fact.value or not values:
                continue
            figure = binding.figure
            before = [value for value in values if value.last <= figure.first]
            if not before:
                continue
            start = max(before[-1].last, figure.first - _NEAR)
            window = folded[start : figure.first]
            above, below = self.above.search(window), self.below.search(window)
            if (above is None) == (below is None) or self.negation.search(window):
                continue
            if (above is not None) != (fact.value > other):
                return f"{'above' if above else 'below'} {figure.text}"
        return None

    def stranger(self, sentence: Sentence) -> tuple[int, int] | None:
        """A figure right after one fact's full name that is another fact's value: (the fact named, the figure's owner)."""
        if sentence.block.kind == "table_row":
            return None
        for binding in self.reading.by_sentence.get(sentence.number, ()):
            figure = binding.figure
            named = binding.about
            if (
                binding.how != "stated"
                or named is None
                or binding.fact in (None, named)
                or binding.comparator != "value"
            ):
                continue
            assert binding.fact is not None
            if figure.kind not in ("percent", "money", "days", "multiple") or binding.near > 0.9:
                continue
            near = self.reading.binder.nearness(figure, named)
            owner_named = any(mention.fact == binding.fact for mention in self.reading.mentions[sentence.number])
            if near >= 5.3 and not owner_named and fits_unit(figure, self.reading.facts[named]) == 1.0:
                return named, binding.fact
        return None
