"""What a draft says of each fact: where its value stands, whether its target stands beside it, what is only planned."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from evals.reading.binding import Binding, fits_unit, reads_as, stands_for
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.folding import folded_term
from evals.reading.plans import plans_of
from evals.reading.reading import Reading

# How far before a figure the word stands that holds a result against it: "against a".
_AGAINST = 12


class Statements:
    """The statements of one reading; a fact is given by its place in the reading's facts."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.facts = reading.facts
        self.document = reading.document
        language = reading.language
        self.target_words = language.pattern("movement.target")
        self.against = language.pattern("movement.against")
        self.plans = plans_of(reading)
        self._told: dict[int, bool] = {}

    @classmethod
    def of(cls, reading: Reading) -> Statements:
        """The statements of a reading, worked out once for all checks."""
        if reading.statements is None:
            reading.statements = cls(reading)
        return reading.statements

    @cached_property
    def values(self) -> list[list[Binding]]:
        """For each fact, the figures that state its value, in reading order, plans left out."""
        found: list[list[Binding]] = [[] for _ in self.facts]
        for binding in self.reading.bindings:
            if binding.fact is not None and binding.comparator == "value" and binding.sure:
                sentence = binding.figure.sentence
                if not self.plans.among(sentence):
                    found[binding.fact].append(binding)
        return found

    def names(self, sentence: Sentence, place: int) -> bool:
        """Whether a sentence names the fact, or holds a figure that surely is one of its numbers."""
        if any(mention.fact == place for mention in self.reading.mentions[sentence.number]):
            return True
        return any(
            binding.fact == place and binding.sure for binding in self.reading.by_sentence.get(sentence.number, ())
        )

    def target_shown(self, place: int) -> bool:
        """Whether a reader can see the fact's target next to its value, or in a table or list of targets."""
        fact = self.facts[place]
        if self.is_attainment(fact):
            return True
        stated = {binding.figure.sentence.number: binding.figure.sentence for binding in self.values[place]}
        near = {other.number: other for sentence in stated.values() for other in self.document.next_to(sentence)}
        shown = any(self._shows_target(sentence, place, fact) for sentence in near.values())
        return shown or any(self._listed_target(place, fact))

    def speaks_of_target(self, sentence: Sentence) -> bool:
        """Whether a word for target stands in the sentence."""
        if sentence.number not in self._told:
            self._told[sentence.number] = self.target_words.search(sentence.folded) is not None
        return self._told[sentence.number]

    def is_attainment(self, fact: FactView) -> bool:
        """Whether the fact is a share of its own target, so that stating it states the target: 104 % of quota."""
        return (
            fact.kind == "ratio"
            and fact.target == 1.0
            and (fact.metric_id.endswith("attainment") or bool(self.target_words.search(folded_term(fact.label))))
        )

    def shows_target_in(self, sentence: Sentence, place: int) -> bool:
        """Whether one sentence shows the fact's target."""
        return self._shows_target(sentence, place, self.facts[place])

    def _shows_target(self, sentence: Sentence, place: int, fact: FactView) -> bool:
        assert fact.target is not None
        bindings = self.reading.by_sentence.get(sentence.number, ())
        for binding in bindings:
            if binding.fact == place and binding.comparator in ("target", "target_before"):
                # A number that prior or team share shows the target only where a word or a column says so.
                told = sentence.block.cells or self.speaks_of_target(sentence) or self._set_against(binding)
                if told or fact.target not in (fact.prior, fact.team):
                    return True
                continue
            if self._shows_number(binding, sentence, place) or self._relative_to_target(binding, sentence, fact):
                return True
        return False

    def _set_against(self, binding: Binding) -> bool:
        """Whether the figure is what a result is held against: "3.1x against 3.0x"."""
        figure = binding.figure
        before = figure.sentence.folded[max(0, figure.first - _AGAINST) : figure.first]
        return self.against.search(before) is not None

    def _shows_number(self, binding: Binding, sentence: Sentence, place: int) -> bool:
        """Whether a figure that was not bound to the target may be read as it all the same."""
        fact = self.facts[place]
        assert fact.target is not None
        if binding.fact is not None and binding.fact != place and binding.sure:
            return False
        if fits_unit(binding.figure, fact) == 0 or not stands_for(binding.figure, fact, fact.target):
            return False
        if fact.value == fact.target:
            return self.speaks_of_target(sentence)
        return binding.fact != place or binding.comparator != "value"

    def _relative_to_target(self, binding: Binding, sentence: Sentence, fact: FactView) -> bool:
        """Whether a figure gives the share or the gap by which the value stands to its target: "111% of quota"."""
        figure = binding.figure
        assert fact.target is not None
        if not sentence.block.cells and not self.speaks_of_target(sentence):
            return False
        if figure.kind in ("percent", "index") and fact.target and reads_as(figure, fact.value / fact.target):
            return fact.kind != "ratio" or not reads_as(figure, fact.value)
        if fact.value == fact.target or not reads_as(figure, fact.value - fact.target):
            return False
        if figure.kind == "points":
            return fact.kind == "ratio"
        about_it = binding.about in (None, self.facts.index(fact)) and binding.how == "unbound"
        return figure.kind != "percent" and fits_unit(figure, fact) >= 0.5 and about_it

    def _listed_target(self, place: int, fact: FactView) -> Iterator[bool]:
        for sentence in self.document.sentences:
            block = sentence.block
            listed = block.kind == "table_row" or self.target_words.search(f"{block.section.title} | {block.label}")
            if listed and not self.plans.among(sentence) and self.names(sentence, place):
                yield self._shows_target(sentence, place, fact)
