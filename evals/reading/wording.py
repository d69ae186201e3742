"""The words of a draft by family, and what the place of a sentence says about them: plans, quotations, names.

One pass over the draft, shared by every check that reads words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType

from evals.reading.document import Block, Section, Sentence
from evals.reading.families import Families, Hit, Word, words_of
from evals.reading.figures import Figure
from evals.reading.folding import fold, folded_term
from evals.reading.language import Language
from evals.reading.reading import Reading

TOPICS = ("vague", "plans", "causes", "comparison", "activity", "pipeline", "structure", "claims")

# What stands between quotation marks of any of the five languages: "…", “…”, „…”, «…», »…«, ”…”, '…'.
_QUOTATION = re.compile(
    r"\"[^\"]{2,600}\"|“[^”]{2,600}”|„[^”“\"]{2,600}[”“\"]|«[^»]{2,600}»|»[^«]{2,600}«|”[^”]{2,600}”"
    r"|(?<!\w)'(?:[^']|'(?=\w)){2,600}'(?!\w)"
)
# From this share of the sentences on, a wish is a plan: "We keep pushing."
_LATE = 0.6
_LOOSE_WISHES = frozenset({"plans.wish.focus", "plans.wish.ambition"})
_OF_PERIODS = frozenset({"vague.merit.period", "comparison.ordinal.ordinal"})
# Words this short say nothing by themselves: "I maj:".
_PREPOSITION = 2
# A line that announces a list has at most this many words.
_LINE_WORDS = 5
# How many blocks may follow the next steps: a closing line, and what was left out.
_AFTER_PLAN = 2
_NONE: Mapping[str, Sequence[Hit]] = MappingProxyType({})


class Wording:
    """Which families the words of each sentence belong to. Build it through `wording_of`."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        families = families_of(reading.language)
        self._words: list[list[Word]] = []
        self._hits: list[Mapping[str, Sequence[Hit]]] = []
        for sentence in reading.sentences:
            words = words_of(sentence.folded)
            self._words.append(words)
            self._hits.append(_by_group(families.find(words)))

    def words(self, sentence: Sentence) -> list[Word]:
        """The sentence's words in order; places are those of its folded text."""
        return self._words[sentence.number]

    def hits(self, sentence: Sentence, *groups: str) -> list[Hit]:
        """Hits of the named groups (`vague.praise`, `plans.wish`), in the order of their first words."""
        found = self._hits[sentence.number]
        if len(groups) == 1:
            return list(found.get(groups[0], ()))
        return sorted((hit for group in groups for hit in found.get(group, ())), key=lambda hit: hit.first)

    def has(self, sentence: Sentence, *groups: str) -> bool:
        """Whether a word of one of the groups stands in the sentence."""
        found = self._hits[sentence.number]
        return any(group in found for group in groups)

    @cached_property
    def _figures(self) -> dict[int, list[Figure]]:
        by_sentence: defaultdict[int, list[Figure]] = defaultdict(list)
        for figure in self.reading.figures:
            by_sentence[figure.sentence.number].append(figure)
        return dict(by_sentence)

    def figures(self, sentence: Sentence) -> list[Figure]:
        """The measured numbers of the sentence."""
        return self._figures.get(sentence.number, [])

    def telling_words(self, sentence: Sentence) -> list[Word]:
        """The words of a sentence that carry a claim.

        Left out are grammar and the everyday words of selling (`claims.common`), names, figures and the words of
        headings: names, role, period and what was owned need no evidence.
        """
        common = {hit.first for hit in self._hits[sentence.number].get("claims.common", ())}
        figures = self.figures(sentence)
        return [
            word
            for number, word in enumerate(self.words(sentence))
            if number not in common
            and len(word.text) > _PREPOSITION
            and word.start >= sentence.body
            and word.text not in self.heading_words
            and not word.text[0].isdigit()
            and not any(figure.first < word.end and word.start < figure.last for figure in figures)
            and (self.all_capitals(sentence, word) or not self.named(sentence, number))
        ]

    @cached_property
    def in_notes(self) -> list[list[Hit]]:
        """For each piece of evidence, the families that its words belong to."""
        families = families_of(self.reading.language)
        return [families.find(words_of(fold(entry.text).text)) for entry in self.reading.evidence]

    def body_words(self, sentence: Sentence) -> list[Word]:
        """The sentence's words without its lead-in label."""
        return [word for word in self.words(sentence) if word.start >= sentence.body]

    @cached_property
    def _quotations(self) -> dict[int, list[tuple[int, int]]]:
        """Spans between quotation marks, by the number of their block, in the block's folded text."""
        spans = {}
        for block in self.reading.document.blocks:
            if found := [match.span() for match in _QUOTATION.finditer(block.folded)]:
                spans[block.index] = found
        return spans

    def quoted(self, sentence: Sentence, start: int, end: int) -> bool:
        """Whether these words of the sentence are somebody else's."""
        if sentence.block.kind == "quote":
            return True
        first, last = sentence.first + start, sentence.first + end
        return any(a <= first and last <= b for a, b in self._quotations.get(sentence.block.index, ()))

    def capital(self, sentence: Sentence, word: Word) -> bool:
        """Whether the draft writes the word with a capital."""
        return self.reading.document.text[sentence.block.origins[sentence.first + word.start]].isupper()

    def all_capitals(self, sentence: Sentence, word: Word) -> bool:
        """Whether the draft writes the whole word in capitals: a code, not a name."""
        origins = sentence.block.origins
        start, end = origins[sentence.first + word.start], origins[sentence.first + word.end - 1] + 1
        return self.reading.document.text[start:end].isupper() and len(word.text) > 1

    def named(self, sentence: Sentence, number: int) -> bool:
        """Whether a word is (part of) a name: a capital inside the sentence, or two capitals at its beginning.

        In a heading or a label that writes every word with a capital, a capital says nothing.
        """
        words = self.words(sentence)
        word = words[number]
        if not self.capital(sentence, word) or self._title_case(sentence, word):
            return False
        opens = number == 0 or word.start == sentence.body or words[number - 1].end <= sentence.body <= word.start
        if not opens:
            return True
        after = words[number + 1] if number + 1 < len(words) else None
        return after is not None and after.start - word.end == 1 and self._plain_name(sentence, after)

    def _plain_name(self, sentence: Sentence, word: Word) -> bool:
        return self.capital(sentence, word) and not any(char.isdigit() for char in word.text)

    def _title_case(self, sentence: Sentence, word: Word) -> bool:
        in_label = word.start < sentence.body
        if sentence.block.kind not in ("heading", "table_row") and not in_label:
            return False
        stretch = [
            other
            for other in self.words(sentence)
            if len(other.text) > 3 and (not in_label or other.start < sentence.body)
        ]
        return all(self.capital(sentence, other) or other.text[0].isdigit() for other in stretch)

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """The words of all headings: names, role, period and what was owned."""
        headings = [sentence for sentence in self.reading.sentences if sentence.block.kind == "heading"]
        return frozenset(word.text for sentence in headings for word in self.words(sentence))

    @cached_property
    def plan_blocks(self) -> frozenset[int]:
        """The numbers of the blocks that are next steps: under such a heading, with such a label, under a line that
        reads like one ("Next actions"), or, where the draft has none of these, its last list of instructions.
        """
        sections: dict[int, bool] = {}
        plans: set[int] = set()
        led = False
        for block in self.reading.document.blocks:
            if block.kind != "bullet":
                led = self._plan_line(block)
            if block.kind != "heading" and (
                led or self._plan_section(block.section, sections) or self._plan_label(block)
            ):
                plans.add(block.index)
        return frozenset(plans or self._last_instructions())

    def _plan_line(self, block: Block) -> bool:
        """Whether a short line, though no heading, announces the list under it: "Next actions"."""
        short = block.kind == "paragraph" and len(block.sentences) == 1 and len(block.folded.split()) <= _LINE_WORDS
        return short and self._plan_heading(block)

    def _last_instructions(self) -> list[int]:
        """The last run of bullets, where most of them open with an instruction or the label of one."""
        bullets = [block for block in self.reading.document.blocks if block.kind == "bullet" and block.parent is None]
        if not bullets:
            return []
        section = bullets[-1].section
        last = [block for block in bullets if block.section is section]
        if self.reading.document.blocks[-1].index - last[-1].index > _AFTER_PLAN or self._other_heading(
            section.heading
        ):
            return []
        if len(last) > 1 and self._names_only_a_period(section.heading):
            return [block.index for block in last]
        told = sum(self._instructs(block) for block in last)
        return [block.index for block in last] if len(last) > 1 and 2 * told >= len(last) else []

    def _names_only_a_period(self, heading: Block | None) -> bool:
        """Whether a heading is a month or a quarter alone: at the draft's end, the coming one."""
        if heading is None:
            return False
        sentence = heading.sentences[0]
        return self._only_a_period(sentence, self.words(sentence))

    def _only_a_period(self, sentence: Sentence, words: Sequence[Word]) -> bool:
        """Whether these words name a month, a quarter or a year and nothing else: "In the third quarter"."""
        months = self.reading.language.words("numbers.dates.months")
        dated = {
            hit.start for hit in self.hits(sentence, "vague.merit", "comparison.ordinal") if hit.path in _OF_PERIODS
        }
        grammar = {hit.start for hit in self.hits(sentence, "claims.common") if hit.path == "claims.common.grammar"}
        telling = [word for word in words if word.start in dated or word.start not in grammar]
        return bool(telling) and all(
            word.text in months or word.start in dated or word.text[-1].isdigit() for word in telling
        )

    def _instructs(self, block: Block) -> bool:
        sentence = block.sentences[0]
        opening = self.words(sentence)[:1] + self.body_words(sentence)[:1]
        starts = {word.start for word in opening}
        return any(hit.start in starts for hit in self.hits(sentence, "plans.action", "plans.labels"))

    def in_plan(self, sentence: Sentence) -> bool:
        """Whether the sentence stands among the next steps."""
        return sentence.block.index in self.plan_blocks

    def future(self, sentence: Sentence) -> bool:
        """Whether the sentence says what will be done, wherever it stands.

        What somebody has said, and what a relative clause tells, is no plan: "The CIO confirmed that the order will
        come", "two firms that will merge".
        """
        words = self.words(sentence)
        relative = {hit.last for hit in self.hits(sentence, "plans.relative")}
        said = min((hit.first for hit in self.hits(sentence, "plans.said")), default=len(words))
        return any(hit.first < said and hit.first - 1 not in relative for hit in self.hits(sentence, "plans.future"))

    def planned(self, sentence: Sentence) -> bool:
        """Whether the sentence is a next step: told as one, or an item of their list."""
        return sentence.number in self._planned

    @cached_property
    def _planned(self) -> frozenset[int]:
        return frozenset(sentence.number for sentence in self.reading.sentences if self._is_planned(sentence))

    def _is_planned(self, sentence: Sentence) -> bool:
        if self.future(sentence) or (self._late(sentence) and (self._wishes(sentence) or self._announces(sentence))):
            return True
        return self.in_plan(sentence) and sentence.block.kind in ("bullet", "table_row")

    def _wishes(self, sentence: Sentence) -> bool:
        """Whether the sentence is an intention; "work on", "motivated" and the like may as well tell what was done."""
        return any(hit.path not in _LOOSE_WISHES for hit in self.hits(sentence, "plans.wish"))

    def _announces(self, sentence: Sentence) -> bool:
        """Whether the writer says in the present tense what comes: "I augusti skickar jag prislistan"."""
        writer = {hit.first for hit in self.hits(sentence, "plans.writer")}
        return any({hit.first - 1, hit.last + 1} & writer for hit in self.hits(sentence, "plans.action"))

    def _late(self, sentence: Sentence) -> bool:
        """Whether the sentence stands where intentions do: towards the draft's end."""
        return sentence.number >= _LATE * len(self.reading.sentences)

    def says_why_it_matters(self, sentence: Sentence) -> bool:
        """Whether the sentence holds the line that says why a fact matters: a general truth of the metric's own."""
        return any(line in sentence.folded for line in self._why_lines)

    @cached_property
    def _why_lines(self) -> tuple[str, ...]:
        lines = (folded_term(fact.why).rstrip(".") for fact in self.reading.facts if fact.why)
        return tuple(line for line in lines if line)

    def left_out(self, sentence: Sentence) -> bool:
        """Whether the sentence says which sections were left out."""
        return any(self.has(other, "plans.left_out") for other in sentence.block.sentences)

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
        announced = self.has(heading.sentences[0], "plans.headings", "plans.future")
        return announced and not self._other_heading(heading)

    def _other_heading(self, heading: Block | None) -> bool:
        return heading is not None and self.has(heading.sentences[0], "plans.other_headings")

    def _plan_label(self, block: Block) -> bool:
        if not block.label or not block.sentences:
            return False
        sentence = block.sentences[0]
        others = [hit for hit in self.hits(sentence, "plans.other_headings") if hit.start < block.label_end]
        if others:
            return False
        groups = ["plans.headings"]
        # "Keep:" and "Fix:" announce a step only where steps stand: in the draft's second half.
        if block.index * 2 >= len(self.reading.document.blocks):
            groups.append("plans.labels")
        # "Plan realised by 106%: contracts for …" opens with a result.
        if any(figure.first < block.label_end for figure in self.figures(sentence)):
            return False
        if any(hit.start < block.label_end for hit in self.hits(sentence, *groups)):
            return True
        label = [word for word in self.words(sentence) if word.start < sentence.body]
        return len(groups) > 1 and self._only_a_period(sentence, label)


@lru_cache(maxsize=8)
def wording_of(reading: Reading) -> Wording:
    """The reading's wording, worked out once for all checks that ask."""
    return Wording(reading)


@lru_cache(maxsize=32)
def families_of(language: Language) -> Families:
    """Every family that the word checks know, built at the language's first use."""
    return Families(language, TOPICS)


def _by_group(hits: list[Hit]) -> Mapping[str, Sequence[Hit]]:
    if not hits:
        return _NONE
    groups: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in hits:
        topic, group, _ = hit.path.split(".", 2)
        groups[f"{topic}.{group}"].append(hit)
    return dict(groups)
