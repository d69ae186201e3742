"""Activity (calls, e-mails, demos, meetings) presented as an achievement, without the outcome it should have moved.

A plain count in an activity section is no parade; nor is a count told together with what came of it. Meetings are an
outcome for whoever has them as a goal.
"""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.families import Hit, words_of
from evals.reading.folding import folded_term
from evals.reading.phrases import phrase_of
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, families_of, wording_of

ID = "activity_as_outcome"
SEVERITY = "soft"
NEEDS_FACTS = False

# What the id of a metric of activity holds: "store_visits", "touches_to_first_meeting". A rate or a sum is an outcome.
_ACTIVITY = (
    "call", "email", "meeting", "demo", "follow_up", "task", "chat", "note", "sequence", "visit", "review", "touch",
    "survey", "contact", "sample", "training", "activit", "conversation",
)  # fmt: skip
_MEETING_METRICS = frozenset({"meetings_held", "meetings_booked", "qualified_meetings"})
# Metrics of what activity should move, most telling first.
_OUTCOME_METRICS = (
    "meeting_to_opportunity", "lead_to_opportunity", "lead_to_meeting", "meetings_held", "win_rate", "close_rate",
    "deals_won", "revenue_won", "quota_attainment", "pipeline_created", "renewal_rate", "expansion_revenue",
)  # fmt: skip

# From here on the words around a figure name the fact that it is bound to (`Binding.near`).
_NAMED = 1.3
# An announcement is short.
_ANNOUNCEMENT = 8


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence that parades activity."""
    wording, plans = wording_of(reading), plans_of(reading)
    groups = ("activity.nouns",) if _meetings_are_a_goal(reading) else ("activity.nouns", "activity.meetings")
    findings = []
    for sentence in reading.sentences:
        if sentence.block.kind not in ("paragraph", "bullet") or plans.is_plan(sentence):
            continue
        if _parades(wording, sentence, groups):
            span = sentence.span(sentence.body, len(sentence.folded))
            message = "Activity is told as an achievement, without what came of it."
            findings.append(reading.finding(ID, *span, message, _suggestion(reading)))
    return findings


def _meetings_are_a_goal(reading: Reading) -> bool:
    return any(fact.metric_id in _MEETING_METRICS and (fact.key or fact.target is not None) for fact in reading.facts)


def _parades(wording: Wording, sentence: Sentence, groups: tuple[str, ...]) -> bool:
    done = [hit for hit in wording.hits(sentence, *groups) if not wording.quoted(sentence, hit.start, hit.end)]
    if not done or not wording.figures(sentence):
        return False
    counted = {number for hit in done for number in range(hit.first, hit.last + 1)}
    led_to = wording.hits(sentence, "activity.outcome", "causes.because")
    if any(hit.first not in counted for hit in led_to):
        return False
    bindings = wording.reading.by_sentence.get(sentence.number, ())
    told = [binding.fact for binding in bindings if binding.sure or binding.near >= _NAMED]
    if any(_is_outcome(place, wording.reading) for place in told):
        return False
    praised = [hit for hit in wording.hits(sentence, "activity.feat", "activity.verbs") if hit.first not in counted]
    return bool(praised) or _announced(wording, sentence) or _under_praise(wording, sentence, done)


def _is_outcome(place: int | None, reading: Reading) -> bool:
    """Whether a figure stands for a fact that is no count of activity."""
    if place is None:
        return False
    fact = reading.facts[place]
    return fact.kind != "count" or not (any(part in fact.metric_id for part in _ACTIVITY) or _named_so(fact, reading))


def _named_so(fact: FactView, reading: Reading) -> bool:
    """Whether a fact that is no known metric has a label of activity: "butiksbesøg"."""
    found = families_of(reading.language).find(words_of(folded_term(fact.label)))
    paths = {hit.path.rsplit(".", 1)[0] for hit in found}
    return not paths.isdisjoint(("activity.nouns", "activity.meetings")) and "activity.outcome" not in paths


def _announced(wording: Wording, sentence: Sentence) -> bool:
    """Whether a short sentence beside it, about nothing else, calls it an achievement: "Standout of the quarter." """
    return any(
        any(hit.path == "activity.feat.achievement" for hit in wording.hits(other, "activity.feat"))
        and not wording.figures(other)
        and not wording.has(other, "activity.outcome")
        and len(wording.words(other)) <= _ANNOUNCEMENT
        for other in wording.reading.document.next_to(sentence)
        if other is not sentence
    )


def _under_praise(wording: Wording, sentence: Sentence, done: list[Hit]) -> bool:
    """Whether the sentence leads a bullet or paragraph under a heading of achievements and is about activity first."""
    heading = sentence.block.section.heading
    if (
        heading is None
        or sentence.index != 0
        or not any(wording.has(s, "activity.headings") for s in heading.sentences)
    ):
        return False
    first_figure = wording.figures(sentence)[0]
    words = wording.words(sentence)
    return any(0 <= words[hit.first].start - first_figure.number_end <= 2 for hit in done)


def _suggestion(reading: Reading) -> str:
    outcomes = [fact for fact in reading.facts if fact.metric_id in _OUTCOME_METRICS]
    if not outcomes:
        return "say what the activity led to"

    def telling(fact: FactView) -> tuple[bool, int]:
        return not fact.weak, _OUTCOME_METRICS.index(fact.metric_id)

    return f"say what it led to: {phrase_of(min(outcomes, key=telling))}"
