"""Standing as the words tell it: above or below target or team, met or missed, held against the fact."""

from __future__ import annotations

import re
from dataclasses import replace

from evals.reading.binding import Binding, table_head
from evals.reading.derivation import step_within
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.figures import Figure
from evals.reading.reading import Reading

_REACH = 34
# The same where the value follows: only an article may stand between.
_TOUCHING = 18
_MARK = re.compile(r"[,;:.()](?:\s|$)")


class Standing:
    """Reads claims of standing in one reading."""

    def __init__(self, reading: Reading) -> None:
        language = reading.language
        self.reading = reading
        self.above = language.pattern("movement.above")
        self.below = language.pattern("movement.below")
        self.missed = language.pattern("movement.missed")
        self.target = language.pattern("movement.target")
        self.team = language.pattern("movement.team")
        self.negation = language.pattern("movement.negation")
        target, link = self.target.pattern, language.pattern("movement.target_link").pattern
        against = language.pattern("movement.against").pattern
        # "a target of 90 %", "against 90 %"; "the 90 % target".
        self.called_before = re.compile(rf"(?:(?:{target})\s+(?:(?:{link})\s+)?|(?:{against})\s+)$")
        self.called_after = re.compile(rf"[\s-]?(?:{target})")

    def exchanged(self, fact: FactView, bindings: list[Binding]) -> str | None:
        """Value and target exchanged: words or column call the value's figure the target, and not the target's."""
        figures = {binding.comparator: binding.figure for binding in reversed(bindings)}
        value, target = figures.get("value"), figures.get("target")
        if value is None or target is None or fact.value in (fact.target, fact.prior):
            return None
        if self._called_target(value) and not self._called_target(target):
            return f"{value.text} is the target"
        return None

    def _called_target(self, figure: Figure) -> bool:
        if figure.sentence.block.cells:
            return self.target.search(table_head(figure)) is not None
        folded = figure.sentence.folded
        before = self.called_before.search(folded[max(0, figure.first - 30) : figure.first])
        return before is not None or self.called_after.match(folded, figure.last) is not None

    def contradicted_in_row(self, sentence: Sentence, fact: FactView, bindings: list[Binding]) -> str | None:
        """A table row that exchanges value and target, or says "missed" of a target that was met."""
        verdict = self._verdict(sentence, fact, bindings)
        return self.exchanged(fact, bindings) or verdict

    def contradicted(self, sentence: Sentence, place: int, bindings: list[Binding]) -> str | None:
        """What is wrongly said of the fact's standing to its target or team, or None."""
        fact = self.reading.facts[place]
        values = [binding.figure for binding in bindings if binding.comparator == "value"]
        yardsticks = {"target": fact.target, "team": fact.team}
        ends = [binding.figure.last for binding in self.reading.by_sentence.get(sentence.number, ())]
        for binding in bindings:
            figure, other = binding.figure, yardsticks.get(binding.comparator or "")
            if other is None or other == fact.value:
                continue
            reach = _REACH if any(value.last <= figure.first for value in values) else _TOUCHING
            if reach == _TOUCHING and not self._value_follows(sentence.folded, figure, values):
                continue
            # Only the words since the figure before: "2 reps with less than 2x, when nobody should".
            since = max((end for end in ends if end <= figure.first), default=0)
            start = max(since, figure.first - reach)
            if binding.comparator == "target" and self._wrongly_missed(sentence.folded, fact, start, figure.first):
                return f"missed {figure.text}"
            said = self._said(sentence.folded, start, figure.first)
            if said is not None and (said == "above") != (fact.value > other):
                return f"{said} {figure.text}"
        if not self._alone(sentence, place):
            return None
        return self._gap(sentence, fact) or self._verdict(sentence, fact, bindings)

    def _gap(self, sentence: Sentence, fact: FactView) -> str | None:
        """The wrong word after the gap to target or team: "five points short of the team"."""
        for binding in self.reading.by_sentence.get(sentence.number, ()):
            figure = binding.figure
            if binding.how != "unbound":
                continue
            after = _MARK.split(sentence.folded[figure.last : figure.last + _REACH])[0]
            for yardstick, other in ((self.target, fact.target), (self.team, fact.team)):
                if other is None or other == fact.value or yardstick.search(after) is None:
                    continue
                said = self._said(after, 0, len(after))
                if (
                    said is not None
                    and step_within(figure, replace(fact, target=other, prior=None, team=None)) == "difference"
                    and (said == "above") != (fact.value > other)
                ):
                    return f"{figure.text} {after.strip()}"
        return None

    def _wrongly_missed(self, folded: str, fact: FactView, start: int, end: int) -> bool:
        """Whether the words between value and target say "missed" of a fact that reached it."""
        if fact.better is None or fact.misses_target or self.negation.search(folded, start, end):
            return False
        return self.missed.search(folded, start, end) is not None

    @staticmethod
    def _value_follows(folded: str, yardstick: Figure, values: list[Figure]) -> bool:
        """Whether the value comes right after its yardstick: "past the $230K goal at $214K"."""
        between = (folded[yardstick.last : value.first] for value in values if value.first >= yardstick.last)
        return any(len(words) <= _TOUCHING and not _MARK.search(words) for words in between)

    def _said(self, folded: str, start: int, end: int) -> str | None:
        """above or below where the words between two places say one of them, or None."""
        above, below = self.above.search(folded, start, end), self.below.search(folded, start, end)
        if (above is None) == (below is None) or self.negation.search(folded, start, end):
            return None
        return "above" if above is not None else "below"

    def _verdict(self, sentence: Sentence, fact: FactView, bindings: list[Binding]) -> str | None:
        """ "missed" said of a fact whose value stands there and reached its target."""
        stated = any(binding.comparator == "value" for binding in bindings)
        if not stated or fact.target is None or fact.better is None or fact.misses_target:
            return None
        missed = self.missed.search(sentence.folded)
        return missed[0] if missed is not None else None

    def _alone(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence names and gives numbers of this fact only."""
        named = {mention.fact for mention in self.reading.mentions[sentence.number]}
        given = {binding.fact for binding in self.reading.by_sentence.get(sentence.number, ())}
        return (named | given) - {None} <= {place}
