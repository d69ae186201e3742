"""Periods as people say them in a conversation: "Q1", "May", "last quarter", seen from the period talked about."""

from __future__ import annotations

import re
from datetime import date

from tools.errors import InputError
from tools.periods import Period, parse_period

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december")  # fmt: skip
_PART = re.compile(r"(?P<fiscal>fy)?\s*(?P<part>[qh][1-4])(?:\D+(?P<fy>fy)?\s*(?P<year>\d{4}))?", re.I)
_PART_LAST = re.compile(r"(?P<fiscal>fy)?\s*(?P<year>\d{4})\D*(?P<part>[qh][1-4])", re.I)
_MONTH = re.compile(r"(?P<month>[a-z]{3,9})\.?(?:\D+(?P<year>\d{4}))?", re.I)
_BEFORE = re.compile(
    r"(?:the\s+)?(?:last|prior|previous|preceding)\s+(?P<what>quarter|month|year|half|period)"
    r"|the (?:quarter|period) before",
    re.I,
)
_THIS = re.compile(r"(?:this|the current|the same)\s+(?P<what>quarter|month|year|period)", re.I)
_NEXT_WORDS = ("year ago", "a year ago", "same quarter last year", "last year's quarter")


def read_period(text: str, current: str, as_of: date, fiscal_year_start: int = 1) -> str:
    """The period's label. `current` is the conversation's: its year is meant where none is named.

    "Last quarter" is the one before the conversation's, where that is a quarter. Raises `InputError`.
    """
    said = " ".join(text.strip().strip(".?!").split())
    here = parse_period(current, as_of=as_of, fiscal_year_start=fiscal_year_start)
    if said.lower() in _NEXT_WORDS:
        return here.year_ago().label
    if (match := _BEFORE.fullmatch(said)) is not None:
        return _before(here, match["what"] or "period", as_of)
    if (match := _THIS.fullmatch(said)) is not None:
        return here.label if match["what"] in ("period", "quarter") else _around(here, match["what"])
    if (match := _PART.fullmatch(said) or _PART_LAST.fullmatch(said)) is not None:
        fiscal = match["fiscal"] or match.groupdict().get("fy")
        prefix = "FY" if fiscal or (match["year"] is None and current.upper().startswith("FY")) else ""
        year = match["year"] or _year_of(current, here)
        return f"{prefix}{year}-{match['part'].upper()}"
    if (match := _MONTH.fullmatch(said)) is not None and (number := _month(match["month"].lower())) is not None:
        return f"{match['year'] or here.start.year}-{number:02d}"
    try:
        parse_period(said, as_of=as_of, fiscal_year_start=fiscal_year_start)
    except InputError as error:
        if "begins after" in str(error):
            raise
        raise InputError(f'"{text}" is not a period; say Q1, Q1 2026, May, 2026, last quarter or 2026-Q1.') from None
    return said.upper() if said.lower().startswith("fy") else said


def _month(word: str) -> int | None:
    """Which month a word of three letters or more begins: "may", "sept", "september"; not "marching"."""
    return next((number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)), None)


def usual_period(last_day: date) -> str:
    """The calendar quarter that a day lies in: what people mean where they name no period."""
    return f"{last_day.year}-Q{(last_day.month + 2) // 3}"


def _before(here: Period, what: str, as_of: date) -> str:
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(what)
    if months is None or here.months == months:
        return here.prior().label
    whole = parse_period(_around(here, what), as_of=as_of)
    return whole.prior().label


def _around(here: Period, what: str) -> str:
    day = here.last_day
    return {"month": f"{day:%Y-%m}", "quarter": usual_period(day), "year": str(day.year)}.get(what, here.label)


def _year_of(current: str, here: Period) -> str:
    found = re.search(r"\d{4}", current)
    return found[0] if found is not None else str(here.start.year)
