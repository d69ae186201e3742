"""unsupported_number: a figure for something measured that neither facts nor evidence hold, nor follows by one step."""

from __future__ import annotations

from evals.finding import Finding
from evals.reading.binding import Binding, fits_unit
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.statements import Statements
from evals.reading.support import Support

ID = "unsupported_number"
SEVERITY = "hard"
NEEDS_FACTS = True

# Small numbers in words are often figures of speech ("two sides", "three things"): only those that count what a fact
# counts are held against the draft.
_SMALL = 12


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence that holds such a figure; goals in next steps, dates and names are none."""
    statements = Statements.of(reading)
    support = Support(reading)
    findings = []
    seen: set[int] = set()
    for binding in reading.bindings:
        sentence = binding.figure.sentence
        if binding.how != "unbound" or sentence.number in seen or not _is_measured(binding):
            continue
        if statements.is_plan(sentence) or sentence.block.kind == "heading" or support.of(binding) is not None:
            continue
        seen.add(sentence.number)
        findings.append(_finding(reading, binding))
    return findings


def _is_measured(binding: Binding) -> bool:
    figure = binding.figure
    if figure.kind in ("none", "fraction", "multiplied", "years", "working_days"):
        return False
    small = figure.kind in ("count", "weeks", "months", "days", "hours", "minutes") and figure.number <= _SMALL
    return not small


def _finding(reading: Reading, binding: Binding) -> Finding:
    figure = binding.figure
    sentence = figure.sentence
    named = {mention.fact for mention in reading.mentions[sentence.number]}
    place = binding.about if binding.about is not None or len(named) != 1 else next(iter(named))
    fact = reading.facts[place] if place is not None and fits_unit(figure, reading.facts[place]) > 0 else None
    if fact is not None:
        message = f"{figure.text} is not in the facts; {fact.label} is {shown(fact.value, fact)}."
        suggestion = f"Write {shown(fact.value, fact)}, or name where {figure.text} comes from."
    else:
        message = f"{figure.text} is in neither the facts nor the evidence, and does not follow from them in one step."
        suggestion = f"Leave {figure.text} out, or add the record it comes from to the evidence."
    return reading.finding(ID, sentence.start, sentence.end, message, suggestion, fact.id if fact else None)
