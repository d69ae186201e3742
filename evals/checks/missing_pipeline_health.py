"""Closed business is reported, pipeline facts exist, and the draft says nothing of the open pipeline.

Value, coverage, stage mix, stalled deals, slippage or a forecast of the next period count; pipeline that was created, a
pipeline review that was held, and a next step do not. Renewals and upsell are closed business too; who closes nothing
cannot miss it.
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
from evals.reading.wording import Wording, wording_of

ID = "missing_pipeline_health"
SEVERITY = "soft"
NEEDS_FACTS = True

# Metric ids, from the metric dictionary: what the open pipeline is made of, and what counts as closed business.
PIPELINE_METRICS = (
    "pipeline_value", "pipeline_deals", "pipeline_coverage", "coverage_to_go", "stage_mix", "stalled_deals",
    "overdue_in_stage", "deals_without_next_step", "slipped_deals", "push_rate", "weighted_forecast",
    "forecast_categories", "pipeline_snapshot", "reps_below_coverage",
)  # fmt: skip
CLOSED_METRICS = frozenset({
    "revenue_won", "deals_won", "quota_attainment", "goal_attainment", "team_attainment", "average_deal_size",
    "win_rate", "close_rate", "renewed_mrr", "protected_mrr", "renewal_rate", "expansion_revenue", "revenue_growth",
    "net_revenue_retention", "gross_revenue_retention", "late_stage_conversion", "sales_cycle_days",
})  # fmt: skip

# How many words may stand between a deal and its slipping: "two deals worth $96,000 moved into April".
_REACH = 6
# From here on the words around a figure name the fact that it is bound to (`Binding.near`).
_NAMED = 1.3
# How many letters of a label's word must stand in the draft: endings differ.
_STEM = 5


def check(reading: Reading) -> list[Finding]:
    """At most one finding, about the whole draft."""
    pipeline = [fact for fact in reading.facts if fact.metric_id in PIPELINE_METRICS]
    closes = any(fact.metric_id in CLOSED_METRICS for fact in reading.facts)
    if not pipeline or not closes:
        return []
    wording, plans = wording_of(reading), plans_of(reading)
    told = [s for s in reading.sentences if not plans.is_step(s) and not wording.left_out(s)]
    closed = [fact for fact in reading.facts if fact.metric_id in CLOSED_METRICS]
    if not any(wording.has(sentence, "pipeline.closed") or _states(reading, sentence, closed) for sentence in told):
        return []
    for sentence in told:
        if sentence.block.kind == "heading":
            continue
        if _speaks_of_pipeline(wording, sentence) or _names(sentence, pipeline) or _states(reading, sentence, pipeline):
            return []
    most_telling = min(pipeline, key=lambda fact: PIPELINE_METRICS.index(fact.metric_id))
    message = "Closed business is reported, but nothing is said of the open pipeline."
    return [reading.whole(ID, message, f"add a line on the pipeline: {phrase_of(most_telling)}")]


def _speaks_of_pipeline(wording: Wording, sentence: Sentence) -> bool:
    """Whether the sentence says something of the open pipeline's health."""
    passing = [(hit.start, hit.end) for hit in wording.hits(sentence, "pipeline.passing")]
    passing += _other_names(wording.reading, sentence)
    for hit in wording.hits(sentence, "pipeline.open"):
        if not any(start <= hit.start and hit.end <= end for start, end in passing):
            return True
    if wording.hits(sentence, "pipeline.ahead"):
        return True
    return any(_slips(wording, sentence, hit) for hit in wording.hits(sentence, "pipeline.slipped"))


def _other_names(reading: Reading, sentence: Sentence) -> list[tuple[int, int]]:
    """Where the sentence names facts of something else: "late-stage conversion", "pipeline created"."""
    return [
        (mention.first, mention.last)
        for mention in reading.mentions[sentence.number]
        if mention.strong and reading.facts[mention.fact].metric_id not in PIPELINE_METRICS
    ]


def _slips(wording: Wording, sentence: Sentence, hit: Hit) -> bool:
    """Whether it is deals that moved on, not an average that moved to another value."""
    words = wording.words(sentence)
    after = words[hit.last + 1].start if hit.last + 1 < len(words) else hit.end
    if any(figure.first <= after < figure.last and figure.kind != "count" for figure in wording.figures(sentence)):
        return False
    return any(abs(thing.first - hit.first) <= _REACH for thing in wording.hits(sentence, "pipeline.things"))


def _states(reading: Reading, sentence: Sentence, facts: list[FactView]) -> bool:
    """Whether a figure of the sentence stands for one of these facts, and the words name it."""
    return any(
        binding.fact is not None and binding.near >= _NAMED and reading.facts[binding.fact] in facts
        for binding in reading.by_sentence.get(sentence.number, ())
    )


def _names(sentence: Sentence, pipeline: list[FactView]) -> bool:
    """Whether the sentence names a pipeline fact by every word of its label."""
    folded = sentence.folded
    return any(
        all(word.text[:_STEM] in folded for word in words_of(folded_term(fact.label)) if len(word.text) > 2)
        for fact in pipeline
    )
