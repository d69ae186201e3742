"""unsupported_number: a figure for something measured that neither facts nor evidence hold, nor follows by one step."""

from __future__ import annotations

import re

from evals.finding import Finding
from evals.reading.binding import Binding, fits_unit
from evals.reading.facts import FactView
from evals.reading.figures import DURATIONS, Figure
from evals.reading.owners import owners_of
from evals.reading.reading import Reading
from evals.reading.showing import shown
from evals.reading.statements import Statements
from evals.reading.support import support_of
from evals.reading.wording import wording_of

ID = "unsupported_number"
SEVERITY = "hard"
NEEDS_FACTS = True

# One and two are pronouns as often as figures; up to twelve, a number may count what the sentence itself tells.
_LEAST = 2
_SMALL = 12
# "more than": a modifier has at most so many words.
_MODIFIER_WORDS = 2
# What is sold and to whom, in the plural and in the singular.
_RECORDS = ("vague.countable", "claims.common.selling")
_MARK = re.compile(r"[,;:.]")
_COUNTS = frozenset({"count", "weeks", "months", "days", "hours", "minutes"})


def check(reading: Reading) -> list[Finding]:
    """One finding for each sentence that holds such a figure; goals in next steps, dates and names are none."""
    statements = Statements.of(reading)
    support = support_of(reading)
    owners = owners_of(reading)
    findings = []
    seen: set[int] = set()
    for binding in reading.bindings:
        sentence = binding.figure.sentence
        if sentence.number in seen or sentence.block.kind == "heading" or statements.plans.is_plan(sentence):
            continue
        owner = owners.misgiven(binding)
        if owner is None:
            loose = binding.how == "unbound" or _is_chance(reading, binding)
            if not loose or not _is_measured(reading, binding) or support.of(binding) is not None:
                continue
        seen.add(sentence.number)
        findings.append(_finding(reading, binding, owner))
    return findings


def _is_chance(reading: Reading, binding: Binding) -> bool:
    """Whether a count is a fact's target or prior by number alone: nothing near it tells of the fact."""
    figure = binding.figure
    if figure.kind != "count" or figure.scaled or figure.sentence.block.cells or binding.comparator == "value":
        return False
    here = reading.by_sentence[figure.sentence.number]
    return binding.near == 0.0 and not any(other.fact == binding.fact and other is not binding for other in here)


def _is_measured(reading: Reading, binding: Binding) -> bool:
    """Whether a figure counts or measures records: not "three reasons", not the five of "second of five"."""
    figure = binding.figure
    if figure.kind in ("none", "fraction", "multiplied", "years", "working_days"):
        return False
    if _is_window(reading, figure) or _is_threshold(reading, figure):
        return False
    if figure.kind not in _COUNTS or figure.number > _SMALL:
        return True
    folded = figure.sentence.folded
    uncounted = reading.language.pattern("numbers.uncounted").match(folded[figure.last :].lstrip())
    of = tuple(f" {word} " for word in reading.language.words("numbers.links.of"))
    is_base = folded[: figure.first].endswith(of)
    return figure.number > _LEAST and uncounted is None and not is_base


def _is_window(reading: Reading, figure: Figure) -> bool:
    """Whether a duration is the stretch of time that is looked at: "at risk in the coming 90 days"."""
    sentence = figure.sentence
    named = {mention.fact for mention in reading.mentions[sentence.number]}
    if figure.kind not in DURATIONS or any(fits_unit(figure, reading.facts[place]) for place in named):
        return False
    before, after = (
        reading.language.pattern(f"numbers.window.{side}").pattern for side in ("before", "after")
    )  # fmt: skip
    return bool(
        re.search(rf"(?:{before})\s+$", sentence.folded[: figure.first])
        or re.match(rf"\s+(?:{after})", sentence.folded[figure.last :])
    )


def _is_threshold(reading: Reading, figure: Figure) -> bool:
    """Whether a figure says which records are meant, not what they measured: "deals above $50K"."""
    if figure.modifier not in ("above", "below"):
        return False
    things = wording_of(reading).hits(figure.sentence, "vague.countable", "claims.common")
    ends = [thing.end for thing in things if thing.path.startswith(_RECORDS) and thing.end < figure.first]
    between = (figure.sentence.folded[end : figure.first] for end in ends)
    return any(len(words.split()) <= _MODIFIER_WORDS and not _MARK.search(words) for words in between)


def _finding(reading: Reading, binding: Binding, owner: int | None) -> Finding:
    figure = binding.figure
    sentence = figure.sentence
    named = {mention.fact for mention in reading.mentions[sentence.number]}
    place = owner if owner is not None else binding.about
    if place is None and len(named) == 1:
        place = next(iter(named))
    named_fact = reading.facts[place] if place is not None else None
    fact = named_fact if named_fact is not None and (owner is not None or fits_unit(figure, named_fact) > 0) else None
    if fact is None:
        message = f"{figure.text} is in neither the facts nor the evidence, and does not follow from them in one step."
        suggestion = f"Leave {figure.text} out, or add the record it comes from to the evidence."
    elif fits_unit(figure, fact) > 0:
        message = f"{figure.text} is not in the facts; {fact.label} is {shown(fact.value, fact)}{_beside(fact)}."
        suggestion = f"Write {shown(fact.value, fact)}, or name where {figure.text} comes from."
    else:
        message = f"{figure.text} does not follow: {fact.label} is {shown(fact.value, fact)}{_beside(fact)}."
        suggestion = f"Work {figure.text} out anew, or name where it comes from."
    about = fact.id if fact is not None and fits_unit(figure, fact) > 0 else None
    return reading.finding(ID, sentence.start, sentence.end, message, suggestion, about)


def _beside(fact: FactView) -> str:
    """The fact's target and prior, for whoever looks for the figure that was meant."""
    target = f", target {shown(fact.target, fact)}" if fact.target is not None else ""
    prior = f", before {shown(fact.prior, fact)}" if fact.prior is not None else ""
    return target + prior
