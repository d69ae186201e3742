"""The structure lint beside the rubric: not labelled, always soft, and never mixed with the thirteen.

Three to five results; three to five next steps, each naming the metric it should move, what to keep apart from what to
fix, one of them about reporting; targets one line each without commentary; a section left out only with its reason; no
empty openings; a headline with attainment and the weakest result.
"""

from __future__ import annotations

from collections.abc import Iterator

from evals.checks.missing_context import gives_cause
from evals.finding import Finding
from evals.reading.document import Block, Section, Sentence
from evals.reading.phrases import phrase_of
from evals.reading.plans import plans_of
from evals.reading.reading import Reading
from evals.reading.wording import Wording, wording_of

ID = "structure"
SEVERITY = "soft"
NEEDS_FACTS = False

FEWEST, MOST = 3, 5
_ATTAINMENT = ("quota_attainment", "team_attainment", "goal_attainment")
# How many blocks of running text at a draft's top are its headline.
_HEADLINE_BLOCKS = 2


def check(reading: Reading) -> list[Finding]:
    """Everything the lint has to say, in the order of this file."""
    wording = wording_of(reading)
    found = (_results, _next_steps, _targets, _left_out, _openings, _headline)
    return [finding for lint in found for finding in lint(reading, wording)]


def _results(reading: Reading, wording: Wording) -> Iterator[Finding]:
    for section in _sections(reading, wording, "structure.results"):
        bullets = [block for block in section.blocks if block.kind == "bullet"]
        if len(bullets) > MOST:
            message = f"{len(bullets)} results are told; a reader keeps {FEWEST} to {MOST} in mind."
            yield _about(reading, bullets[MOST], message, f"keep the {MOST} that fit the role")


def _next_steps(reading: Reading, wording: Wording) -> Iterator[Finding]:
    steps = [
        block for block in reading.document.blocks if block.index in plans_of(reading).blocks and block.kind == "bullet"
    ]
    if not steps:
        return
    if not FEWEST <= len(steps) <= MOST:
        yield _about(
            reading,
            steps[0],
            f"The draft has {len(steps)} next step{'s' * (len(steps) > 1)}.",
            f"name {FEWEST} to {MOST}",
        )
    if not any(_is_labelled(wording, step) for step in steps):
        yield _about(
            reading, steps[0], "What to keep does not stand apart from what to fix.", 'open each with "Keep" or "Fix"'
        )
    reports = [any(wording.has(sentence, "structure.reporting") for sentence in step.sentences) for step in steps]
    if not any(reports):
        yield _about(reading, steps[-1], "No next step improves the quality of reporting.", "add one")
    for step, reporting in zip(steps, reports, strict=True):
        if (
            not reporting
            and reading.facts
            and not any(reading.mentions[sentence.number] for sentence in step.sentences)
        ):
            yield _about(
                reading, step, "The step does not name the metric it should move.", "name the metric in brackets"
            )


def _is_labelled(wording: Wording, step: Block) -> bool:
    """Whether the step opens with what it is: "Keep: …", "Fix the …"."""
    sentence = step.sentences[0]
    opening = {word.start for word in wording.words(sentence)[:1]}
    return any(hit.start in opening or hit.start < sentence.body for hit in wording.hits(sentence, "plans.labels"))


def _targets(reading: Reading, wording: Wording) -> Iterator[Finding]:
    for section in _sections(reading, wording, "structure.targets"):
        for block in section.blocks:
            if block.kind in ("bullet", "table_row") and any(
                gives_cause(wording, sentence) for sentence in block.sentences
            ):
                yield _about(
                    reading, block, "A target line holds commentary.", "keep target, actual and attainment only"
                )


def _left_out(reading: Reading, wording: Wording) -> Iterator[Finding]:
    for sentence in reading.sentences:
        if wording.has(sentence, "plans.left_out") and not wording.has(
            sentence, "causes.because", "causes.timing", "causes.so"
        ):
            yield _about(reading, sentence, "A section is left out without its reason.", "say why")


def _openings(reading: Reading, wording: Wording) -> Iterator[Finding]:
    for sentence in reading.sentences:
        opening = wording.body_words(sentence)[:1]
        hits = wording.hits(sentence, "structure.empty_opening") if sentence.index == 0 else []
        if opening and any(hit.start == opening[0].start for hit in hits):
            yield _about(
                reading, sentence, "The statement opens with nothing that anybody did.", "lead with the action"
            )


def _headline(reading: Reading, wording: Wording) -> Iterator[Finding]:
    if not reading.facts:
        return
    texts = [
        block
        for block in reading.document.blocks
        if block.kind in ("paragraph", "bullet", "quote") and block.index not in plans_of(reading).blocks
    ]
    headline = [sentence for block in texts[:_HEADLINE_BLOCKS] for sentence in block.sentences]
    named = {reading.facts[mention.fact].id for s in headline for mention in reading.mentions[s.number]}
    attainment = next((fact for fact in reading.facts if fact.metric_id in _ATTAINMENT), None)
    if attainment is not None and attainment.id not in named:
        yield reading.whole(ID, "The headline does not give the attainment.", f"open with it: {phrase_of(attainment)}")
    weak = [fact for fact in reading.facts if fact.key and fact.weak]
    # A target that was missed weighs more than a result that only fell.
    weak = [fact for fact in weak if fact.misses_target] or weak
    if weak and not any(fact.id in named for fact in weak):
        yield reading.whole(ID, "The headline does not name the weakest result.", f"add it: {phrase_of(weak[0])}")


def _sections(reading: Reading, wording: Wording, group: str) -> Iterator[Section]:
    for section in reading.document.sections:
        if section.heading is not None and any(wording.has(sentence, group) for sentence in section.heading.sentences):
            yield section


def _about(reading: Reading, place: Block | Sentence, message: str, suggestion: str) -> Finding:
    sentence = place.sentences[0] if isinstance(place, Block) else place
    return reading.finding(ID, sentence.start, sentence.end, message, suggestion)
