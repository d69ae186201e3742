"""The day that a statement is about, by its own words: "in May", "on 12 May", "last week", "yesterday"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from agent.chat.router.days import Calendar
from agent.chat.router.periods import Said, parsed, periods_in

# What stands before a time that something is only compared with, counted from or planned for.
_NOT_WHEN = re.compile(r"\b(?:than|versus|vs|to|until|till|by|before|after|since|from|for)(?:\s+in)?\s*$", re.I)
_WITHIN = re.compile(r"\b(?:in|during|over)\s*$", re.I)
_LONGEST_DAY, _LONGEST_NAMED = 31, 92
_SHORTEST_MONTH = 28


def day_told(text: str, calendar: Calendar) -> date | None:
    """The last of the days that the text names, no later than today; None where it names none."""
    return day_among(periods_in(text, calendar), text, calendar)


def period_told(text: str, calendar: Calendar) -> str | None:
    """The label of the one month or more that the text is about, where that is not what `calendar` is of.

    "In May", "the Q1 dip"; not "up since May" or "better than in Q1", which only hold something against it.
    """
    here = calendar.period
    told = {
        said.label
        for said in periods_in(text, calendar)
        if not _NOT_WHEN.search(text[: said.start]) and not text[said.start :].casefold().startswith("since")
        and parsed(said.label, calendar).start <= calendar.as_of
        and parsed(said.label, calendar).days >= _SHORTEST_MONTH
        and (here is None or said.label != here.label)
    }  # fmt: skip
    return next(iter(told)) if len(told) == 1 else None


def day_among(named: Iterable[Said], text: str, calendar: Calendar) -> date | None:
    """As `day_told`, of periods found in the text before.

    A quarter or more names a day only as "in Q1": "the Q1 dip" says which dip, not when it was explained.
    """
    for said in named:
        ahead = text[: said.start]
        if _NOT_WHEN.search(ahead) or text[said.start :].casefold().startswith("since"):
            continue
        days = parsed(said.label, calendar)
        here = calendar.period
        if days.start > calendar.as_of or here is not None and days.start <= here.start and here.last_day < days.end:
            continue
        if days.days <= _LONGEST_DAY or (days.days <= _LONGEST_NAMED and _WITHIN.search(ahead)):
            return min(days.last_day, calendar.as_of)
    return None
