"""missing_target: a result whose fact has a target is stated, and a reader cannot see that target."""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.statements import Statements

ID = "missing_target"
SEVERITY = "hard"
NEEDS_FACTS = True


def check(reading: Reading) -> list[Finding]:
    """One finding for each such result, on the first sentence that states it. Not limited to key facts."""
    statements = Statements.of(reading)
    findings = []
    for place, fact in enumerate(reading.facts):
        values = statements.values[place]
        if fact.target is None or not values or statements.target_shown(place):
            continue
        sentence = values[0].figure.sentence
        findings.append(
            reading.finding(
                ID,
                sentence.start,
                sentence.end,
                f"{fact.label} is stated, but its target of {shown(fact.target, fact)} is nowhere beside it.",
                f"Name the target: {fact.label} {shown(fact.value, fact)} against {shown(fact.target, fact)}.",
                fact.id,
            )
        )
    return sorted(findings, key=lambda finding: finding.start or 0)
