"""Which report a question asks for, how it is to be split, and to what narrowed."""

from __future__ import annotations

from typing import Any

from agent.chat.router.asked import Asked
from agent.chat.router.reading import data
from agent.chat.router.slots import Slot, overlap
from agent.chat.router.vocabulary import Vocabulary

_BUCKETS = ("week", "month", "quarter")
_SPLITTING = ("by", "per", "each", "every", "which", "what", "across", "of", "between", "among")


def name(tool: str, asked: Asked) -> str | None:
    """The report: by its name, else by the metric that it shows, else the one that ranks people."""
    vocabulary, dimension = asked.vocabulary, dimension_of(asked)
    named = [slot for slot in asked.all("report") if not _only_ranks(slot, asked) and not _within(slot, asked)]
    if named:
        longest = max(named, key=lambda slot: slot.end - slot.start)
        return longest.value
    metric = asked.metric()
    fitting = reports_showing(metric, dimension, vocabulary) or reports_showing(metric, None, vocabulary)
    if fitting:
        return fitting[0]
    closing = asked.has("value") or any(word.stem in ("close", "win", "won", "sell", "sold") for word in asked.words)
    usual = ("deals_won_and_lost", "quota_attainment") if closing else ("quota_attainment",)
    split = (name for name in (*usual, *vocabulary.splits) if dimension is None or dimension in vocabulary.splits[name])
    return next(split, usual[0])


def _within(slot: Slot, asked: Asked) -> bool:
    """Whether a report's name begins within a metric's that has a report of its own: "weighted forecast by stage"."""
    return any(
        overlap(slot, other) and other.start < slot.start and reports_showing(other.value, None, asked.vocabulary)
        for other in asked.all("metric")
    )


def _only_ranks(slot: Slot, asked: Asked) -> bool:
    """Whether a word says that people are ranked, and something else by what: "rank the team by win rate"."""
    metric = asked.metric()
    shown = asked.vocabulary.reports_of.get(metric or "", ())
    beside = any(not overlap(slot, other) for other in asked.all("metric"))
    return metric is not None and beside and slot.end - slot.start == 1 and slot.value not in shown


def reports_showing(metric: str | None, dimension: str | None, vocabulary: Vocabulary) -> list[str]:
    """The reports that show a metric, its own first; if a dimension is given, those that can be split so."""
    words = data("words")
    own = words["report_of_split"].get(f"{metric} by {dimension}") or words["report_of"].get(metric)
    shown = (
        *((own,) if own is not None else ()),
        *(vocabulary.reports_of.get(metric, ()) if metric is not None else ()),
    )
    return [report for report in shown if dimension is None or dimension in vocabulary.splits.get(report, ())]


def dimension_of(asked: Asked) -> str | None:
    """What the rows should be: what stands after "by" or "which", values told apart, or whoever "who" asks for."""
    named = [slot for slot in asked.all("dimension") if slot.value not in _BUCKETS]
    for slot in named:
        if asked.ahead(slot) in _SPLITTING:
            return slot.value
    if any(word.plain == "teams" for word in asked.words):
        return "team"
    several = _several(asked)
    if several is not None:
        return several
    if any(word.plain in data("names")["people"]["words"] for word in asked.words):
        return "rep"
    return next((slot.value for slot in named if slot.value not in ("team", "type", "size")), None)


def _several(asked: Asked) -> str | None:
    """The column of which several values are named: "inbound versus outbound"."""
    columns = [slot.value.partition("=")[0] for slot in asked.all("value")]
    return next((column for column in columns if columns.count(column) > 1), None)


def by(tool: str, asked: Asked) -> str | None:
    return dimension_of(asked)


def every(tool: str, asked: Asked) -> str | None:
    for slot in asked.all("dimension"):
        if slot.value in _BUCKETS:
            return slot.value
    return None


def where(tool: str, asked: Asked) -> tuple[tuple[str, str], ...]:
    found = {}
    for slot in asked.all("value"):
        column, _, value = slot.value.partition("=")
        if column != _several(asked):
            found[column] = value
    return tuple(found.items())


def whole_report(found: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """A report only takes a split that it has; over time it has no rows of people unless asked for."""
    splits = asked.vocabulary.splits.get(found.get("name", ""), ())
    if found.get("by") is not None and splits and found["by"] not in (*splits, "total"):
        del found["by"]
    if found.get("every") is not None and "by" not in found:
        found["by"] = "total" if splits else None
        found = {name: value for name, value in found.items() if value is not None}
    if "by" not in found and "who" not in found and asked.has("value") and "rep" in splits:
        found["by"] = "total"
    return found
