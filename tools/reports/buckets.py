"""A period cut into weeks, months or quarters, and which of them it only touches."""

from __future__ import annotations

from datetime import date, timedelta
from typing import get_args

from tools.errors import InputError
from tools.periods import Period, add_months
from tools.reports.model import Bucket

# A week or month too many makes no report that anybody reads.
_MOST_BUCKETS = 120


def every_of(text: str | None) -> Bucket | None:
    """The kind of bucket that a word names. Raises `InputError` for none."""
    if text is not None and text not in get_args(Bucket):
        raise InputError(f'--every is {", ".join(get_args(Bucket))}, not "{text}".')
    return text  # type: ignore[return-value]


def buckets_of(whole: Period, every: Bucket | None, cumulative: bool) -> dict[str, Period]:
    """The period cut into calendar weeks (from Monday), months or quarters, by name; the first and last may be partial.

    Cumulative ones all begin with the period.
    """
    if every is None:
        if cumulative:
            raise InputError("--cumulative adds up over time: say how often, as --every month.")
        return {}
    found: dict[str, Period] = {}
    start = whole.start
    while start < whole.end:
        following, name = _following(start, every)
        first = whole.start if cumulative else start
        found[name] = Period(name, first, min(following, whole.end), min(following, whole.full_end))
        start = following
        if len(found) > _MOST_BUCKETS:
            raise InputError(f"{whole.label} has more than {_MOST_BUCKETS} {every}s; take a shorter period.")
    return found


def cut_buckets(whole: Period, every: Bucket | None) -> list[str]:
    """The first and the last bucket, where the period begins or ends within them."""
    if every is None:
        return []
    ends, last = _following(whole.last_day, every)
    before, _ = _following(whole.start - timedelta(days=1), every)
    cut = [_following(whole.start, every)[1]] if before > whole.start else []
    return list(dict.fromkeys([*cut, *([last] if ends > whole.end else [])]))


def _following(day: date, every: Bucket) -> tuple[date, str]:
    """The first day after the bucket that a day lies in, and the bucket's name."""
    if every == "week":
        year, week, _ = day.isocalendar()
        return day + timedelta(days=8 - day.isoweekday()), f"{year}-W{week:02d}"
    if every == "month":
        return add_months(day.replace(day=1), 1), f"{day.year}-{day.month:02d}"
    quarter = (day.month + 2) // 3
    return add_months(date(day.year, 3 * quarter - 2, 1), 3), f"{day.year}-Q{quarter}"
