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

# One and two are pronouns as often as figures; up to twelve, a number may count what the sentence itself tells.
_LEAST = 2
_SMALL = 12
_COUNTS = frozenset({"count", "weeks", "months", "days", "hours", "minutes"})


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence that holds such a figure; goals in next steps, dates and names are none."""
    statements = Statements.of(reading)
    support = Support(reading)
    findings = []
    seen: set[int] = set()
    for binding in reading.bindings:
        sentence = binding.figure.sentence
        if binding.how != "unbound" or sentence.number in seen or not _is_measured(reading, binding):
            continue
        if statements.is_plan(sentence) or sentence.block.kind == "heading" or support.of(binding) is not None:
            continue
        seen.add(sentence.number)
        findings.append(_finding(reading, binding))
    return findings


def _is_measured(reading: Reading, binding: Binding) -> bool:
    """Whether a figure counts or measures records: not "three reasons", not the five of "second of five"."""
    figure = binding.figure
    if figure.kind in ("none", "fraction", "multiplied", "years", "working_days"):
        return False
    if figure.kind not in _COUNTS or figure.number > _SMALL:
        return True
    folded = figure.sentence.folded
    uncounted = reading.language.pattern("numbers.uncounted").match(folded[figure.last :].lstrip())
    of = tuple(f" {word} " for word in reading.language.words("numbers.links.of"))
    is_base = folded[: figure.first].endswith(of)
    return figure.number > _LEAST and uncounted is None and not is_base


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
