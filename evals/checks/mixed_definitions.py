"""mixed_definitions: two periods of a metric are compared in silence although it was defined otherwise before."""

from __future__ import annotations

import re

from evals.finding import Finding
from evals.reading.derivation import step_within
from evals.reading.document import Sentence
from evals.reading.reading import Reading
from evals.reading.statements import Statements

ID = "mixed_definitions"
SEVERITY = "soft"
NEEDS_FACTS = True


def check(reading: Reading) -> list[Finding]:
    """One finding for each redefined fact, on the first sentence that compares it with its prior period."""
    statements = Statements.of(reading)
    movement = reading.language.pattern("movement.up", "movement.down", "movement.better", "movement.worse")
    findings = []
    for place, fact in enumerate(reading.facts):
        if not fact.redefined:
            continue
        for sentence in reading.sentences:
            if statements.plans.is_plan(sentence) or not _compares(reading, sentence, place, movement):
                continue
            if not _says_so(reading, sentence, place):
                findings.append(
                    reading.finding(
                        ID,
                        sentence.start,
                        sentence.end,
                        f"{fact.label} is compared with the period before, but it was defined otherwise then.",
                        f'Say so next to it: now "{fact.definition}", before "{fact.prior_definition}".',
                        fact.id,
                    )
                )
            break
    return findings


def _compares(reading: Reading, sentence: Sentence, place: int, movement: re.Pattern[str]) -> bool:
    """Whether the sentence shows the prior figure, or says that the metric moved."""
    bindings = reading.by_sentence.get(sentence.number, ())
    shown = {binding.comparator for binding in bindings if binding.fact == place and binding.near >= 1.3}
    if "prior" in shown:
        return True
    return "value" in shown and reading.facts[place].prior is not None and _moved_by(reading, sentence, place, movement)


def _moved_by(reading: Reading, sentence: Sentence, place: int, movement: re.Pattern[str]) -> bool:
    """Whether a figure of the sentence is the difference between the two periods, next to a word of movement."""
    fact = reading.facts[place]
    bindings = reading.by_sentence.get(sentence.number, ())
    derived = any(
        binding.how == "unbound" and binding.about in (None, place) and step_within(binding.figure, fact) is not None
        for binding in bindings
    )
    return derived and bool(movement.search(sentence.folded))


def _says_so(reading: Reading, sentence: Sentence, place: int) -> bool:
    """Whether words of definition, or words that only the definitions hold, stand next to the comparison."""
    note = reading.language.pattern("movement.redefinition")
    return any(note.search(near.folded) for near in reading.document.next_to(sentence))
