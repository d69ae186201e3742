"""Whether the skim shows that a result fell short: named there as short, lower or at risk, with its figure near."""

from __future__ import annotations

import re

from evals.reading.binding import Binding
from evals.reading.claims import claims_of
from evals.reading.document import Sentence
from evals.reading.facts import FactView, same_result
from evals.reading.reading import Reading
from evals.reading.statements import Statements

_BRACKETS = re.compile(r"\([^()]*\)")
_CLAUSE_END = re.compile(r"[,;:.!?،؛–—|]")


class Shortfall:
    """Looks for shortfalls in the skim of one reading."""

    def __init__(self, reading: Reading, statements: Statements) -> None:
        language = reading.language
        self.reading = reading
        self.statements = statements
        self.claims = claims_of(reading)
        self.weak = language.pattern("movement.weak", "movement.missed", "movement.worse")
        self.more_is_weak = language.pattern("movement.weak_when_lower_is_better")
        self.less_is_weak = language.pattern("movement.weak_when_higher_is_better")
        self.concessive = language.pattern("movement.concessive")

    def seen_in_skim(self, place: int) -> bool:
        """Whether a heading, table row or first sentence shows the fact, or the same result, as falling short."""
        facts = self.reading.facts
        alike = [other for other, fact in enumerate(facts) if fact.weak and same_result(fact, facts[place])]
        return any(
            self._shows(sentence, shown)
            for sentence in self.reading.document.skim
            if not self.statements.plans.among(sentence)
            for shown in (place, *alike)
            if self.statements.names(sentence, shown)
        )

    def _shows(self, sentence: Sentence, place: int) -> bool:
        fact = self.reading.facts[place]
        if sentence.block.kind == "table_row":
            return self._row_shows(sentence, place)
        if sentence.block.kind == "heading":
            return self.speaks_of_shortfall(sentence.folded, fact)
        if self.claims.misjudged(sentence, place) is not None:
            return False
        small = self._made_small(sentence, fact)
        open_places = [
            at for at in self._places(sentence, place) if not any(first <= at < last for first, last in small)
        ]
        if not open_places or not self._figure_follows(sentence, place):
            return False
        if self._target_beside(sentence, place):
            return True
        plain = _without(sentence.folded, small)
        return any(self._applies(sentence, place, open_places, at) for at in self._cues(plain, fact))

    def _cues(self, folded: str, fact: FactView) -> list[int]:
        """Where words say that something is short, weak or at risk, or that it moves the fact's bad way."""
        found = [match.start() for match in self.weak.finditer(folded)]
        if fact.better is not None:
            bad = self.more_is_weak if fact.better == "lower" else self.less_is_weak
            found += [match.start() for match in bad.finditer(folded)]
        return found

    def _applies(self, sentence: Sentence, place: int, places: list[int], cue: int) -> bool:
        """Whether a cue speaks of this fact: no other result's figure stands between, or it comes before them all."""
        facts = self.reading.facts
        others = {
            binding.fact
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.comparator == "value"
            and binding.sure
            and binding.fact not in (None, place)
            and not same_result(facts[binding.fact], facts[place])
        }
        strangers = [mention.first for mention in self.reading.mentions[sentence.number] if mention.fact in others]
        strangers += [
            binding.figure.first
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact in others
        ]
        if cue < min([*strangers, *places]):
            return True
        return any(not any(min(cue, at) < stranger < max(cue, at) for stranger in strangers) for at in places)

    def _row_shows(self, sentence: Sentence, place: int) -> bool:
        """A row that holds value and target, or value and a word of shortfall."""
        numbers = {binding.comparator for binding in self._bindings(sentence, place)}
        fact = self.reading.facts[place]
        if "value" not in numbers and not any(binding.fact == place for binding in self._bindings(sentence, place)):
            return False
        if fact.target is None:
            return "prior" in numbers or self.speaks_of_shortfall(sentence.folded, fact)
        return self.statements.shows_target_in(sentence, place) or self.speaks_of_shortfall(sentence.folded, fact)

    def _bindings(self, sentence: Sentence, place: int) -> list[Binding]:
        return [binding for binding in self.reading.by_sentence.get(sentence.number, ()) if binding.fact == place]

    def _places(self, sentence: Sentence, place: int) -> list[int]:
        """Where the sentence names the fact or shows its value."""
        named = [mention.first for mention in self.reading.mentions[sentence.number] if mention.fact == place]
        valued = [
            binding.figure.first
            for binding in self._bindings(sentence, place)
            if binding.comparator == "value" and binding.sure
        ]
        return [*valued, *named]

    def _figure_follows(self, sentence: Sentence, place: int) -> bool:
        """Whether the value stands in the sentence or later in the same paragraph or bullet."""
        block = sentence.block
        following = [other for other in block.sentences if other.index >= sentence.index]
        if any(
            binding.comparator in ("value", "target", "prior") or binding.how == "derived"
            for other in following
            for binding in self._bindings(other, place)
        ):
            return True
        children = [child for child in block.section.blocks if child.parent is block]
        return any(self._bindings(other, place) for child in children for other in child.sentences)

    def _target_beside(self, sentence: Sentence, place: int) -> bool:
        """Whether value and target stand side by side, outside brackets: a reader sees that one misses the other."""
        fact = self.reading.facts[place]
        if fact.target is None:
            return False
        small = self._made_small(sentence, fact)
        beside = [
            binding
            for near in self.reading.document.next_to(sentence)
            if near is sentence or near.block is not sentence.block
            for binding in self._bindings(near, place)
        ]
        # The value must stand in the open; its target may be in brackets beside it.
        numbers = {
            binding.comparator
            for binding in beside
            if binding.comparator == "target"
            or binding.figure.sentence is not sentence
            or not any(first <= binding.figure.first < last for first, last in small)
        }
        if self.statements.is_attainment(fact):
            return "value" in numbers and self.statements.target_words.search(sentence.folded) is not None
        return "value" in numbers and "target" in numbers

    def _made_small(self, sentence: Sentence, fact: FactView) -> list[tuple[int, int]]:
        """Brackets, and concessive clauses of a sentence whose main clause tells of no shortfall."""
        folded = sentence.folded
        spans = [match.span() for match in _BRACKETS.finditer(folded)]
        for match in self.concessive.finditer(folded):
            end = _CLAUSE_END.search(folded, match.end())
            # A decimal mark ends no clause: "even though 2.4 % …".
            while end is not None and folded[end.end() : end.end() + 1].isdigit() and folded[end.start()] in ".,:":
                end = _CLAUSE_END.search(folded, end.end())
            spans.append((match.start(), end.start() if end is not None else len(folded)))
        clauses = [span for span in spans if folded[span[0]] != "("]
        if clauses and self.speaks_of_shortfall(_without(folded, clauses), None):
            return [span for span in spans if folded[span[0]] == "("]
        return spans

    def speaks_of_shortfall(self, folded: str, fact: FactView | None) -> bool:
        """Whether words say that something is short, weak or at risk or, given the fact, moves its bad way."""
        if self.weak.search(folded):
            return True
        if fact is None or fact.better is None:
            return False
        bad = self.more_is_weak if fact.better == "lower" else self.less_is_weak
        return bool(bad.search(folded))


def _without(folded: str, spans: list[tuple[int, int]]) -> str:
    """The text with the spans blanked out, so that offsets stay."""
    for first, last in spans:
        folded = folded[:first] + " " * (last - first) + folded[last:]
    return folded
