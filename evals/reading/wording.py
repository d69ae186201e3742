"""The words of a draft by family, and what the place of a sentence says about them: quotations, names.

One pass over the draft, shared by every check that reads words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from types import MappingProxyType

from evals.reading.document import Sentence
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
# Words this short say nothing by themselves: "I maj:".
_PREPOSITION = 2
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
