"""unexplained_metric: a key result moved, and neither its statement nor what stands next to it says why."""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.binding import Binding
from evals.reading.document import Sentence
from evals.reading.explanation import Explanations
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.statements import Statements

ID = "unexplained_metric"
SEVERITY = "soft"
NEEDS_FACTS = True

_NO_MOVE = 0.01


def check(reading: Reading) -> list[Finding]:
    """One finding for each key fact that differs from its prior and is stated without a cause anywhere."""
    statements = Statements.of(reading)
    explanations = Explanations(reading, statements)
    findings = []
    for place, fact in enumerate(reading.facts):
        if not fact.key or fact.prior is None or not statements.values[place]:
            continue
        # A move that rounding hides has no cause to tell.
        if abs(fact.value - fact.prior) <= _NO_MOVE * abs(fact.prior):
            continue
        if explanations.explained(place):
            continue
        sentence = _statement(statements.values[place])
        findings.append(
            reading.finding(
                ID,
                sentence.start,
                sentence.end,
                f"{fact.label} moved from {shown(fact.prior, fact)} to {shown(fact.value, fact)}, unexplained.",
                f"Say next to it what was done or what happened to move {fact.label}.",
                fact.id,
            )
        )
    return findings


def _statement(values: list[Binding]) -> Sentence:
    """The first sentence of prose that states the value, or the first table row where no prose does."""
    sentences = [binding.figure.sentence for binding in values]
    return next((sentence for sentence in sentences if sentence.block.kind != "table_row"), sentences[0])
