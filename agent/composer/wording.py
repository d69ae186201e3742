"""How facts are spoken of: the metric's name as subject, singular or plural, and the verb of its direction."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.draft import Name, Part, Text
from agent.naming import label, period_name
from tools.facts import Fact, FactSheet
from tools.quantities import Unit

_TIMES = ("days", "hours", "minutes")


class Wording:
    """The words for one language's metrics (`composing/<code>/metrics.toml`)."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self._article = frozenset(words["article"])
        self._plural = frozenset(words["plural"])
        self._singular = frozenset(words["singular"])
        self._after_head = frozenset(words["label"]["after_head"])
        self._fragment_openers = frozenset(words["fragment_openers"])
        self._singular_endings = tuple(words["label"]["singular_endings"])

    def is_plural(self, fact: Fact) -> bool:
        """Whether the label is a plural subject: "Stalled deals", "Accounts at risk", but not "Sales cycle"."""
        if fact.metric_id in self._singular or fact.metric_id in self._plural:
            return fact.metric_id in self._plural
        # What stands in brackets or after a comma narrows the name down; it is not its head.
        words = re.split(r"[(,:\[/]", label(fact))[0].lower().split()
        head = next((index for index, word in enumerate(words) if index > 0 and word in self._after_head), len(words))
        last = words[head - 1] if head else ""
        return last.endswith("s") and not last.endswith(self._singular_endings)

    def is_fragment(self, line: str) -> bool:
        """Whether a *why it matters* line has no subject of its own: "Says what keeping a customer is worth"."""
        return line.split(maxsplit=1)[0].lower() in self._fragment_openers if line.split() else True

    def names(self, prefix: str, fact: Fact) -> dict[str, tuple[Part, ...]]:
        """The holes that name a metric: {Metric}, {metric}, {The_metric} and {the_metric}, or another word for it."""
        capital = Name(name="label", of=fact.id)
        small = Name(name="label", of=fact.id, lower=True)
        with_article = fact.metric_id in self._article
        return {
            prefix.capitalize(): (capital,),
            prefix: (small,),
            f"The_{prefix}": (Text(text="The "), small) if with_article else (capital,),
            f"the_{prefix}": (Text(text="the "), small) if with_article else (small,),
        }

    def verbs(self, fact: Fact, before: float) -> str:
        """The slot of verbs for the move from `before`: a duration lengthens, anything else rises."""
        timed = Unit.parse(fact.unit).kind in _TIMES
        if fact.value > before:
            return "lengthened" if timed else "rose"
        return "shortened" if timed else "fell"


# A period's label and what such a span of time is called: "2026-Q2" is a quarter.
_SPANS = (
    (re.compile(r"(?:FY)?\d{4}-Q[1-4]"), "quarter"),
    (re.compile(r"\d{4}-\d{2}"), "month"),
    (re.compile(r"\d{4}"), "year"),
)


def period_holes(sheet: FactSheet) -> dict[str, tuple[Part, ...]]:
    """The holes that name periods; {prior_period} is there only where one is on record."""
    span = next((word for shape, word in _SPANS if shape.fullmatch(sheet.period)), "period")
    named: dict[str, tuple[Part, ...]] = {"period": (Name(name="period"),), "Period": (Name(name="period"),)}
    before: tuple[Part, ...] = (Name(name="prior_period"),)
    if ".." in sheet.period:
        # From one day to another: the title and the scope hold the days, and sentences do without them.
        named = {"period": (Text(text="the period"),), "Period": (Text(text="The period"),)}
        before = (Text(text="the period before"),)
    if sheet.prior_period is not None and period_name(sheet.prior_period):
        named["prior_period"] = before
    return {**named, "span": (Text(text=span),)}


def person_holes(sheet: FactSheet) -> dict[str, tuple[Part, ...]]:
    """The holes that name the person, or the team of the person who leads it."""
    is_team = sheet.person == sheet.scope.team
    whole: tuple[Part, ...] = (Name(name="person"),)
    opening = whole
    if sheet.role == "sales_manager" and not is_team:
        whole = opening = (Name(name="first_name"), Text(text="'s team"))
    elif is_team and "team" not in sheet.person.lower().split():
        # A team may bear its manager's name; what it won was won by all of it.
        whole, opening = (
            (Text(text=f"{the} "), Name(name="person"), Text(text=" team")) for the in ("the", "The")
        )  # fmt: skip
    first = Name(name="person" if is_team else "first_name")
    return {"who": whole, "Who": opening, "First_name": (first,), "first_name": (first,)}
