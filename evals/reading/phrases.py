"""A fact as a phrase for suggestions: its value with the comparators that a reader would want."""

from __future__ import annotations

from collections.abc import Iterable

from evals.reading.facts import FactView
from evals.reading.folding import folded_term
from evals.reading.showing import shown


def phrase_of(fact: FactView) -> str:
    """The fact's label, value, target and prior.

    >>> phrase_of(FactView("average_deal_size", "Average deal size", 47000, "currency:USD", prior=41000))
    'average deal size $47,000, up from $41,000'
    """
    label = fact.label[:1].lower() + fact.label[1:] if fact.label[1:2].islower() else fact.label
    words = [f"{label} {shown(fact.value, fact)}"]
    if fact.target is not None:
        words.append(f"against a target of {shown(fact.target, fact)}")
    if fact.prior is not None:
        way = "the same as" if fact.prior == fact.value else "up from" if fact.value > fact.prior else "down from"
        words.append(f"{way} {shown(fact.prior, fact)}" if way != "the same as" else "the same as before")
    first, *rest = words
    return ", ".join([f"{first} {rest[0]}", *rest[1:]]) if fact.target is not None else ", ".join([first, *rest])


def nearest_fact(facts: Iterable[FactView], folded: str) -> FactView | None:
    """The fact whose label stands in folded text, else the first key fact, else None."""
    known = list(facts)
    named = (fact for fact in known if folded_term(fact.label) in folded)
    return next(named, None) or next((fact for fact in known if fact.key), None)
