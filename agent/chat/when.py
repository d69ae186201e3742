"""Periods as people say them in a conversation: "Q1", "May", "last quarter", seen from the period talked about.

Words of time have one meaning, whoever reads the question: that of `agent.chat.router.periods`. "Last quarter" is told
from today, or from the end of a period long past that is talked about; "the quarter before" from the period itself.
"""

from __future__ import annotations

import re
from datetime import date

from agent.chat.router.days import Calendar
from agent.chat.router.periods import periods_in
from tools.errors import InputError
from tools.periods import parse_period

_HERE = re.compile(r"(?:the\s+)?(?:this|current|same|that)\s+period", re.I)
_YEAR_AGO = re.compile(r"year ago|last year['’]s (?:quarter|month|period)", re.I)
_BEFORE = re.compile(r"(?:the\s+)?(?:last|prior|previous|preceding)\s+period", re.I)
# Written as one word, or with a dash that is none of "from – to": "Q1-2026", "FY26-Q3", "fiscal year 2026".
_WRITTEN = (
    (re.compile(r"\b([QH][1-4])\s*[-/]\s*(\d{4})\b", re.I), r"\1 \2"),
    (re.compile(r"\b(?:FY\s*(?=\d\d\b)|fiscal year\s+)(?:20)?(\d\d)\b[\s-]*(?:([QH][1-4])\b)?", re.I), r"FY20\1 \2"),
)
# What may stand beside the time itself: "in May", "for the quarter before".
_BESIDE = frozenset({"in", "for", "of", "the", "during", "over", "on", "fy", "fiscal", "month", "quarter"})


def read_period(text: str, current: str, as_of: date, fiscal_year_start: int = 1) -> str:
    """The period's label. `current` is the conversation's. Raises `InputError` for what is none, or is still to come.

    >>> read_period("last quarter", "2026-Q2", date(2026, 7, 6)), read_period("Q1", "2026-Q2", date(2026, 7, 6))
    ('2026-Q2', '2026-Q1')
    """
    said = " ".join(text.strip().strip(".?!").split())
    label = _label(said, current, as_of, fiscal_year_start)
    if label is None:
        raise InputError(f'"{text}" is not a period; say Q1, Q1 2026, May, 2026, last quarter or 2026-Q1.')
    parse_period(label, as_of=as_of, fiscal_year_start=fiscal_year_start)
    return label


def _label(said: str, current: str, as_of: date, fiscal_year_start: int) -> str | None:
    here = parse_period(current, as_of=as_of, fiscal_year_start=fiscal_year_start)
    if _HERE.fullmatch(said):
        return here.label
    if _BEFORE.fullmatch(said):
        return here.prior().label
    if _YEAR_AGO.fullmatch(said):
        return here.year_ago().label
    for written, plain in _WRITTEN:
        said = written.sub(plain, said).strip()
    found = periods_in(said, Calendar(as_of, fiscal_year_start, here))
    if len(found) != 1:
        return None
    beside = f"{said[: found[0].start]} {said[found[0].end :]}"
    return found[0].label if set(re.findall(r"\w+", beside.casefold())) <= _BESIDE else None


def usual_period(last_day: date) -> str:
    """The calendar quarter that a day lies in: what people mean where they name no period."""
    return f"{last_day.year}-Q{(last_day.month + 2) // 3}"
