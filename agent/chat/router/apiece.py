"""The same question of each of several: "win rate of Anna and Tom" is two calls, "revenue in Q1 and in Q3" too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.chat.router.asked import Asked, Routed
from agent.chat.router.cues import intents
from agent.chat.router.days import Days
from agent.chat.router.leftout import left_out
from agent.chat.router.points import parsed
from agent.chat.router.reading import data
from agent.chat.router.saying import said_back
from agent.chat.router.slots import Slot, overlap
from agent.chat.router.timing import other_period

_MOST = 4
_OF_PEOPLE = (
    "figure",
    "overview",
    "why",
    "records",
    "slipped",
    "stuck",
    "losses",
    "delays",
    "shortfalls",
    "changed",
    "missing",
    "draft",
)
_OF_PERIODS = ("figure", "overview", "why", "records", "slipped", "losses", "delays", "shortfalls")
_OF_METRICS = ("figure", "why", "records", "compare")


def apiece(call: Routed, asked: Asked) -> tuple[Routed, ...]:
    """The calls for each of the people, periods or metrics named side by side; the call itself where there is one."""
    people = _side_by_side("person", asked)
    if len(people) > 1 and call.tool in (*_OF_PEOPLE, "compare"):
        return tuple(_of(call, asked, {"who": who}) for who in people)
    if call.tool == "compare":
        other = other_period(call.arguments, asked)
        here = call.arguments.get("period") or asked.setting.period
        if other is not None and here is not None:
            return tuple(_of(call, asked, {"period": label}) for label in (here, other.value))
    periods = _side_by_side("period", asked)
    together = _together(periods, asked)
    if together is not None:
        return (_of(call, asked, {"period": together}),)
    if len(periods) > 1 and call.tool in _OF_PERIODS:
        return tuple(_of(call, asked, {"period": label}) for label in periods)
    metrics = _side_by_side("metric", asked, ("and", "or", "versus", "plus"))
    if len(metrics) > 1 and call.tool in _OF_METRICS:
        return tuple(_of(call, asked, {"metric": metric}, call.tool) for metric in metrics)
    return (call,)


def _together(labels: Sequence[str], asked: Asked) -> str | None:
    """One period for several that follow on each other, where they are asked for as one: "April and May combined"."""
    if len(labels) < 2 or not asked.typed_whole(data("names")["joining"]["together"]):
        return None
    calendar = asked.setting.calendar
    spans = sorted((parsed(label, calendar) for label in labels), key=lambda span: span.start)
    if any(one.full_end != other.start for one, other in zip(spans, spans[1:], strict=False)):
        return None
    return Days(calendar).days(spans[0].start, spans[-1].full_end, 0).label


def _of(call: Routed, asked: Asked, narrowed: dict[str, Any], tool: str | None = None) -> Routed:
    """The call for one of them. Two that are held against each other are both shown."""
    if tool is None:
        tool = call.tool if call.tool != "compare" else ("figure" if "metric" in call.arguments else "overview")
    fields = asked.fields(tool)
    arguments = {name: value for name, value in {**call.arguments, **narrowed}.items() if name in fields}
    named = {slot.value for kind in ("person", "period") for slot in asked.all(kind)}
    left = [each for each in left_out(tool, arguments, asked, ()) if not _answered(each, asked, named)]
    intent = next(each for each in intents() if each.tool == tool)
    return Routed(tool, arguments, said_back(intent.says, arguments, asked.vocabulary), "; ".join(left))


def _answered(left: str, asked: Asked, named: set[str]) -> bool:
    """Whether what one call leaves out is what another holds."""
    typed = {asked.typed(slot) for slot in asked.all("period")}
    return any(left.endswith(each) for each in (*named, *typed))


def _side_by_side(kind: str, asked: Asked, joining: Sequence[str] = ()) -> list[str]:
    """Different things of a kind with nothing but small words between them: "Anna and Tom", "win rate, deal size"."""
    slots = sorted(asked.all(kind), key=lambda slot: slot.start)
    apart = [slot for slot in slots if not any(_inside(slot, other) for other in slots)]
    found = list(dict.fromkeys(slot.value for slot in apart))
    joined = all(_joined(one, other, asked, joining) for one, other in zip(apart, apart[1:], strict=False))
    return found if joined and len(found) <= _MOST else []


def _inside(slot: Slot, other: Slot) -> bool:
    return slot is not other and overlap(slot, other) and other.end - other.start > slot.end - slot.start


def _joined(one: Slot, other: Slot, asked: Asked, joining: Sequence[str]) -> bool:
    metrics = {index for slot in asked.all("metric") for index in range(slot.start, slot.end)}
    apart = [index for index in range(one.end, other.start) if index not in metrics or one.kind == "metric"]
    between = [asked.words[index] for index in apart]
    comma = "," in asked.text[asked.words[one.end - 1].end : asked.words[other.start].start]
    small = data("names")["joining"]
    return all(word.plain in (*small["words"], *small["between"]) for word in between) and (
        comma or any(word.plain in (joining or small["words"]) for word in between)
    )
