"""Nothing in the draft says why the numbers came out as they did: no factor, no trend, no constraint.

A cause is a word that gives one ("because", "thanks to"), a thing that moved a number ("the plan lifted the average"),
or a section of causes with words in it. What a next step is for, and why a section was left out, is no such cause.
"""

from __future__ import annotations

from collections.abc import Callable

from evals.finding import Finding
from evals.reading.document import Section, Sentence
from evals.reading.families import Hit
from evals.reading.overlap import Source
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "missing_context"
SEVERITY = "soft"
NEEDS_FACTS = False

# Verbs that move something only beside "which": "which kept decisions waiting", but "she held 12 meetings".
_LOOSELY = "causes.moved.loose"
# How many telling words a sentence shares with a note that it retells.
_RETOLD_WORDS = 3
# Words a sentence needs to tell what happened: "Stalled deals rose after Q1" only dates a number.
_TELLING_WORDS = 5
# The same with something from outside among them: "Vårkampanjen gav 30 förfrågningar".
_OUTSIDE_WORDS = 4
# How many words of an event must follow "when" or "after": "when the webinars ended".
_EVENT_WORDS = 3
# How many words after "which" its verb stands: "which soon kept decisions waiting".
_CLAUSE = 3
# How many telling words make a thing that moves results: "earlier involvement shortened the cycle".
_MOVING_WORDS = 2


def check(reading: Reading) -> list[Finding]:
    """At most one finding, about the whole draft."""
    wording, plans = wording_of(reading), plans_of(reading)
    told = [
        sentence
        for sentence in reading.sentences
        if sentence.block.kind != "heading"
        and not sentence.block.head_row
        and not plans.is_plan(sentence)
        and not wording.left_out(sentence)
    ]
    if (
        not told
        or any(gives_cause(wording, sentence) for sentence in told)
        or _tells_a_noted_cause(reading, wording, told)
    ):
        return []
    message = "Nothing says why the numbers came out as they did."
    return [reading.whole(ID, message, _suggestion(reading))]


def gives_cause(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence says in words of its own why something came out as it did."""
    if wording.has(sentence, "causes.purpose"):
        return False
    exempt = wording.hits(sentence, "causes.exempt")

    def counts(hit: Hit) -> bool:
        harmless = any(other.first <= hit.first and hit.last <= other.last for other in exempt)
        return not harmless and not wording.quoted(sentence, hit.start, hit.end)

    if any(counts(hit) for hit in wording.hits(sentence, "causes.because")):
        return True
    if any(hit.start < sentence.body for hit in wording.hits(sentence, "causes.section")):
        return True
    if _moves(wording, sentence) or _so(wording, sentence) or _from_outside(wording, sentence, counts):
        return True
    if any(counts(hit) and _tells(wording, sentence, hit.last) for hit in wording.hits(sentence, "causes.timing")):
        return True
    return _under_causes(wording, sentence.block.section) and len(wording.words(sentence)) >= _TELLING_WORDS


def _moves(wording: Wording, sentence: Sentence) -> bool:
    """Whether a thing, not the person, moved something: "procurement delays held back two deals"."""
    moved = wording.hits(sentence, "causes.moved")
    if any(0 < hit.first - so.last <= _CLAUSE for so in wording.hits(sentence, "causes.so") for hit in moved):
        return True
    strong = [hit for hit in moved if hit.path != _LOOSELY]
    things = wording.telling_words(sentence) if strong else []
    return any(sum(word.end < hit.start for word in things) >= _MOVING_WORDS for hit in strong)


def _from_outside(wording: Wording, sentence: Sentence, counts: Callable[[Hit], bool]) -> bool:
    """Whether the sentence tells of something outside the person's hands: a strike, a competitor, a budget cut."""
    outside = any(counts(hit) for hit in wording.hits(sentence, "causes.outside"))
    return outside and len(wording.words(sentence)) >= _OUTSIDE_WORDS


def _so(wording: Wording, sentence: Sentence) -> bool:
    """Whether a clause tells what followed: "the CFO joins the second call, so decisions come sooner"."""
    exempt = {hit.start for hit in wording.hits(sentence, "causes.exempt")}
    return any(
        hit.start not in exempt and sentence.folded[: hit.start].rstrip().endswith((",", "،"))
        for hit in wording.hits(sentence, "causes.then")
    )


def _gives(hit: Hit) -> bool:
    return hit.path.startswith(("causes.because", "causes.moved")) and hit.path != _LOOSELY


def _tells_a_noted_cause(reading: Reading, wording: Wording, told: list[Sentence]) -> bool:
    """Whether a sentence retells a note that gives a cause, without a word for it: "Three hotels stopped buying"."""
    notes = [
        Source([entry.text], reading.language)
        for entry, hits in zip(reading.evidence, wording.in_notes, strict=True)
        if any(_gives(hit) for hit in hits)
    ]
    for sentence in told:
        words = [word.text for word in wording.telling_words(sentence)]
        needed = _RETOLD_WORDS if len(words) >= 2 * _RETOLD_WORDS else _RETOLD_WORDS - 1
        if any(sum(note.has(word) for word in words) >= needed for note in notes):
            return True
    return False


def _tells(wording: Wording, sentence: Sentence, at: int) -> bool:
    """Whether an event, not a date or a figure, follows the word: "after the reminders began", not "after Q1"."""
    words = wording.words(sentence)[at + 1 : at + 1 + _EVENT_WORDS]
    figures = wording.figures(sentence)
    return len(words) == _EVENT_WORDS and not any(
        figure.first < word.end and word.start < figure.last for figure in figures for word in words[:2]
    )


def _under_causes(wording: Wording, section: Section) -> bool:
    return section.heading is not None and any(
        wording.has(sentence, "causes.section", "causes.because") for sentence in section.heading.sentences
    )


def _suggestion(reading: Reading) -> str:
    told = next((entry.text for entry in reading.evidence if entry.text), None)
    if told is None:
        return "name the two or three factors that moved the results"
    short = told if len(told) <= 90 else told[:87].rsplit(" ", 1)[0] + " …"
    return f'name the two or three factors that moved the results; the notes say: "{short}"'
