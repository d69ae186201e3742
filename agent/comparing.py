"""What a fact is compared with, and whether a reader is shown a difference."""

from __future__ import annotations

from math import isclose

from agent.draft import Against
from tools.facts import Fact
from tools.quantities import display, display_among

# A move of up to this share of the earlier value: 62.5% after 62.3% is no rise from 62% to 63%.
_NEXT_TO_NOTHING = 0.005


def comparator(fact: Fact, against: Against) -> int | float | None:
    """The fact's comparator of that kind, or None where none is on record."""
    return {"target": fact.target, "prior": fact.prior, "year_ago": fact.year_ago, "team": fact.team}[against]


def printed_order(fact: Fact, against: Against) -> int:
    """1 where the value is told as above its comparator, -1 below, 0 where a reader is shown no difference."""
    other = comparator(fact, against)
    assert other is not None, f"{fact.id} has no {against}"
    return 0 if hardly_moved(fact, against) else display_among(fact.value, [other], [False], fact.unit).order(0)


def hardly_moved(fact: Fact, against: Against) -> bool:
    """Whether an earlier value differs in further digits only, or by next to nothing: 2.035x after 2.044x.

    A shortfall always shows, and so does every single deal of a count.
    """
    if against != "prior" or fact.prior is None or isclose(fact.prior, fact.value):
        return False
    if fact.weak and fact.target is None:
        return False
    if fact.unit != "count" and abs(fact.value - fact.prior) <= _NEXT_TO_NOTHING * abs(fact.prior):
        return True
    return display(fact.value, fact.unit).value == display(fact.prior, fact.unit).value


def redefined(fact: Fact, against: Against = "prior") -> bool:
    """Whether the metric was counted otherwise in the earlier period, as far as both definitions are on record."""
    earlier = {"prior": fact.prior_definition, "year_ago": fact.year_ago_definition}.get(against)
    return None not in (fact.definition, earlier) and fact.definition != earlier
