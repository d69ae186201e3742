"""buried_weak_result: a key result that fell short, and a hurried reader would not learn of it."""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.document import Sentence
from evals.reading.facts import FactView
from evals.reading.reading import Reading
from evals.reading.shortfall import Shortfall
from evals.reading.showing import shown
from evals.reading.statements import Statements

ID = "buried_weak_result"
SEVERITY = "hard"
NEEDS_FACTS = True


def check(reading: Reading) -> list[Finding]:
    """One finding for each weak key fact that the skim does not show as falling short."""
    statements = Statements.of(reading)
    shortfall = Shortfall(reading, statements)
    findings = []
    for place, fact in enumerate(reading.facts):
        if not (fact.key and fact.weak) or shortfall.seen_in_skim(place):
            continue
        sentence = _statement(reading, statements, place)
        suggestion = f"Open a paragraph or bullet with it: {fact.label} {_against(fact)}."
        if sentence is None:
            message = f"{fact.label} fell short ({_against(fact)}) and the draft leaves it out."
            findings.append(reading.whole(ID, message, suggestion, fact.id))
        else:
            message = f"{fact.label} fell short ({_against(fact)}), and nothing that a hurried reader sees says so."
            findings.append(reading.finding(ID, sentence.start, sentence.end, message, suggestion, fact.id))
    return findings


def _against(fact: FactView) -> str:
    if fact.target is not None:
        return f"{shown(fact.value, fact)} against a target of {shown(fact.target, fact)}"
    assert fact.prior is not None
    return f"{shown(fact.value, fact)} after {shown(fact.prior, fact)}"


def _statement(reading: Reading, statements: Statements, place: int) -> Sentence | None:
    """The sentence that states the result or, where none gives its figure, the first that clearly names it."""
    if statements.values[place]:
        return statements.values[place][0].figure.sentence
    for sentence in reading.sentences:
        strong = any(mention.fact == place and mention.strong for mention in reading.mentions[sentence.number])
        if strong and sentence.block.kind != "heading" and not statements.plans.is_plan(sentence):
            return sentence
    return None
