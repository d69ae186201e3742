"""Which sentences of a draft say what is to come: its next steps, and whatever else is told as a plan.

One reader for all checks. A block is a next step by the words above it or in it; one that states a result is none,
unless it stands under a heading of plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

from evals.reading.binding import Binding
from evals.reading.document import LEAD_IN, Block, Section, Sentence
from evals.reading.families import Word
from evals.reading.reading import Reading
from evals.reading.wording import wording_of

# From this share of the sentences on, a wish is a plan: "We keep pushing."
_LATE = 0.6
_LOOSE_WISHES = frozenset({"plans.wish.focus", "plans.wish.ambition"})
_OF_PERIODS = frozenset({"vague.merit.period", "comparison.ordinal.ordinal"})
# A line that announces a list has at most this many words.
_LINE_WORDS = 5
# How many blocks may follow the next steps: a closing line, and what was left out.
_AFTER_PLAN = 2


class Plans:
    """The plans of one reading. Build it through `plans_of`."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.document = reading.document
        self.wording = wording_of(reading)

    def is_plan(self, sentence: Sentence) -> bool:
        """Whether a sentence says what will be done: it stands among the next steps, or is told as one."""
        return self.among(sentence) or self.is_step(sentence)

    def among(self, sentence: Sentence) -> bool:
        """Whether a sentence stands among the next steps: their list, or a closing paragraph that opens with a plan."""
        return sentence.block.index in self.blocks

    def future(self, sentence: Sentence) -> bool:
        """Whether the sentence says what will be done, wherever it stands.

        What somebody has said, and what a relative clause tells, is no plan: "The CIO confirmed that the order will
        come", "two firms that will merge".
        """
        words = self.wording.words(sentence)
        relative = {hit.last for hit in self.wording.hits(sentence, "plans.relative")}
        said = min((hit.first for hit in self.wording.hits(sentence, "plans.said")), default=len(words))
        return any(
            hit.first < said and hit.first - 1 not in relative for hit in self.wording.hits(sentence, "plans.future")
        )

    def is_step(self, sentence: Sentence) -> bool:
        """Whether the sentence is a next step: told as one, or an item of their list."""
        return sentence.number in self._steps

    @cached_property
    def _steps(self) -> frozenset[int]:
        return frozenset(sentence.number for sentence in self.reading.sentences if self._is_step(sentence))

    def _is_step(self, sentence: Sentence) -> bool:
        if self.future(sentence) or (self._late(sentence) and (self._wishes(sentence) or self._announces(sentence))):
            return True
        return self.among(sentence) and sentence.block.kind in ("bullet", "table_row")

    def _wishes(self, sentence: Sentence) -> bool:
        """Whether the sentence is an intention; "work on", "motivated" and the like may as well tell what was done."""
        return any(hit.path not in _LOOSE_WISHES for hit in self.wording.hits(sentence, "plans.wish"))

    def _announces(self, sentence: Sentence) -> bool:
        """Whether the writer says in the present tense what comes: "I augusti skickar jag prislistan"."""
        writer = {hit.first for hit in self.wording.hits(sentence, "plans.writer")}
        return any({hit.first - 1, hit.last + 1} & writer for hit in self.wording.hits(sentence, "plans.action"))

    def _late(self, sentence: Sentence) -> bool:
        """Whether the sentence stands where intentions do: towards the draft's end."""
        return sentence.number >= _LATE * len(self.reading.sentences)

    @cached_property
    def blocks(self) -> frozenset[int]:
        """The numbers of the blocks that are next steps."""
        blocks = self.document.blocks
        found = {number for number in self._announced() if not self._is_result(blocks[number])}
        for block in blocks[len(blocks) // 2 :]:
            if not block.sentences or block.kind not in ("paragraph", "bullet"):
                continue
            if self.future(block.sentences[0]) and not self._states_result([block]):
                found.add(block.index)
        for section in self.document.sections:
            if section.level == LEAD_IN and self._is_closing_list(section):
                found.update(block.index for block in section.blocks)
        return frozenset(found)

    def _announced(self) -> Iterable[int]:
        """The numbers of the blocks under a heading of plans, with such a label, or under a line that reads like one
        ("Next actions"); where the draft has none of these, its last list of instructions.
        """
        sections: dict[int, bool] = {}
        plans: set[int] = set()
        led = False
        for block in self.document.blocks:
            if block.kind != "bullet":
                led = self._plan_line(block)
            if block.kind != "heading" and (
                led or self._plan_section(block.section, sections) or self._plan_label(block)
            ):
                plans.add(block.index)
        return plans or self._last_instructions()

    def _plan_line(self, block: Block) -> bool:
        """Whether a short line, though no heading, announces the list under it: "Next actions"."""
        short = block.kind == "paragraph" and len(block.sentences) == 1 and len(block.folded.split()) <= _LINE_WORDS
        return short and self._plan_heading(block)

    def _plan_section(self, section: Section, known: dict[int, bool]) -> bool:
        key = id(section)
        if key not in known:
            above = section.parent is not None and section.parent.heading is not None
            known[key] = self._plan_heading(section.heading) or (
                above and section.parent is not None and self._plan_section(section.parent, known)
            )
        return known[key]

    def _plan_heading(self, heading: Block | None) -> bool:
        if heading is None or not heading.sentences:
            return False
        announced = self.wording.has(heading.sentences[0], "plans.headings", "plans.future")
        return announced and not self._other_heading(heading)

    def _other_heading(self, heading: Block | None) -> bool:
        above = heading.sentences if heading is not None else ()
        return any(self.wording.has(sentence, "plans.other_headings") for sentence in above[:1])

    def _plan_label(self, block: Block) -> bool:
        if not block.label or not block.sentences:
            return False
        sentence = block.sentences[0]
        others = [hit for hit in self.wording.hits(sentence, "plans.other_headings") if hit.start < block.label_end]
        if others:
            return False
        groups = ["plans.headings"]
        # "Keep:" and "Fix:" announce a step only where steps stand: in the draft's second half.
        if block.index * 2 >= len(self.document.blocks):
            groups.append("plans.labels")
        # "Plan realised by 106%: contracts for …" opens with a result.
        if any(figure.first < block.label_end for figure in self.wording.figures(sentence)):
            return False
        if any(hit.start < block.label_end for hit in self.wording.hits(sentence, *groups)):
            return True
        label = [word for word in self.wording.words(sentence) if word.start < sentence.body]
        return len(groups) > 1 and self._only_a_period(sentence, label)

    def _last_instructions(self) -> list[int]:
        """The last run of bullets, where most of them open with an instruction or the label of one."""
        bullets = [block for block in self.document.blocks if block.kind == "bullet" and block.parent is None]
        if not bullets:
            return []
        section = bullets[-1].section
        last = [block for block in bullets if block.section is section]
        if self.document.blocks[-1].index - last[-1].index > _AFTER_PLAN or self._other_heading(section.heading):
            return []
        if len(last) > 1 and self._names_only_a_period(section.heading):
            return [block.index for block in last]
        told = sum(self._instructs(block) for block in last)
        return [block.index for block in last] if len(last) > 1 and 2 * told >= len(last) else []

    def _instructs(self, block: Block) -> bool:
        if not block.sentences:
            return False
        sentence = block.sentences[0]
        opening = self.wording.words(sentence)[:1] + self.wording.body_words(sentence)[:1]
        starts = {word.start for word in opening}
        return any(hit.start in starts for hit in self.wording.hits(sentence, "plans.action", "plans.labels"))

    def _names_only_a_period(self, heading: Block | None) -> bool:
        """Whether a heading is a month or a quarter alone: at the draft's end, the coming one."""
        if heading is None or not heading.sentences:
            return False
        sentence = heading.sentences[0]
        return self._only_a_period(sentence, self.wording.words(sentence))

    def _only_a_period(self, sentence: Sentence, words: Sequence[Word]) -> bool:
        """Whether these words name a month, a quarter or a year and nothing else: "In the third quarter"."""
        months = self.reading.language.words("numbers.dates.months")
        dated = {
            hit.start
            for hit in self.wording.hits(sentence, "vague.merit", "comparison.ordinal")
            if hit.path in _OF_PERIODS
        }
        grammar = {
            hit.start for hit in self.wording.hits(sentence, "claims.common") if hit.path == "claims.common.grammar"
        }
        telling = [word for word in words if word.start in dated or word.start not in grammar]
        return bool(telling) and all(
            word.text in months or word.start in dated or word.text[-1].isdigit() for word in telling
        )

    def _is_result(self, block: Block) -> bool:
        """Whether a block taken for a plan states a result, with no heading of plans above it.

        "Next quarter: get win rate to 35%, call the seven stalled customers" is a plan with a value in it; "Plan: 1.05M
        against 1.0M" is none. So under a label of plans the first figure decides.
        """
        heading = block.section.heading
        above = heading.sentences[:1] if heading is not None else ()
        if any(self.wording.has(sentence, "plans.headings") for sentence in above):
            return False
        sentence = block.sentences[0] if block.sentences else None
        labels = self.wording.hits(sentence, "plans.headings") if sentence is not None else ()
        if not any(hit.start < block.label_end for hit in labels):
            return self._states_result([block])
        bound = (each for other in block.sentences for each in self.reading.by_sentence.get(other.number, ()))
        first = next((binding for binding in bound if binding.fact is not None), None)
        return first is not None and self._is_value(first)

    def _is_closing_list(self, section: Section) -> bool:
        """Whether a lead-in ("June:") of the draft's second half opens a list that states no result."""
        if not section.blocks or section.blocks[0].kind != "bullet":
            return False
        if section.blocks[0].index < len(self.document.blocks) / 2:
            return False
        return not self._states_result([block for block in section.blocks if block.kind == "bullet"])

    def _states_result(self, blocks: list[Block]) -> bool:
        """Whether blocks state a value that is not just its target: then they are results, whatever stands above."""
        sentences = (sentence for block in blocks for sentence in block.sentences)
        bound = (each for sentence in sentences for each in self.reading.by_sentence.get(sentence.number, ()))
        return any(self._is_value(binding) for binding in bound)

    def _is_value(self, binding: Binding) -> bool:
        if binding.fact is None or binding.comparator != "value" or not binding.sure:
            return False
        fact = self.reading.facts[binding.fact]
        return fact.value != fact.target


@lru_cache(maxsize=8)
def plans_of(reading: Reading) -> Plans:
    """The reading's plans, worked out once for all checks that ask."""
    return Plans(reading)
