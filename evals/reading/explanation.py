"""Whether a draft says why a result moved: a cause in its statement, next to it, or linked to it elsewhere.

A cause is a causal word, or a sentence that retells a piece of evidence. What explains another result does not explain
this one, but attainment and the money it is the share of are one result.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from itertools import product

from evals.reading.derivation import step_within
from evals.reading.document import Sentence
from evals.reading.facts import FactView, same_result
from evals.reading.families import Hit
from evals.reading.folding import folded_term
from evals.reading.language import Language
from evals.reading.mentions import index_of
from evals.reading.reading import Reading
from evals.reading.statements import Statements
from evals.reading.wording import wording_of

_STEM = 5
# Words long enough to tell something.
_TELLING = re.compile(r"[^\W\d_]{4,}")
_RETOLD = 2
# A colon and this many pieces after it, itself included, are more than a verdict.
_EXPLANATION_WORDS = 5
# Smaller numbers are shared by chance.
_TELLING_NUMBER = 10
_CAUSES = ("causes.because", "causes.moved", "causes.timing")
# Verbs of many uses: "held 53 of them" tells no cause, "the reminders held the rate up" does.
_LOOSE = "causes.moved.loose"
_CLAUSE = re.compile(r"[,;،؛–—](?=\s)")
_MARK = re.compile(r"[,;:.()،؛–—]")


class Explanations:
    """Looks for causes in one reading; a fact is given by its place in the reading's facts."""

    def __init__(self, reading: Reading, statements: Statements) -> None:
        language = reading.language
        self.reading = reading
        self.statements = statements
        self.why = language.pattern("causes.section")
        self.wording = wording_of(reading)
        self._told_words: dict[int, frozenset[str]] = {}
        self._parts: dict[frozenset[int], frozenset[int]] = {}

    def explained(self, place: int) -> bool:
        """Whether any sentence about the fact has a cause in it or next to it."""
        one_result = self._one_result(place)
        for sentence in self.reading.sentences:
            if self.statements.plans.among(sentence) or sentence.block.kind == "heading":
                continue
            if any(self._is_about(sentence, fact) for fact in one_result) and self._has_cause(sentence, one_result):
                return True
        return self._told_nearby(one_result) or self._has_section(one_result)

    def _has_section(self, one_result: frozenset[int]) -> bool:
        """Whether a section is headed as the why of the fact ("Why the upsell fell"), or of the result as a whole."""
        if any(self.statements.is_attainment(self.reading.facts[fact]) for fact in one_result) and any(
            self.why.search(section.title) and any(self._tells_why(block.sentences[-1]) for block in section.blocks)
            for section in self.reading.document.sections
        ):
            return True
        return any(
            self.why.search(section.title)
            and section.heading is not None
            and any(
                mention.fact in one_result
                for sentence in section.heading.sentences
                for mention in self.reading.mentions[sentence.number]
            )
            for section in self.reading.document.sections
        )

    def _told_nearby(self, one_result: frozenset[int]) -> bool:
        """Whether a section that states the fact retells, anywhere in it, a piece of evidence that names the fact."""
        known = [entry for entry, named in enumerate(self._named_in_evidence) if named & one_result]
        if not known:
            return False
        sections = {
            binding.figure.sentence.block.section for fact in one_result for binding in self.statements.values[fact]
        }
        return any(
            self._shared(sentence, entry) >= _RETOLD
            for section in sections
            for block in section.blocks
            if block.kind != "table_row" and not self.statements.plans.among(block.sentences[0])
            for sentence in block.sentences
            for entry in known
        )

    def _one_result(self, place: int) -> frozenset[int]:
        """The fact with those that show the same result: attainment and the value it is the share of."""
        facts = self.reading.facts
        return frozenset({place, *(other for other, fact in enumerate(facts) if same_result(facts[place], fact))})

    def _is_about(self, sentence: Sentence, place: int) -> bool:
        """Whether the sentence names the fact in full or gives one of its numbers."""
        mentions = [mention for mention in self.reading.mentions[sentence.number] if mention.fact == place]
        if any(mention.strong for mention in mentions):
            return True
        here = self.reading.by_sentence.get(sentence.number, ())
        if any(binding.fact == place and binding.sure for binding in here):
            return True
        # Half its name and the size of its movement: "collections rose four points".
        fact = self.reading.facts[place]
        return bool(mentions) and any(
            binding.how == "unbound" and step_within(binding.figure, fact) == "difference" for binding in here
        )

    def _has_cause(self, sentence: Sentence, one_result: frozenset[int]) -> bool:
        if self._gives_cause(sentence, one_result):
            return True
        if any(
            not self._tells_of_another(near, one_result) and self._tells_why(near)
            for near in self.reading.document.next_to(sentence)
            if near is not sentence
        ):
            return True
        later = sentence.block.sentences[sentence.index + 1 :]
        return any(self.wording.has(other, "causes.shared") and self._tells_why(other) for other in later)

    def _gives_cause(self, sentence: Sentence, one_result: frozenset[int]) -> bool:
        """Whether the sentence itself tells why, for this fact rather than for another it speaks of."""
        if self._explains_after_colon(sentence, one_result):
            return True
        causes = self._causes(sentence)
        if self._names_component(sentence, one_result):
            return True
        if not causes:
            told = self._retells_evidence(sentence) or self._retells_in_clause(sentence)
            return told and not self._tells_of_another(sentence, one_result)
        if not self._tells_of_another(sentence, one_result):
            return True
        spots = self._spots(sentence)
        before = [spot for spot in spots if spot[0] < causes[0].start]
        nearest = before[-1] if before else min(spots, default=(0, -1))
        return nearest[1] in one_result

    def _explains_after_colon(self, sentence: Sentence, one_result: frozenset[int]) -> bool:
        """Whether a colon after the figure opens an explanation: words, and no more numbers of facts."""
        here = self.reading.by_sentence.get(sentence.number, ())
        last = max((binding.figure.last for binding in here if binding.fact in one_result), default=None)
        colon = sentence.folded.find(": ", last) if last is not None else -1
        if colon < 0 or len(sentence.folded[colon:].split()) < _EXPLANATION_WORDS:
            return False
        return not any(binding.figure.first > colon and binding.fact is not None and binding.sure for binding in here)

    def _components(self, one_result: frozenset[int]) -> frozenset[int]:
        """The facts that a result is the product of: deals won and average deal size, for money won."""
        if one_result not in self._parts:
            self._parts[one_result] = self._find_components(one_result)
        return self._parts[one_result]

    def _find_components(self, one_result: frozenset[int]) -> frozenset[int]:
        facts = self.reading.facts
        wholes = [facts[place] for place in one_result if facts[place].kind == "currency" and facts[place].value]
        others = [place for place in range(len(facts)) if place not in one_result] if wholes else []
        counts = [place for place in others if facts[place].kind == "count"]
        amounts = [place for place in others if facts[place].kind == "currency"]
        return frozenset(
            place
            for whole in wholes
            for pair in product(counts, amounts)
            if _is_product(whole, *(facts[part] for part in pair))
            for place in pair
        )

    def _names_component(self, sentence: Sentence, one_result: frozenset[int]) -> bool:
        """Whether a sentence on attainment gives the movement of what it is made of: deal size, deals won."""
        components = self._components(one_result)
        given = {
            (binding.fact, binding.comparator)
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact in components and binding.sure
        }
        return any((fact, "prior") in given for fact, comparator in given if comparator == "value")

    def _tells_why(self, sentence: Sentence) -> bool:
        return bool(self._causes(sentence)) or self._retells_evidence(sentence)

    def _causes(self, sentence: Sentence) -> list[Hit]:
        """The words of the sentence that give a cause."""
        hits = [hit for hit in self.wording.hits(sentence, *_CAUSES) if hit.start >= sentence.body]
        touched = any(self._told(sentence) & words for words in self._evidence) if hits else False
        return [
            hit
            for hit in hits
            if (hit.path != _LOOSE or touched)
            and not (hit.path.startswith("causes.timing") and self._compares(sentence, hit))
        ]

    def _compares(self, sentence: Sentence, hit: Hit) -> bool:
        """Whether a word of time only leads to an older figure: "2.6x after 2.9x", "since May's 41"."""
        folded = sentence.folded
        following = [figure.first for figure in self.wording.figures(sentence) if figure.first >= hit.end]
        if not following:
            return False
        between = folded[hit.end : min(following)]
        return _MARK.search(between) is None and not self._telling(between)

    def _tells_of_another(self, sentence: Sentence, one_result: frozenset[int]) -> bool:
        """Whether the sentence gives the value of another result that moved, and that this one is not made of."""
        facts = self.reading.facts
        own = one_result | self._components(one_result)
        return any(
            fact not in own and facts[fact].key and facts[fact].value != facts[fact].prior
            for _, fact in self._spots(sentence)
        )

    def _spots(self, sentence: Sentence) -> list[tuple[int, int]]:
        """Where the sentence gives a fact's value or prior, in order."""
        return sorted(
            (binding.figure.first, binding.fact)
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact is not None and binding.comparator in ("value", "prior") and binding.sure
        )

    def _retells_evidence(self, sentence: Sentence) -> bool:
        """Whether the sentence shares telling words with a piece of evidence."""
        return any(self._shared(sentence, entry) >= _RETOLD for entry in range(len(self._evidence)))

    def _retells_in_clause(self, sentence: Sentence) -> bool:
        """Whether a clause that speaks of no result takes up a word of the evidence: ", the dialler reaching more"."""
        folded = sentence.folded
        taken = [mention.first for mention in self.reading.mentions[sentence.number] if mention.strong]
        taken += [
            binding.figure.first
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.fact is not None
        ]
        start = sentence.body
        for end in [*(mark.start() for mark in _CLAUSE.finditer(folded, start)), len(folded)]:
            telling = self._telling(folded[start:end])
            clear = not any(start <= first < end for first in taken)
            if clear and len(telling) >= _RETOLD and any(telling & words for words in self._evidence):
                return True
            start = end + 1
        return False

    def _told(self, sentence: Sentence) -> frozenset[str]:
        if sentence.number not in self._told_words:
            self._told_words[sentence.number] = self._telling(sentence.folded)
        return self._told_words[sentence.number]

    def _shared(self, sentence: Sentence, entry: int) -> int:
        """How many telling words, and figures that no fact holds, a sentence shares with a piece of evidence."""
        words = len(self._told(sentence) & self._evidence[entry])
        if words >= _RETOLD:
            return words
        numbers = {figure.number for figure in self.reading.evidence_figures[entry]}
        told = {
            binding.figure.number
            for binding in self.reading.by_sentence.get(sentence.number, ())
            if binding.how == "unbound" and binding.figure.number >= _TELLING_NUMBER
        }
        if words and not told & numbers and self._months(sentence.folded) & self._evidence_months[entry]:
            return words + 1
        return words + len(told & numbers)

    def _months(self, folded: str) -> frozenset[str]:
        return frozenset(_TELLING.findall(folded)) & self._month_names

    @cached_property
    def _month_names(self) -> frozenset[str]:
        return frozenset(self.reading.language.words("numbers.dates.months"))

    @cached_property
    def _evidence_months(self) -> list[frozenset[str]]:
        return [self._months(text) for text in self.reading.evidence_texts]

    @cached_property
    def _evidence(self) -> list[frozenset[str]]:
        return [self._telling(text) for text in self.reading.evidence_texts]

    @cached_property
    def _named_in_evidence(self) -> list[frozenset[int]]:
        """For each piece of evidence, the facts it names."""
        index = index_of(self.reading.facts, self.reading.language)
        words = [list(re.finditer(r"\w+", text)) for text in self.reading.evidence_texts]
        return [frozenset(mention.fact for mention in index.find(text) if mention.strong) for text in words]

    def _telling(self, folded: str) -> frozenset[str]:
        return frozenset(word[:_STEM] for word in _TELLING.findall(folded)) - self._common

    @cached_property
    def _common(self) -> frozenset[str]:
        """Stems that stand in evidence and in bare figures alike: the facts' names, months, common words."""
        labels = [word for fact in self.reading.facts for word in _TELLING.findall(folded_term(fact.label))]
        return frozenset(word[:_STEM] for word in labels) | _common_stems(self.reading.language)


@lru_cache(maxsize=32)
def _common_stems(language: Language) -> frozenset[str]:
    paths = ["numbers.dates.months", "metrics.generic.words", "words.bare"]
    paths += [f"movement.{family}.words" for family in ("prior", "target", "up", "down", "same", "team")]
    return frozenset(word[:_STEM] for path in paths for word in language.words(path))


def _is_product(whole: FactView, count: FactView, amount: FactView) -> bool:
    """Whether a sum of money is a count times an amount, to within rounding."""
    return abs(count.value * amount.value / whole.value - 1) < 0.01
