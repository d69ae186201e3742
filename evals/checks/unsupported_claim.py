"""An action, a cause or an event told as having happened that nothing in the evidence supports.

A statement rests on the evidence when its telling words, or words that say the same, stand there or among the facts. It
is flagged only where hardly any does: a reading of a related piece of evidence shares words with it and passes. A deed
(somebody trained, wrote, praised, confirmed) that no note speaks of is held to more. Praise that nobody could measure
belongs to `vague_language`, a statement that is all figures to the figure checks, a quotation and a next step to
nobody. Where the draft shares next to nothing with the evidence (notes in another language), words cannot tell, and
nothing is flagged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from evals.checks.unfair_comparison import compares
from evals.checks.vague_language import is_vague
from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.families import Hit, Word
from evals.reading.overlap import Source
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "unsupported_claim"
SEVERITY = "soft"
NEEDS_FACTS = True

# A claim needs this many telling words that no source has, and at most this share that one has. Both were chosen on
# drafts of one writer and held for two others: supported sentences share about two thirds of their telling words.
_UNFOUNDED_WORDS = 3
_FOUNDED_SHARE = 0.34
# The same for a sentence that tells of a deed of a kind no note speaks of.
_FOUNDED_DEED = 0.4
# How many words a plain statement has at least, so that greetings and titles are none.
_PLAIN = 6
# Without one of these at its end, a line is a greeting, a title or a signature.
_SENTENCE_ENDS = (".", "!", "?", "؟", "…")
# Below this share over the whole draft, draft and evidence do not speak the same language.
_COMPARABLE_SHARE = 0.2
_YEAR = re.compile(r"20\d\d")
# A count up to this is no measured figure: "in week six", "one mailbox".
_SMALL = 12
_COUNTED = ("count", "none")
# How many words more a sentence needs that is vague as well: praise nobody could measure is no claim.
_VAGUE_ALLOWANCE = 2
_VAGUE = ("vague.praise", "vague.blame", "vague.degree", "vague.amount", "vague.merit", "vague.mild", "vague.share")


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence, or cause within a sentence, that rests on nothing."""
    wording = wording_of(reading)
    ground = _Ground(reading, wording)
    claims = [(sentence, _claimed(wording, sentence)) for sentence in _told(reading, wording)]
    known = [ground.bears(sentence, word) for sentence, told in claims for word in told]
    if not reading.evidence or not known or sum(known) < _COMPARABLE_SHARE * len(known):
        return []
    findings = []
    for sentence, told in claims:
        vague = is_vague(reading, wording, sentence)
        for start, end, part in _parts(wording, sentence, told):
            plain = part is told and not vague and len(wording.words(sentence)) >= _PLAIN
            unfounded = [word for word in part if not ground.bears(sentence, word)]
            deeds = [] if vague else ground.lacking_deeds(sentence, start, end)
            # "Tagit fram": a deed in everyday words is a missing word, too.
            unsaid = sum(all(not hit.start <= word.start < hit.end for word in part) for hit in deeds[:1])
            missing = sum(_weight(reading, word) for word in unfounded) + unsaid
            whole = sum(_weight(reading, word) for word in part) + unsaid
            # A plain statement may have two such words, if they are all it has; so may a deed.
            fewer = bool(deeds) or (plain and len(unfounded) == len(part))
            needed = _UNFOUNDED_WORDS + (_VAGUE_ALLOWANCE if vague else 0) - fewer
            if missing >= needed and whole - missing <= (_FOUNDED_DEED if deeds else _FOUNDED_SHARE) * whole:
                findings.append(_finding(reading, sentence, start, end, unfounded))
                break
    return findings


class _Ground:
    """What claims may rest on: the words of notes and facts, and the kinds of deeds that notes speak of."""

    def __init__(self, reading: Reading, wording: Wording) -> None:
        self._wording = wording
        self._source = Source(_texts(reading), reading.language)

    @cached_property
    def _kinds(self) -> set[str]:
        said = (hit.path for hits in self._wording.in_notes for hit in hits)
        return {path for path in said if path.startswith(("claims.deeds", "claims.alike"))}

    def bears(self, sentence: Sentence, word: Word) -> bool:
        """Whether the word, or one that says the same, stands in a note or among the facts."""
        return self._source.has(word.text) or any(
            hit.path in self._kinds and hit.start <= word.start < hit.end
            for hit in self._wording.hits(sentence, "claims.alike")
        )

    def lacking_deeds(self, sentence: Sentence, start: int, end: int) -> list[Hit]:
        """The deeds that the stretch tells of and no note speaks of, nor of another of their kind."""
        words = self._wording.words(sentence)
        return [
            hit
            for hit in self._wording.hits(sentence, "claims.deeds")
            if start <= hit.start < end
            and not self._source.has(words[hit.first].text)
            and hit.path not in self._kinds
            and not self._wording.quoted(sentence, hit.start, hit.end)
        ]


def _weight(reading: Reading, word: Word) -> int:
    """How many words a word counts for: a long one is two where the language writes compounds together."""
    compound = reading.language.get("claims.compound_letters")
    return 1 if compound is None or len(word.text) < compound else 2


def _texts(reading: Reading) -> Iterator[str]:
    for entry in reading.evidence:
        yield entry.text
    for fact in reading.facts:
        yield fact.label
        yield fact.id.replace("_", " ")
        yield from (text for text in (fact.definition, fact.prior_definition) if text)


def _told(reading: Reading, wording: Wording) -> Iterator[Sentence]:
    """Sentences of running text that tell what happened."""
    for sentence in reading.sentences:
        running = sentence.block.kind == "bullet" or (
            sentence.block.kind == "paragraph" and sentence.folded.rstrip("\"')»”").endswith(_SENTENCE_ENDS)
        )
        if not running or plans_of(reading).is_plan(sentence) or wording.left_out(sentence):
            continue
        heading = sentence.block.section.heading
        if heading is not None and any(wording.has(title, "claims.scope_headings") for title in heading.sentences):
            continue
        if _is_title(wording, sentence):
            continue
        beside_the_point = wording.has(sentence, "claims.about_the_draft", "claims.feelings", "plans.wish")
        if not beside_the_point and not wording.says_why_it_matters(sentence) and not compares(wording, sentence):
            yield sentence


def _is_title(wording: Wording, sentence: Sentence) -> bool:
    """Whether a line opens the draft alone, with the period in it: "May 2026 – Tomas, inbound and outbound."."""
    alone = sentence.number == 0 and len(sentence.block.sentences) == 1
    dated = any(_YEAR.fullmatch(word.text) for word in wording.words(sentence))
    return alone and dated and not wording.figures(sentence)


def _claimed(wording: Wording, sentence: Sentence) -> list[Word]:
    """The words of a sentence that carry a claim, judgements left out."""
    vague = {hit.start for hit in wording.hits(sentence, *_VAGUE)}
    return [word for word in wording.telling_words(sentence) if word.start not in vague]


def _parts(wording: Wording, sentence: Sentence, told: list[Word]) -> Iterator[tuple[int, int, list[Word]]]:
    """The stretches to judge: the whole sentence where it measures nothing, and each cause that it gives."""
    if not _measures(wording, sentence):
        yield sentence.body, len(sentence.folded), told
    for hit in wording.hits(sentence, "causes.because", "causes.timing"):
        end = next((at for at in (sentence.folded.find(mark, hit.end) for mark in (",", ";", "(")) if at >= 0), None)
        stop = len(sentence.folded) if end is None else end
        cause = [word for word in told if hit.end <= word.start < stop]
        if not any(hit.end <= figure.first < stop for figure in wording.figures(sentence)):
            yield hit.start, stop, cause


def _measures(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence states a measured figure: then the figure checks judge it. "One mailbox" and a
    "two-day course" are none.
    """
    return any(
        figure.number > _SMALL or (figure.kind not in _COUNTED and sentence.folded[figure.number_end :][:1] != "-")
        for figure in wording.figures(sentence)
    )


def _finding(reading: Reading, sentence: Sentence, start: int, end: int, unfounded: list[Word]) -> Finding:
    words = ", ".join(f'"{word.text}"' for word in unfounded[:4])
    message = f"Nothing in the evidence speaks of this: {words} stand in no note and no fact."
    suggestion = "log the note or decision it rests on, or leave it out"
    return reading.finding(ID, *sentence.span(start, end), message, suggestion)
