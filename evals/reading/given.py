"""Whether the figure that a vague word would need stands next to it: in its sentence, or in the one before or after."""

from __future__ import annotations

from evals.reading.binding import Binding
from evals.reading.document import Sentence
from evals.reading.families import Hit
from evals.reading.folding import folded_term
from evals.reading.reading import Reading
from evals.reading.wording import Wording

# How many words may stand between a loose share and what it is a share of: "most of the late-stage deals".
SHARE_REACH = 4
# How many letters two words must share at their beginning to be about the same thing.
_STEM = 5
# Figures that measure a result whatever they stand for; counts and durations do so only as a fact that is named.
_MEASURES = frozenset({"percent", "points", "money", "multiple", "index", "multiplied"})
_COUNTED = frozenset({"count", "none", "fraction"})
# From here on the words around a figure name the fact that it is bound to (`Binding.near`).
_NAMED = 1.3


def result_is_given(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether a judgement of a result has a figure: "improved sharply, from 22% to 26%".

    In a clause of its own, only its own figures count, and those of a fact that it names.
    """
    reading = wording.reading
    first, last = _clause(wording, sentence, hit)
    mentions = reading.mentions[sentence.number]
    own = {mention.fact for mention in mentions if first <= mention.first < last}
    for binding in _bindings(reading, sentence):
        inside = first <= binding.figure.first < last
        if (inside or binding.fact in own) and _measures(reading, binding):
            return True
    named = {mention.fact for mention in mentions}
    topics = _topics(wording, sentence)
    return any(
        named & {binding.fact for binding in _bindings(reading, other)}
        or (wording.figures(other) and topics & _topics(wording, other))
        for other in _beside(reading, sentence)
    )


def _clause(wording: Wording, sentence: Sentence, hit: Hit) -> tuple[int, int]:
    """Where the clause of a word begins and ends: at a semicolon, or at ", and" and the like."""
    folded = sentence.folded
    edges = [place for place, char in enumerate(folded) if char in ";؛"]
    for joint in wording.hits(sentence, "vague.boundary"):
        if folded[: joint.start].rstrip().endswith((",", "،", "–", "—")):
            edges.append(joint.start)
    before = max((edge for edge in edges if edge <= hit.start), default=0)
    after = min((edge for edge in edges if edge >= hit.end), default=len(folded))
    return before, after


def amount_is_given(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether a loose amount has its count or share: "most renewals (31 of 35)"."""
    counted = _counted(wording, sentence, hit)
    first, last = _clause(wording, sentence, hit)
    for binding in _bindings(wording.reading, sentence):
        figure = binding.figure
        # "Ett antal", "a couple": a loose amount's own words may read as a number.
        if figure.first < hit.end and hit.start < figure.last:
            continue
        if not first <= figure.first < last:
            continue
        if figure.kind in _COUNTED or binding.fact is None or not binding.sure:
            return True
        if counted & _stems(wording.reading.facts[binding.fact].label):
            return True
    return any(
        wording.figures(other) and counted & _topics(wording, other) for other in _beside(wording.reading, sentence)
    )


def _bindings(reading: Reading, sentence: Sentence) -> list[Binding]:
    return reading.by_sentence.get(sentence.number, [])


def _beside(reading: Reading, sentence: Sentence) -> list[Sentence]:
    return [other for other in reading.document.next_to(sentence) if other is not sentence]


def _measures(reading: Reading, binding: Binding) -> bool:
    if binding.figure.kind in _MEASURES or not reading.facts:
        return True
    return binding.fact is not None and binding.near >= _NAMED


def _counted(wording: Wording, sentence: Sentence, hit: Hit) -> set[str]:
    """The beginning of the word that a loose amount is one of: a thing that can be counted, else the next word."""
    things = [
        thing.first for thing in wording.hits(sentence, "vague.countable") if 0 < thing.first - hit.last <= SHARE_REACH
    ]
    number = min(things, default=hit.last + 1)
    return {word.text[:_STEM] for word in wording.words(sentence)[number : number + 1]}


def _topics(wording: Wording, sentence: Sentence) -> set[str]:
    """The beginnings of the longer words of a sentence that are no names: what it is about."""
    return {
        word.text[:_STEM]
        for number, word in enumerate(wording.words(sentence))
        if len(word.text) >= _STEM and not wording.named(sentence, number)
    }


def _stems(label: str) -> set[str]:
    return {word[:_STEM] for word in folded_term(label).split() if len(word) >= _STEM}
