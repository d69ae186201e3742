"""When a question asks about, and what it holds that against: "better than Q1" asks about the conversation's period."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.chat.router.asked import Asked
from agent.chat.router.periods import before as period_before
from agent.chat.router.periods import parsed, year_before
from agent.chat.router.reading import data
from agent.chat.router.slots import Slot

HELD_AGAINST = ("than", "versus", "against", "from", "since", "to", "with", "over", "beat", "behind", "of", "up",
                 "down")  # fmt: skip
# Told of what is open, whatever time to come is named.
_LOOKING_ON = ("stuck", "slipped")


def period(tool: str, asked: Asked) -> str | None:
    """The period asked about. What it is held against is not it: "better than Q1" asks about the conversation's."""
    named = asked.all("period")
    if tool in ("compare", "changed"):
        two = _later_and_earlier(asked)
        if two is not None:
            return two[0]
        mine = [slot for slot in named if not _comparator(slot, asked)]
        if len(mine) == len(named) == 1 and _is_earlier(mine[0], asked):
            return None
        if not named or not mine:
            return None
        return mine[-1].value
    if not named:
        return None
    slot = named[-1] if tool == "turn_to" else named[0]
    if tool in _LOOKING_ON or asked.metric() in data("names")["ahead"]["metrics"]:
        # "Enough pipeline for next quarter?", "what moved into Q3?" are asked of what was open.
        here, said = asked.setting.calendar.period, parsed(slot.value, asked.setting.calendar)
        if said.start > (here.last_day if here is not None else asked.setting.calendar.as_of):
            return None
    return slot.value


def period_following(slot: Slot, asked: Asked) -> str:
    """ "and last quarter?" of last quarter's answer is the one before."""
    before = asked.setting.before
    about = (before.arguments.get("period") if before is not None else None) or asked.setting.period
    relative = slot.period is not None and slot.period.relative
    if (
        relative
        and before is not None
        and about == slot.value
        and asked.words[slot.start].plain in ("last", "previous", "prior")
    ):
        return period_before(slot.value, asked.setting.calendar)
    return slot.value


def _later_and_earlier(asked: Asked) -> tuple[str, str] | None:
    """Two periods held against each other: however they are put, the later is held against the earlier."""
    named = list(dict.fromkeys(slot.value for slot in asked.all("period")))
    if len(named) != 2:
        return None
    earlier, later = sorted(named, key=lambda label: parsed(label, asked.setting.calendar).start)
    return later, earlier


def _comparator(slot: Slot, asked: Asked) -> bool:
    return asked.ahead(slot) in HELD_AGAINST or slot.start > 0 and asked.words[slot.start].plain == "since"


def _holds(label: str, other: str, asked: Asked) -> bool:
    """Whether a period holds another: "last year" holds the quarter a year ago."""
    whole, part = (parsed(each, asked.setting.calendar) for each in (label, other))
    return whole.start <= part.start and part.full_end <= whole.full_end


def _is_earlier(slot: Slot, asked: Asked) -> bool:
    """Whether the period is the conversation's own prior or year-ago one, and so what to hold it against."""
    now = asked.setting.period
    if now is None:
        return False
    calendar = asked.setting.calendar
    relative = slot.period is not None and slot.period.relative and slot.value == now
    before = slot.value == period_before(now, calendar)
    return relative or before or _holds(slot.value, year_before(now, calendar), asked)


def against(tool: str, asked: Asked) -> str:
    """What to hold the results against, in the order in which people mean it."""
    now, calendar = asked.setting.period, asked.setting.calendar
    two = _later_and_earlier(asked)
    if two is not None:
        return "year_ago" if two[1] == year_before(two[0], calendar) else "prior"
    for slot in asked.all("period"):
        if now is not None and _holds(slot.value, year_before(now, calendar), asked):
            return "year_ago"
        if _comparator(slot, asked) or _is_earlier(slot, asked):
            return "prior"
    if asked.has("year_ago"):
        return "year_ago"
    # "Is my team on target?" asks for the target: the team is who is asked about.
    peers = [slot for slot in asked.all("peers") if asked.ahead(slot) in HELD_AGAINST or not asked.has("target")]
    if peers:
        return "team"
    if asked.has("target"):
        return "target"
    return "prior" if asked.has("prior") else "team"


def held_against(tool: str, arguments: Mapping[str, Any], asked: Asked) -> list[str]:
    """What a comparison was to be held against and is not, where that is neither the period before nor a year ago."""
    if tool not in ("compare", "changed"):
        return []
    strange = other_period(arguments, asked)
    usual = {"prior": "the period before", "year_ago": "a year earlier"}.get(arguments.get("against", "prior"))
    return [] if strange is None or usual is None else [f"held against {usual}, not {asked.typed(strange)}"]


def other_period(arguments: Mapping[str, Any], asked: Asked) -> Slot | None:
    """A period to be held against that is neither the one before the period asked about nor a year before it."""
    base, calendar = arguments.get("period") or asked.setting.period, asked.setting.calendar
    if base is None:
        return None
    usual = (base, period_before(base, calendar), year_before(base, calendar))
    for slot in asked.all("period"):
        relative = slot.period is not None and slot.period.relative
        year = _holds(slot.value, usual[2], asked) and not _holds(slot.value, base, asked)
        if slot.value not in usual and not relative and not year:
            return slot
    return None
