"""One stretch of time, as said: "last quarter", "Q1 2026", "May", "12 May", "2025", "year to date"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from agent.chat.router.days import MONTHS, Calendar, Days, Span
from agent.chat.router.reading import data
from tools.errors import InputError
from tools.periods import Period, add_months, parse_period


def parsed(label: str, calendar: Calendar) -> Period:
    """The period of a label, whole, whether it has begun or not."""
    return parse_period(label, as_of=date.max - timedelta(days=1), fiscal_year_start=calendar.fiscal_year_start)


# Days of a new quarter in which "this quarter" still means the one that is talked about.
_JUST_BEGUN = 14
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
# "Every Friday" is no day, and "by Friday" or "next Friday" none that has been.
_NO_DAY = ("every", "each", "next", "by", "until", "till", "before", "coming", "most")


class Points:
    """The words of a text, read for the stretch of time that begins at one of them."""

    def __init__(self, calendar: Calendar, words: Sequence[str], text: str, tokens: Sequence[tuple]) -> None:
        self.calendar = calendar
        self.words = words
        self.text = text
        self.tokens = tokens
        self.days = Days(calendar)
        self.data = data("periods")
        self.units = {word: unit for unit, names in self.data["units"].items() for word in names}

    def _word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""

    def _point(self, at: int, word: str, after: date | None = None) -> Span | None:
        """One stretch of time without "since" or "to": "last quarter", "Q1 2026", "May", "2025", "2026-05-12"."""
        for reader in (
            self._written,
            self._relative,
            self._to_date,
            self._numbered,
            self._month,
            self._year,
            self._day_word,
        ):
            span = reader(at, word, after)
            if span is not None:
                return span
        return None

    def _written(self, at: int, word: str, after: date | None) -> Span | None:
        """As `parse_period` reads it: 2026-Q2, FY2018-H1, 2026-07, 2026-07-01."""
        if not re.fullmatch(r"(?:fy)?\d{4}-.+", word):
            return None
        label = word.upper()
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            label = f"{word}..{word}"
        try:
            period = parsed(label, self.calendar)
        except InputError:
            return None
        return Span(period.start, period.full_end, 1, label)

    def _relative(self, at: int, word: str, after: date | None) -> Span | None:
        """ "this quarter", "last month", "past two weeks", "previous fiscal year", "the quarter before"."""
        number, length = self.data["relative"].get(word), 1
        if number is None:
            return self._before(at, word) or self._ago(at)
        count, used = self._count(at + 1)
        length += used
        if self._word(at + length) in ("fiscal", "financial", "calendar", "full", "whole", "complete"):
            length += 1
        unit = self.units.get(self._word(at + length))
        if unit is None:
            month = self._month_number(at + length) if number <= 0 and not used else None
            return self._last_month_named(month, number, length + 1) if month is not None else None
        length += 1
        length += self._so_far(at + length)
        if count is not None:
            return self._stretch(unit, count, number, length)
        here = self.calendar.period
        if number == 0 and here is not None and here.months == MONTHS.get(unit) and self._fresh(here):
            # In its first days nobody who talks about the quarter before means the one that has just begun.
            return Span(here.start, here.full_end, length, here.label, relative=True)
        start = self.days.unit_start(unit, number)
        return Span(start, self.days.unit_end(unit, start), length, self.days.label(unit, start), relative=True)

    def _fresh(self, here: Period) -> bool:
        return 0 <= (self.calendar.as_of - here.last_day).days <= _JUST_BEGUN

    def _ago(self, at: int) -> Span | None:
        """ "two quarters ago", from the period talked about where it is of that length; "3 weeks ago" from today."""
        count, used = self._count(at)
        unit = self.units.get(self._word(at + used))
        if count is None or unit is None or self._word(at + used + 1) not in self.data["words"]["ago"]:
            return None
        here = self.calendar.period
        if here is not None and here.months == MONTHS.get(unit):
            for _ in range(count):
                here = here.prior()
            return Span(here.start, here.full_end, used + 2, here.label)
        start = self.days.unit_start(unit, -count)
        return Span(start, self.days.unit_end(unit, start), used + 2, self.days.label(unit, start))

    def _before(self, at: int, word: str) -> Span | None:
        """ "the quarter before", "the period before that", "a quarter ago"."""
        unit = self.units.get(word)
        if word not in ("period",) and unit is None:
            return None
        if self._word(at + 1) not in self.data["words"]["ago"] or self.calendar.period is None:
            return None
        length = 2 + (self._word(at + 2) in ("that", "this", "last", "it"))
        earlier = self.calendar.period.prior()
        return Span(earlier.start, earlier.full_end, length, earlier.label)

    def _to_date(self, at: int, word: str, after: date | None) -> Span | None:
        """YTD, and "quarter to date"."""
        unit, length = self.data["to_date"].get(word), 1
        if unit is None and self._word(at + 1) == "to" and self._word(at + 2) == "date":
            unit, length = self.units.get(word), 3
        if unit is None:
            return None
        start = self.days.unit_start(unit, 0)
        return Span(start, self.days.unit_end(unit, start), length, self.days.label(unit, start), relative=True)

    def _numbered(self, at: int, word: str, after: date | None) -> Span | None:
        """Q1, H2, "first quarter", "second half of 2025", "Q1'26", "q1 last year", FY26."""
        match = re.fullmatch(r"(q|h|cq|fq)([1-4])(?:fy)?(\d{2}|\d{4})?|([1-4])(q)(\d{2}|\d{4})?", word)
        length = 1
        year = None
        week = self._week(at, word)
        if week is not None:
            return week
        if match is not None:
            unit = "half" if match[1] == "h" else "quarter"
            number = int(match[2] or match[4])
            year = _year(match[3] or match[6])
        elif re.fullmatch(r"fy(\d{2}|\d{4})", word):
            return self._fiscal_year(_year(word[2:]), 1, at)
        elif word == "fy" and re.fullmatch(r"\d{2}|\d{4}", self._word(at + 1)):
            return self._fiscal_year(_year(self._word(at + 1)), 2, at)
        elif word in self.data["ordinals"] and self.units.get(self._word(at + 1)) in ("quarter", "half"):
            unit, number, length = self.units[self._word(at + 1)], self.data["ordinals"][word], 2
        elif word in ("quarter", "q") and self._word(at + 1) in ("1", "2", "3", "4", "one", "two", "three", "four"):
            written = self._word(at + 1)
            unit, number, length = (
                "quarter",
                int(self.data["numbers"].get(written, 1) if written.isalpha() else written),
                2,
            )
        else:
            return None
        if unit == "half" and number > 2:
            return None
        if year is None:
            year, used = self._year_after(at + length)
            length += used
        start = self.days.numbered_start(unit, number, year, after)
        return Span(start, add_months(start, MONTHS[unit]), length, self.days.label(unit, start))

    def _week(self, at: int, word: str) -> Span | None:
        """ "Week 20", "wk20", "W20 of 2025": the week of that number by ISO 8601."""
        together = re.fullmatch(r"(?:w|wk|week)(\d{1,2})", word)
        number = self._word(at + 1) if word in ("week", "wk", "weeks") else together[1] if together is not None else ""
        if not re.fullmatch(r"\d{1,2}", number) or not 1 <= int(number) <= 53:
            return None
        length = 1 if together is not None else 2
        year, used = self._year_after(at + length)
        try:
            monday = date.fromisocalendar(year or self.calendar.anchor.year, int(number), 1)
            if year is None and monday > self.calendar.anchor:
                monday = date.fromisocalendar(self.calendar.anchor.year - 1, int(number), 1)
        except ValueError:
            return None
        return self.days.days(monday, monday + timedelta(days=7), length + used)

    def _month(self, at: int, word: str, after: date | None) -> Span | None:
        """May, "march 2026", "12 May", "May 12th"."""
        number = self._month_number(at)
        if number is None:
            return self._day_of_month(at, word, after)
        length = 1
        day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", self._word(at + 1))
        if day is not None and 1 <= int(day[1]) <= 31:
            return self._dated(number, int(day[1]), at, 2, after)
        year, used = self._year_after(at + length)
        start = self.days.month_start(number, year, after)
        return Span(start, add_months(start, 1), length + used, f"{start.year}-{start.month:02d}")

    def _day_of_month(self, at: int, word: str, after: date | None) -> Span | None:
        """ "12 May", "the 3rd of June"."""
        day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", word)
        if day is None or not 1 <= int(day[1]) <= 31:
            return None
        skipped = at + 2 if self._word(at + 1) == "of" else at + 1
        number = self._names().get(self._word(skipped))
        return self._dated(number, int(day[1]), at, skipped - at + 1, after) if number is not None else None

    def _year(self, at: int, word: str, after: date | None) -> Span | None:
        """2025."""
        if not re.fullmatch(r"(?:19|20)\d{2}", word) or self._word(at + 1) in ("words", "word"):
            return None
        return self._fiscal_year(int(word), 1, at, said_fiscal=False)

    def _day_word(self, at: int, word: str, after: date | None) -> Span | None:
        """ "Yesterday", "on Friday": told from today, whatever time is talked about."""
        today = self.calendar.as_of
        days = {"today": 0, "yesterday": 1}.get(word)
        if word in _WEEKDAYS and (at == 0 or self._word(at - 1) not in _NO_DAY):
            days = (today.weekday() - _WEEKDAYS.index(word)) % 7 or 7
        if days is None:
            return None
        day = today - timedelta(days=days)
        return self.days.days(day, day + timedelta(days=1), 1)

    def _count(self, at: int) -> tuple[int | None, int]:
        """How many, and the tokens that said so: "two", "30", "couple of"."""
        word = self._word(at)
        number = int(word) if word.isdigit() and len(word) < 4 else self.data["numbers"].get(word)
        if number is None:
            return None, 0
        return number, 2 if self._word(at + 1) == "of" else 1

    def _so_far(self, at: int) -> int:
        if self._word(at) == "so" and self._word(at + 1) == "far":
            return 2
        return 2 if self._word(at) == "to" and self._word(at + 1) == "date" else 0

    def _stretch(self, unit: str, count: int, number: int, length: int) -> Span:
        """ "the last two months": whole ones before this one; days and weeks end with the anchor day."""
        anchor = self.calendar.anchor
        if unit in ("day", "week"):
            days = count * (7 if unit == "week" else 1)
            return self.days.days(anchor - timedelta(days=days - 1), anchor + timedelta(days=1), length)
        this = self.days.unit_start(unit, 0)
        months = MONTHS[unit] * count
        if number > 0:
            return self.days.days(add_months(this, MONTHS[unit]), add_months(this, MONTHS[unit] + months), length)
        return self.days.days(add_months(this, -months), this, length)

    def _fiscal_year(self, year: int | None, length: int, at: int, said_fiscal: bool = True) -> Span | None:
        if year is None:
            return None
        part = re.fullmatch(r"([qh])([1-4])", self._word(at + length))
        if part is not None:
            unit = "half" if part[1] == "h" else "quarter"
            start = self.days.numbered_start(unit, int(part[2]), year, None)
            return Span(start, add_months(start, MONTHS[unit]), length + 1, self.days.label(unit, start))
        fiscal = self.calendar.fiscal and said_fiscal
        start = self.days.year_start(year) if fiscal else date(year, 1, 1)
        return Span(start, add_months(start, 12), length, f"FY{year}" if fiscal else str(year))

    def _last_month_named(self, number: int, relative: int, length: int) -> Span:
        """ "last May", "this May"."""
        start = self.days.month_start(number, None, None)
        if relative < 0 and add_months(start, 1) > self.calendar.anchor:
            start = add_months(start, -12)
        return Span(start, add_months(start, 1), length, f"{start.year}-{start.month:02d}")

    def _dated(self, month: int, day: int, at: int, length: int, after: date | None) -> Span | None:
        """A day: of the year that is named behind it, else of the last year in which it has been."""
        year, used = self._year_after(at + length)
        start = self.days.month_start(month, year, after.replace(day=1) if after is not None else None)
        try:
            first = start.replace(day=day)
        except ValueError:
            return None
        return self.days.days(first, first + timedelta(days=1), length + used)

    def _year_after(self, at: int) -> tuple[int | None, int]:
        """The year named behind a quarter or month: "2026", "'26", "of last year", "of 2025"."""
        skipped = 1 if self._word(at) in ("of", "in", "fy", "-") else 0
        word = self._word(at + skipped)
        if re.fullmatch(r"(?:19|20)\d{2}", word):
            return int(word), skipped + 1
        if re.fullmatch(r"fy(?:\d{2}|\d{4})", word):
            return _year(word[2:]), skipped + 1
        two = re.fullmatch(r"\d{2}", word)
        if two is not None and self.tokens[at + skipped][1] > 0 and self.text[self.tokens[at + skipped][1] - 1] in "'’":
            return 2000 + int(word), skipped + 1
        relative = self.data["relative"].get(word)
        if relative is not None and self._word(at + skipped + 1) == "year":
            start = self.days.unit_start("year", relative)
            return start.year + (1 if self.calendar.fiscal else 0), skipped + 2
        return None, 0

    def _names(self) -> dict[str, int]:
        return {name: n for n, name in enumerate(self.data["months"], start=1)} | self.data["short_months"]

    def _month_number(self, at: int) -> int | None:
        """Which month a word names; "may" and "march" only where they stand as months do."""
        word = self._word(at)
        # "June's win rate", typed "junes".
        number = self._names().get(word) or (
            self._names().get(word[:-1]) if word[-1:] == "s" and len(word) > 4 else None
        )
        if number is None or word not in ("may", "march", "mar", "sep", "dec", "jan"):
            return number
        ahead = self._word(at - 1) if at else ""
        behind = self._word(at + 1)
        if ahead in self.data["words"]["before_month"] or re.fullmatch(r"\d{1,4}(?:st|nd|rd|th)?|to|through", behind):
            return number
        written = self.text[self.tokens[at][1] : self.tokens[at][2]]
        last = at == len(self.words) - 1 and ahead not in ("i", "we", "you", "they", "he", "she", "it", "that", "this")
        alone = len(self.words) <= 2 or last
        return number if alone or (at and written[0].isupper()) or word not in ("may", "march") else None

    def _skip(self, at: int, *words: str) -> int:
        while self._word(at) in words:
            at += 1
        return at


def _year(text: str | None) -> int | None:
    if text is None:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)
