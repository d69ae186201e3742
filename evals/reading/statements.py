"""What a draft says of each fact: where its value stands, whether its target stands beside it, what is only planned."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from evals.reading.binding import Binding, fits_unit, reads_as, stands_for
from evals.reading.document import Block, Section, Sentence
from evals.reading.facts import FactView
from evals.reading.reading import Reading


class Statements:
    """The statements of one reading; a fact is given by its place in the reading's facts."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.facts = reading.facts
        self.document = reading.document
        language = reading.language
        self.target_words = language.pattern("movement.target")
        self._plan_headings = language.pattern("plans.headings")
        self._months = frozenset(language.words("numbers.dates.months"))
        self._plan_labels = language.pattern("plans.labels")
        self._future = language.pattern("plans.future")

    @classmethod
    def of(cls, reading: Reading) -> Statements:
        """The statements of a reading, worked out once for all checks."""
        if reading.statements is None:
            reading.statements = cls(reading)
        return reading.statements

    def is_plan(self, sentence: Sentence) -> bool:
        """Whether a sentence says what will be done: it stands under next steps, or speaks of the future."""
        return self.in_plan_section(sentence) or bool(self._future.search(sentence.folded))

    def in_plan_section(self, sentence: Sentence) -> bool:
        """Whether a sentence stands under next steps: by heading, by lead-in label, or in a paragraph that opens so."""
        return sentence.block.section in self._plan_sections or sentence.block in self._plan_blocks

    @cached_property
    def _plan_sections(self) -> set[Section]:
        found: set[Section] = set()
        for section in self.document.sections:
            heading = section.heading
            if heading is None:
                continue
            names_fact = any(self.reading.mentions[sentence.number] for sentence in heading.sentences)
            planned = self._plan_headings.search(section.title) and not names_fact
            leads_in = section.level == 8 or set(section.title.split()) <= self._months
            if section.parent in found or planned or (leads_in and self._is_closing_list(section)):
                found.add(section)
        return found

    def _is_closing_list(self, section: Section) -> bool:
        """Whether a lead-in ("June:") of the draft's second half opens a list that states no result."""
        if not section.blocks or section.blocks[0].kind != "bullet":
            return False
        if section.blocks[0].index < len(self.document.blocks) / 2:
            return False
        return not self._states_result([block for block in section.blocks if block.kind == "bullet"])

    def _states_result(self, blocks: list[Block]) -> bool:
        """Whether blocks state a value that is not just its target: then they are results, whatever stands above."""
        return any(
            binding.comparator == "value"
            and binding.sure
            and self.facts[binding.fact].value != self.facts[binding.fact].target
            for block in blocks
            for sentence in block.sentences
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact is not None
        )

    @cached_property
    def _plan_blocks(self) -> set[Block]:
        found: set[Block] = set()
        half = len(self.document.blocks) / 2
        for block in self.document.blocks:
            if block.kind in ("heading", "table_row") or not block.sentences:
                continue
            labelled = block.label and (
                self._plan_headings.search(block.label)
                or (block.index >= half and self._plan_labels.search(block.label))
            )
            opens = block.index >= half and self._future.search(block.sentences[0].folded)
            planned = (labelled or opens) and not self._states_result([block])
            if planned or block.parent in found:
                found.add(block)
        return found

    @cached_property
    def values(self) -> list[list[Binding]]:
        """For each fact, the figures that state its value, in reading order, plans left out."""
        found: list[list[Binding]] = [[] for _ in self.facts]
        for binding in self.reading.bindings:
            if binding.fact is not None and binding.comparator == "value" and binding.sure:
                sentence = binding.figure.sentence
                if not self.in_plan_section(sentence):
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
        return any(
            self._shows_target(near, place, fact)
            for binding in self.values[place]
            for near in self.document.next_to(binding.figure.sentence)
        ) or any(self._listed_target(place, fact))

    def is_attainment(self, fact: FactView) -> bool:
        """Whether the fact is a share of its own target, so that stating it states the target: 104 % of quota."""
        return (
            fact.kind == "ratio"
            and fact.target == 1.0
            and (fact.metric_id.endswith("attainment") or bool(self.target_words.search(fact.label.lower())))
        )

    def shows_target_in(self, sentence: Sentence, place: int) -> bool:
        """Whether one sentence shows the fact's target."""
        return self._shows_target(sentence, place, self.facts[place])

    def _shows_target(self, sentence: Sentence, place: int, fact: FactView) -> bool:
        assert fact.target is not None
        bindings = self.reading.by_sentence.get(sentence.number, ())
        for binding in bindings:
            figure = binding.figure
            if binding.fact == place and binding.comparator in ("target", "target_before"):
                return True
            other = binding.fact is not None and binding.fact != place and binding.sure
            if not other and fits_unit(figure, fact) > 0 and stands_for(figure, fact, fact.target):
                if not (binding.fact == place and binding.comparator == "value" and fact.value != fact.target):
                    if fact.value != fact.target or self.target_words.search(sentence.folded):
                        return True
            if self._relative_to_target(binding, sentence, fact):
                return True
        return False

    def _relative_to_target(self, binding: Binding, sentence: Sentence, fact: FactView) -> bool:
        """Whether a figure gives the share or the gap by which the value stands to its target: "111% of quota"."""
        figure = binding.figure
        assert fact.target is not None
        if not self.target_words.search(sentence.folded):
            if not sentence.block.cells:
                return False
        if figure.kind in ("percent", "index") and fact.target and reads_as(figure, fact.value / fact.target):
            return fact.kind != "ratio" or not reads_as(figure, fact.value)
        if fact.value != fact.target and reads_as(figure, fact.value - fact.target):
            return (figure.kind == "points" and fact.kind == "ratio") or (
                figure.kind != "percent"
                and fits_unit(figure, fact) >= 0.5
                and binding.about in (None, self.facts.index(fact))
                and binding.how == "unbound"
            )
        return False

    def _listed_target(self, place: int, fact: FactView) -> Iterator[bool]:
        for sentence in self.document.sentences:
            block = sentence.block
            listed = block.kind == "table_row" or (
                block.kind == "bullet" and self.target_words.search(block.section.title)
            )
            if listed and not self.in_plan_section(sentence) and self.names(sentence, place):
                yield self._shows_target(sentence, place, fact)
