"""The days that words of time come to: units counted from an anchor day, in calendar or fiscal years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from tools.periods import Period, add_months

# Months of a unit.
MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
# Days after its end in which a period is still what "last quarter" may be said of.
_FRESH = 100


@dataclass(frozen=True)
class Calendar:
    """What words of time are read against. `period` is what the conversation is about."""

    as_of: date
    fiscal_year_start: int = 1
    period: Period | None = None

    @property
    def anchor(self) -> date:
        if self.period is not None and (self.as_of - self.period.last_day).days > _FRESH:
            return self.period.last_day
        return self.as_of

    @property
    def fiscal(self) -> bool:
        return self.fiscal_year_start != 1


@dataclass(frozen=True)
class Span:
    """Days [start, end), how many tokens said so, and the label if it has a short one."""

    start: date
    end: date
    length: int
    label: str
    relative: bool = False


class Days:
    """Units of one calendar: where they begin and end, and the label that `parse_period` reads."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar

    def unit_start(self, unit: str, number: int) -> date:
        """The first day of this, the last or the next one."""
        anchor, first_month = self._calendar.anchor, self._calendar.fiscal_year_start
        if unit == "day":
            return anchor + timedelta(days=number)
        if unit == "week":
            return anchor - timedelta(days=anchor.weekday()) + timedelta(weeks=number)
        months = MONTHS[unit]
        into = (anchor.month - first_month) % 12 % months
        return add_months(anchor.replace(day=1), -into + number * months)

    def unit_end(self, unit: str, start: date) -> date:
        if unit in ("day", "week"):
            return start + timedelta(days=7 if unit == "week" else 1)
        return add_months(start, MONTHS[unit])

    def label(self, unit: str, start: date) -> str:
        """The short label that `parse_period` knows, else the days."""
        if unit == "month":
            return f"{start.year}-{start.month:02d}"
        if unit in ("day", "week"):
            return days_label(start, self.unit_end(unit, start))
        into = (start.month - self._calendar.fiscal_year_start) % 12
        year = add_months(start, -into).year + (1 if self._calendar.fiscal else 0)
        prefix = "FY" if self._calendar.fiscal else ""
        if unit == "year":
            return f"{prefix}{year}"
        number = into // MONTHS[unit] + 1
        return f"{prefix}{year}-{'Q' if unit == 'quarter' else 'H'}{number}"

    def numbered_start(self, unit: str, number: int, year: int | None, after: date | None) -> date:
        months = MONTHS[unit] * (number - 1)
        if year is not None:
            return add_months(self.year_start(year), months)
        start = add_months(self.unit_start("year", 0), months)
        if after is not None:
            return start if start >= after else add_months(start, 12)
        return start if start <= self._calendar.as_of else add_months(start, -12)

    def year_start(self, year: int) -> date:
        first = self._calendar.fiscal_year_start
        return date(year - 1 if self._calendar.fiscal else year, first, 1)

    def month_start(self, number: int, year: int | None, after: date | None) -> date:
        anchor = self._calendar.anchor
        if year is not None:
            return date(year, number, 1)
        start = date(anchor.year, number, 1)
        if after is not None:
            return start if start >= after else date(anchor.year + (start < after), number, 1)
        return start if start <= self._calendar.as_of else date(anchor.year - 1, number, 1)

    def days(self, start: date, end: date, length: int) -> Span:
        """Whole quarters, months and years get their own names."""
        label = days_label(start, end)
        months = (end.year - start.year) * 12 + end.month - start.month if start.day == end.day == 1 else 0
        for unit, size in MONTHS.items():
            if months == size and (unit == "month" or (start.month - self._calendar.fiscal_year_start) % size == 0):
                label = self.label(unit, start)
        return Span(start, end, length, label)


def days_label(start: date, end: date) -> str:
    return f"{start.isoformat()}..{(end - timedelta(days=1)).isoformat()}"
