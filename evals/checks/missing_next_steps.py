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
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "missing_next_steps"
SEVERITY = "soft"
NEEDS_FACTS = False

# Words an action needs beside its verb to say what is done to what: "call five accounts".
_ACTION_WORDS = 4
# Kinds of figures that say what is to be reached: "back above 100%".
_GOALS = frozenset({"percent", "points", "multiple", "money"})
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
    return plans_of(wording.reading).is_plan(sentence)


def _is_concrete(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence holds an action that somebody could tick off."""
    if len(wording.body_words(sentence)) < _ACTION_WORDS:
        return False
    acts, dated = _acts(wording, sentence), _dated(wording, sentence)
    if wording.has(sentence, "plans.wish"):
        return acts and dated
    if not plans_of(wording.reading).among(sentence):
        return acts or (dated and wording.has(sentence, "plans.action"))
    if sentence.block.kind in ("bullet", "table_row") or sentence.label:
        return dated or not _praises(wording, sentence)
    return dated or (wording.has(sentence, "plans.action") and not is_vague(wording.reading, wording, sentence))


def _dated(wording: Wording, sentence: Sentence) -> bool:
    """Whether a day, a month, a rhythm or a count says when or how often; a share is a goal, not a step."""
    figures = wording.figures(sentence)
    if wording.has(sentence, "plans.rhythm") or any(figure.kind not in _GOALS for figure in figures):
        return True
    return any(
        _is_figure(word.text) and not any(figure.first < word.end and word.start < figure.last for figure in figures)
        for word in wording.body_words(sentence)
    )


def _praises(wording: Wording, sentence: Sentence) -> bool:
    """Whether a listed step only names what should be better: "Stronger relations with key accounts"."""
    return wording.has(sentence, "plans.comparative") and not _opens_with_action(wording, sentence)


def _opens_with_action(wording: Wording, sentence: Sentence) -> bool:
    opening = {word.start for word in wording.body_words(sentence)[:1]}
    return any(hit.start in opening for hit in wording.hits(sentence, "plans.action"))


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
