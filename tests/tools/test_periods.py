"""Periods: what people write, cut to date, and compared with the right days."""

from __future__ import annotations

from datetime import date

import pytest

from tools.errors import InputError
from tools.periods import Period, add_months, parse_period

LATER = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("text", "start", "last_day"),
    [
        ("2017-Q3", "2017-07-01", "2017-09-30"),
        ("2017-H2", "2017-07-01", "2017-12-31"),
        ("2017-07", "2017-07-01", "2017-07-31"),
        ("2016-02", "2016-02-01", "2016-02-29"),
        ("2017", "2017-01-01", "2017-12-31"),
        ("2017-07-01..2017-09-30", "2017-07-01", "2017-09-30"),
        # Fiscal year 2018 of an organisation whose year begins in February ends in January 2018.
        ("FY2018-Q1", "2017-02-01", "2017-04-30"),
        ("FY2018", "2017-02-01", "2018-01-31"),
    ],
)
def test_periods_are_read_as_people_write_them(text: str, start: str, last_day: str) -> None:
    period = parse_period(text, as_of=LATER, fiscal_year_start=2)
    assert (period.start.isoformat(), period.last_day.isoformat()) == (start, last_day)


def test_a_calendar_fiscal_year_is_the_calendar_year() -> None:
    assert parse_period("FY2018-Q1", as_of=LATER).start == date(2018, 1, 1)


@pytest.mark.parametrize("text", ["2017-Q5", "2017-13", "Q3", "2017-07-01..", "2017-09-30..2017-07-01", "FY2018-07"])
def test_what_is_no_period_is_refused_with_the_shapes_that_are(text: str) -> None:
    with pytest.raises(InputError, match="201[78]|ends before"):
        parse_period(text, as_of=LATER)


def test_a_period_not_begun_is_refused() -> None:
    with pytest.raises(InputError, match="nothing to report yet"):
        parse_period("2017-Q3", as_of=date(2017, 6, 30))


def test_a_running_period_is_compared_with_as_many_days() -> None:
    # 10 August is the 41st day of the quarter; the 41st day of the second quarter is 11 May.
    period = parse_period("2017-Q3", as_of=date(2017, 8, 10))
    assert period.to_date
    assert period.days == 41
    assert period.prior() == Period("2017-Q2", date(2017, 4, 1), date(2017, 5, 12), date(2017, 7, 1))


def test_the_last_day_makes_a_period_whole() -> None:
    assert not parse_period("2017-Q3", as_of=date(2017, 9, 30)).to_date


def test_a_year_before_a_leap_day_ends_on_the_28th() -> None:
    assert add_months(date(2024, 2, 29), -12) == date(2023, 2, 28)


def test_the_period_before_days_has_as_many_days() -> None:
    prior = parse_period("2017-07-10..2017-07-19", as_of=LATER).prior()
    assert (prior.start, prior.last_day) == (date(2017, 6, 30), date(2017, 7, 9))
