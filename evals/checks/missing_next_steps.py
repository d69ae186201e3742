"""No concrete next action, or only wishes.

A concrete action is something that can be ticked off: an instruction with something to do it to, a date, a figure or
the metric it should move. "Will keep pushing hard" is a wish.
"""

from __future__ import annotations

from evals.checks.vague_language import is_vague
from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.phrases import phrase_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "missing_next_steps"
SEVERITY = "soft"
NEEDS_FACTS = False

# Words an action needs beside its verb to say what is done to what: "call five accounts".
_ACTION_WORDS = 4
# How far after "will" its verb may stand: "will in April call", "vil vi ringe".
_AFTER_WILL = 4


def check(reading: Reading) -> list[Finding]:
    """At most one finding, about the whole draft."""
    wording = wording_of(reading)
    plans = [sentence for sentence in reading.sentences if _is_plan(wording, sentence)]
    if any(_is_concrete(wording, sentence) for sentence in plans):
        return []
    message = "The next steps are wishes that nobody could tick off." if plans else "The draft names no next step."
    return [reading.whole(ID, message, _suggestion(reading))]


def _is_plan(wording: Wording, sentence: Sentence) -> bool:
    if sentence.block.kind == "heading" or sentence.block.head_row or wording.left_out(sentence):
        return False
    return wording.in_plan(sentence) or wording.planned(sentence)


def _is_concrete(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence holds an action that somebody could tick off."""
    words = wording.body_words(sentence)
    if len(words) < _ACTION_WORDS:
        return False
    acts = _acts(wording, sentence)
    dated = any(_is_figure(word.text) for word in words)
    if wording.has(sentence, "plans.wish"):
        return acts and dated
    if not wording.in_plan(sentence):
        return dated or acts
    listed = sentence.block.kind in ("bullet", "table_row") or bool(sentence.label)
    told = wording.has(sentence, "plans.action") and not is_vague(wording.reading, wording, sentence)
    return listed or dated or told


def _is_figure(text: str) -> bool:
    """Whether a word is a figure or a day, and not a period's name: "10", not "q3" or "2026"."""
    digits = sum(char.isdigit() for char in text)
    return text[0].isdigit() and not (digits == 4 and text[:2] in ("19", "20"))


def _acts(wording: Wording, sentence: Sentence) -> bool:
    """Whether an action, no part of a wish, opens the sentence or follows a word for the future: "will call"."""
    wishes = wording.hits(sentence, "plans.wish")
    opening = {word.start for word in wording.body_words(sentence)[:1]}
    future = {
        number for hit in wording.hits(sentence, "plans.future") for number in range(hit.last, hit.last + _AFTER_WILL)
    }
    return any(
        (hit.start in opening or hit.first in future or hit.first - 1 in future)
        and not any(wish.first <= hit.first <= wish.last for wish in wishes)
        for hit in wording.hits(sentence, "plans.action")
    )


def _suggestion(reading: Reading) -> str:
    weak: FactView | None = next((fact for fact in reading.facts if fact.key and fact.weak), None)
    if weak is None:
        return "name three actions, each with what is done by when and the metric it should move"
    return f"name an action, its date and the metric it should move, first for {phrase_of(weak)}"
