"""Periods: half-open [start, end) days in the organisation's zone; fiscal years start in any month.

A period still running is *to date*: it ends with its as-of day and is compared with as many days of the one before.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from tools.errors import InputError

_SHAPES = "2017-Q3, 2017-H1, 2017-07, 2017, FY2018, FY2018-Q1, FY2018-H1 or 2017-07-01..2017-09-30 (both days included)"


Span = tuple[date, date]


def in_words(day: date) -> str:
    """A day as people write it: 15 August 2017."""
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Period:
    """Days from `start` to before `end`. `label` is what was asked for; `full_end` the end if not cut to date.

    `planned_…` are the spans, ends excluded, that the organisation's own plan has around it, where it plans in such
    steps: quotas of 91 and 92 days, say. They speak louder than the calendar.
    """

    label: str
    start: date
    end: date
    full_end: date
    planned_before: Span | None = None
    planned_year_ago: Span | None = None
    planned_after: Span | None = None

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def to_date(self) -> bool:
        return self.end < self.full_end

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def months(self) -> int | None:
        """Whole calendar months covered, or None where the period does not start and end with a month."""
        if self.start.day != 1 or self.full_end.day != 1:
            return None
        return (self.full_end.year - self.start.year) * 12 + self.full_end.month - self.start.month

    def prior(self) -> Period:
        """The period right before, as long in whole months or else in days; cut to as many days if to date."""
        if self.planned_before is not None:
            return _cut(self, *self.planned_before)
        if self.months is None:
            return _cut(self, self.start - (self.full_end - self.start), self.start)
        return _cut(self, add_months(self.start, -self.months), self.start)

    def year_ago(self) -> Period:
        """The same days one year earlier (29 February becomes 28 February)."""
        if self.planned_year_ago is not None:
            return _cut(self, *self.planned_year_ago)
        return _cut(self, add_months(self.start, -12), add_months(self.full_end, -12))

    def next(self) -> Period:
        """The period right after, whole."""
        if self.planned_after is not None:
            start, end = self.planned_after
            return Period(_label(start, end, self.label), start, end, end)
        if self.months is None:
            end = self.full_end + (self.full_end - self.start)
        else:
            end = add_months(self.full_end, self.months)
        return Period(_label(self.full_end, end, self.label), self.full_end, end, end)


def parse_period(text: str, *, as_of: date, fiscal_year_start: int = 1) -> Period:
    """Read a period as people write it. A period running on `as_of` ends with that day; one not begun is refused."""
    start, end = _bounds(text.strip(), fiscal_year_start)
    if start > as_of:
        raise InputError(f"The period {text} begins after {as_of.isoformat()}, so there is nothing to report yet.")
    return Period(text.strip(), start, min(end, as_of + timedelta(days=1)), end)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _bounds(text: str, fiscal_year_start: int) -> tuple[date, date]:
    if ".." in text:
        return _range(text)
    match = re.fullmatch(
        r"(?P<fiscal>FY)?(?P<year>\d{4})(?:-(?:Q(?P<q>[1-4])|H(?P<h>[12])|(?P<m>\d{1,2})))?", text, re.I
    )
    if match is None:
        raise InputError(f'"{text}" is not a period. Write it as {_SHAPES}.')
    year = int(match["year"])
    if match["fiscal"]:
        # A fiscal year carries the number of the calendar year in which it ends.
        first = date(year if fiscal_year_start == 1 else year - 1, fiscal_year_start, 1)
        if match["m"]:
            raise InputError(f'"{text}" is not a period: write a month as {match["year"]}-07, without FY.')
    else:
        first = date(year, 1, 1)
    if match["q"]:
        start = add_months(first, 3 * (int(match["q"]) - 1))
        return start, add_months(start, 3)
    if match["h"]:
        start = add_months(first, 6 * (int(match["h"]) - 1))
        return start, add_months(start, 6)
    if match["m"]:
        if not 1 <= int(match["m"]) <= 12:
            raise InputError(f'"{text}" has no such month. Write the period as {_SHAPES}.')
        start = date(year, int(match["m"]), 1)
        return start, add_months(start, 1)
    return first, add_months(first, 12)


def _range(text: str) -> tuple[date, date]:
    first, _, last = text.partition("..")
    try:
        start, end = date.fromisoformat(first.strip()), date.fromisoformat(last.strip())
    except ValueError:
        raise InputError(f'"{text}" is not a period. Write it as {_SHAPES}.') from None
    if end < start:
        raise InputError(f'The period "{text}" ends before it begins; swap the two days.')
    return start, end + timedelta(days=1)


def _cut(running: Period, start: date, end: date) -> Period:
    shown = min(end, start + timedelta(days=running.days)) if running.to_date else end
    return Period(_label(start, end, running.label), start, shown, end)


def _label(start: date, end: date, like: str) -> str:
    """A label in the style of `like` where the days allow it, else the days themselves."""
    months = (end.year - start.year) * 12 + end.month - start.month if start.day == end.day == 1 else None
    if not like.upper().startswith("FY"):
        if months == 3 and start.month % 3 == 1:
            return f"{start.year}-Q{(start.month + 2) // 3}"
        if months == 1:
            return f"{start.year}-{start.month:02d}"
        if months == 12 and start.month == 1:
            return str(start.year)
        if months == 6 and start.month in (1, 7):
            return f"{start.year}-H{1 if start.month == 1 else 2}"
    return f"{start.isoformat()}..{(end - timedelta(days=1)).isoformat()}"
