"""When: "last quarter", "in May", "Q1", "this year so far", "since March", as a period that `parse_period` reads.

Words are read against an anchor day and the fiscal year. The anchor is today or, in a conversation about a time long
past, that time's last day: "last quarter" then means the quarter before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from agent.chat.router.days import Calendar, Span
from agent.chat.router.points import Points, parsed

_TOKEN = re.compile(r"(?:fy)?\d{4}-(?:q[1-4]|h[12]|\d{2}-\d{2}|\d{1,2})(?!\w)|[^\W_]+|[-–—]|\.\.", re.I)


@dataclass(frozen=True)
class Said:
    """A period as said. `label` is what `parse_period` reads; `start`, `end` are its place in the text."""

    label: str
    start: int
    end: int
    relative: bool = False
    """Whether it is told from today: "last quarter", not "Q1"."""


def periods_in(text: str, calendar: Calendar) -> list[Said]:
    """Every period that the text names, in order."""
    tokens = [(match[0].casefold(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    plain = [token for token, _, _ in tokens]
    found, at = [], 0
    while at < len(plain):
        span = _Reader(calendar, plain, text, tokens).period(at)
        if span is None:
            at += 1
            continue
        last = tokens[at + span.length - 1]
        found.append(Said(span.label, tokens[at][1], last[2], span.relative))
        at += span.length
    return found


def before(label: str, calendar: Calendar) -> str:
    """The period right before the one of that label."""
    return parsed(label, calendar).prior().label


def year_before(label: str, calendar: Calendar) -> str:
    """The same days one year earlier."""
    return parsed(label, calendar).year_ago().label


class _Reader(Points):
    """Stretches of time, from and to points and relative to them."""

    def period(self, at: int) -> Span | None:
        """The longest period that begins at a token."""
        word = self._word(at)
        readers = (self._since, self._range, self._year_ago, self._point)
        spans = [span for reader in readers if (span := reader(at, word)) is not None]
        return max(spans, key=lambda span: span.length, default=None)

    def _since(self, at: int, word: str) -> Span | None:
        """ "since March": from its first day until today."""
        words = self.data["words"]
        if word not in (*words["since"], *words["after"]):
            return None
        skipped = self._skip(at + 1, "the", "start", "beginning", "of")
        span = self._point(skipped, self._word(skipped))
        if span is None:
            return None
        length = skipped - at + span.length
        if word in words["after"]:
            if span.end > self.calendar.anchor:
                return None
            return self.days.days(span.end, self.calendar.anchor + timedelta(days=1), length)
        # "since last quarter" compares with it; nobody asks for the two together.
        if span.relative:
            return Span(span.start, span.end, length, span.label, True)
        return self.days.days(span.start, self.calendar.anchor + timedelta(days=1), length)

    def _range(self, at: int, word: str) -> Span | None:
        """ "from April to June", "between Jan and March", "April-June", "Q1 to Q2"."""
        words = self.data["words"]
        begins = at + 1 if word in words["from"] else at
        first = self._point(begins, self._word(begins)) or self._day_alone(begins)
        if first is None or first.relative:
            return None
        middle = begins + first.length
        joiner = self._word(middle)
        if (
            joiner == ".."
            or joiner in ("-", "–", "—")
            or (joiner in words["until"] and (begins > at or joiner != "and"))
        ):
            second = self._point(middle + 1, self._word(middle + 1), after=first.start)
            if second is not None and second.end > first.start:
                return self.days.days(first.start, second.end, middle + 1 + second.length - at)
        return None

    def _day_alone(self, at: int) -> Span | None:
        """ "1" of "1–15 June": a day of the month that the day behind it names."""
        day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)?", self._word(at))
        joined = self._word(at + 1) in ("-", "–", "—", *self.data["words"]["until"])
        behind = self._day_of_month(at + 2, self._word(at + 2), None) if day is not None and joined else None
        if behind is None or not 1 <= int(day[1]) < behind.start.day:
            return None
        first = behind.start.replace(day=int(day[1]))
        return self.days.days(first, first + timedelta(days=1), 1)

    def _year_ago(self, at: int, word: str) -> Span | None:
        """ "a year ago", "the same quarter last year", "this time last year": the conversation's period, earlier."""
        period = self.calendar.period
        same = word == "same" and self._word(at + 1) in (*self.units, "period", "time")
        timed = word == "this" and self._word(at + 1) == "time"
        ends = at + 2 if same or timed else at
        if (same or timed) and self._word(ends) in ("of", "in"):
            ends += 1
        following = (self._word(ends), self._word(ends + 1), self._word(ends + 2))
        last_year = following[0] in ("last", "previous", "prior") and self.units.get(following[1]) == "year"
        ago = (
            following[0] in ("a", "one", "1")
            and following[1] == "year"
            and following[2] in ("ago", "earlier", "before")
        )
        if not ((same or timed) and (last_year or ago)) and not ago:
            return None
        length = ends - at + (3 if ago else 2)
        if period is None:
            return None
        earlier = period.year_ago()
        return Span(earlier.start, earlier.full_end, length, earlier.label)
