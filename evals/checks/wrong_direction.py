"""wrong_direction: the words contradict the facts: up for down, above for below, current and prior swapped."""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.claims import claims_of
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.statements import Statements

ID = "wrong_direction"
SEVERITY = "hard"
NEEDS_FACTS = True


def check(reading: Reading) -> list[Finding]:
    """One finding for each fact that a sentence turns round, and for each figure given to another metric."""
    statements = Statements.of(reading)
    claims = claims_of(reading)
    findings = []
    for sentence in reading.sentences:
        if statements.plans.among(sentence) or sentence.block.kind == "heading":
            continue
        for place in sorted(
            {binding.fact for binding in reading.by_sentence.get(sentence.number, ()) if binding.fact is not None}
        ):
            said = claims.contradiction(sentence, place)
            if said is not None:
                findings.append(_finding(reading, sentence, reading.facts[place], said))
        stranger = claims.stranger(sentence)
        if stranger is not None:
            findings.append(_stranger_finding(reading, sentence, *stranger))
        borrowed = claims.team_as_own(sentence)
        if borrowed is not None and borrowed.fact is not None:
            findings.append(_team_finding(reading, sentence, borrowed.figure.text, reading.facts[borrowed.fact]))
    return findings


def _finding(reading: Reading, sentence: Sentence, fact: FactView, said: str) -> Finding:
    against = f"target {shown(fact.target, fact)}" if fact.target is not None else ""
    before = f"before {shown(fact.prior, fact)}" if fact.prior is not None else ""
    true = ", ".join(part for part in (f"{fact.label} is {shown(fact.value, fact)}", before, against) if part)
    return reading.finding(
        ID, sentence.start, sentence.end, f"The words say {said}, but {true}.", f"Turn it round: {true}.", fact.id
    )


def _stranger_finding(reading: Reading, sentence: Sentence, named: int, owner: int) -> Finding:
    fact, other = reading.facts[named], reading.facts[owner]
    return reading.finding(
        ID,
        sentence.start,
        sentence.end,
        f"The figure given for {fact.label} is that of {other.label}; {fact.label} is {shown(fact.value, fact)}.",
        f"Write {fact.label} {shown(fact.value, fact)}.",
        fact.id,
    )


def _team_finding(reading: Reading, sentence: Sentence, figure: str, fact: FactView) -> Finding:
    own = shown(fact.value, fact)
    message = f"{figure} is the team's; {fact.label} is {own}."
    suggestion = f"Write {own}, or say that {figure} is the team's."
    return reading.finding(ID, sentence.start, sentence.end, message, suggestion, fact.id)
