"""An action, a cause or an event told as having happened that nothing in the evidence supports.

A statement rests on the evidence when its telling words stand there or among the facts. It is flagged only where hardly
any does: a reading of a related piece of evidence shares words with it and passes. Praise that nobody could measure
belongs to `vague_language`, a statement that is all figures to the figure checks, a quotation and a next step to
nobody. Where the draft shares next to nothing with the evidence (notes in another language), words cannot tell, and
nothing is flagged.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.checks.unfair_comparison import compares
from evals.checks.vague_language import is_vague
from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.families import Word
from evals.reading.overlap import Source
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "unsupported_claim"
SEVERITY = "soft"
NEEDS_FACTS = True

# A claim needs this many telling words that no source has, and at most this share that one has. Both were chosen on
# drafts of one writer and held for two others: supported sentences share about two thirds of their telling words.
_UNFOUNDED_WORDS = 3
_FOUNDED_SHARE = 0.34
# How many words a plain statement has at least, so that greetings and titles are none.
_PLAIN = 6
# Without one of these at its end, a line is a greeting, a title or a signature.
_SENTENCE_ENDS = (".", "!", "?", "؟", "…")
# Below this share over the whole draft, draft and evidence do not speak the same language.
_COMPARABLE_SHARE = 0.2
# A count up to this is no measured figure: "in week six", "one mailbox".
_SMALL = 12
_COUNTED = ("count", "none")
# How many words more a sentence needs that is vague as well: praise nobody could measure is no claim.
_VAGUE_ALLOWANCE = 2
_VAGUE = ("vague.praise", "vague.blame", "vague.degree", "vague.amount", "vague.merit", "vague.mild", "vague.share")


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence, or cause within a sentence, that rests on nothing."""
    wording = wording_of(reading)
    source = Source(_texts(reading), reading.language)
    claims = [(sentence, _claimed(wording, sentence)) for sentence in _told(reading, wording)]
    words = [word for _, told in claims for word in told]
    if not reading.evidence or not words or sum(source.has(w.text) for w in words) < _COMPARABLE_SHARE * len(words):
        return []
    findings = []
    for sentence, told in claims:
        vague = is_vague(reading, wording, sentence)
        needed = _UNFOUNDED_WORDS + (_VAGUE_ALLOWANCE if vague else 0)
        for start, end, part in _parts(wording, sentence, told):
            unfounded = [word for word in part if not source.has(word.text)]
            # A plain statement may have two such words, if they are all it has.
            bare = part is told and not vague and len(unfounded) == len(part) and len(wording.words(sentence)) >= _PLAIN
            if _rests_on_nothing(reading, part, unfounded, needed - bare):
                findings.append(_finding(reading, sentence, start, end, unfounded))
                break
    return findings


def _rests_on_nothing(reading: Reading, part: list[Word], unfounded: list[Word], needed: int) -> bool:
    """Whether too many of a stretch's telling words stand in no source."""
    founded = len(part) - len(unfounded)
    return sum(_weight(reading, word) for word in unfounded) >= needed and founded <= _FOUNDED_SHARE * len(part)


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
        if not running or wording.planned(sentence) or wording.in_plan(sentence) or wording.left_out(sentence):
            continue
        heading = sentence.block.section.heading
        if heading is not None and any(wording.has(title, "claims.scope_headings") for title in heading.sentences):
            continue
        beside_the_point = wording.has(sentence, "claims.about_the_draft", "claims.feelings", "plans.wish")
        if not beside_the_point and not wording.says_why_it_matters(sentence) and not compares(wording, sentence):
            yield sentence


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
    """Whether the sentence states a measured figure: then the figure checks judge it. "One mailbox" is none."""
    return any(figure.kind not in _COUNTED or figure.number > _SMALL for figure in wording.figures(sentence))


def _finding(reading: Reading, sentence: Sentence, start: int, end: int, unfounded: list[Word]) -> Finding:
    words = ", ".join(f'"{word.text}"' for word in unfounded[:4])
    message = f"Nothing in the evidence speaks of this: {words} stand in no note and no fact."
    suggestion = "log the note or decision it rests on, or leave it out"
    return reading.finding(ID, *sentence.span(start, end), message, suggestion)
