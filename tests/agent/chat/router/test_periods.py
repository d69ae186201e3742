"""Words of time: what they mean on the day after the second quarter of 2026."""

from __future__ import annotations

from datetime import date

import pytest

from agent.chat.router.periods import periods_in
from tests.agent.chat.router.office import calendar

SAID = [
    ("last quarter", "2026-Q2"),
    ("this quarter", "2026-Q2"),
    ("in May", "2026-05"),
    ("in the month of may", "2026-05"),
    ("Q1", "2026-Q1"),
    ("how was q4", "2025-Q4"),
    ("Q1 of last year", "2025-Q1"),
    ("Q4'25", "2025-Q4"),
    ("Q3 2024", "2024-Q3"),
    ("the first half", "2026-H1"),
    ("the first half of 2025", "2025-H1"),
    ("this year so far", "2026"),
    ("YTD", "2026"),
    ("since March", "2026-03-01..2026-07-01"),
    ("after 10 June", "2026-06-11..2026-07-01"),
    ("week 18", "2026-04-27..2026-05-03"),
    ("2-9 June", "2026-06-02..2026-06-09"),
    ("from 3rd to 20th of May", "2026-05-03..2026-05-20"),
    ("wk3", "2026-01-12..2026-01-18"),
    ("week 30 of 2025", "2025-07-21..2025-07-27"),
    ("from April to June", "2026-Q2"),
    ("between Jan and Feb", "2026-01-01..2026-02-28"),
    ("Apr-Jun", "2026-Q2"),
    ("the last 30 days", "2026-06-02..2026-07-01"),
    ("the past two months", "2026-05-01..2026-06-30"),
    ("the quarter before", "2026-Q1"),
    ("the same quarter last year", "2025-Q2"),
    ("a year ago", "2025-Q2"),
    ("last year", "2025"),
    ("2026-Q2", "2026-Q2"),
    ("2026-05-01..2026-05-15", "2026-05-01..2026-05-15"),
    ("FY26 Q2", "2026-Q2"),
    ("on 12 May", "2026-05-12..2026-05-12"),
    ("12 May 2025", "2025-05-12..2025-05-12"),
    ("Q1-2026", "2026-Q1"),
    ("two quarters ago", "2025-Q4"),
    ("may I see it", None),
    ("they march on", None),
    ("in 120 words", None),
    ("the second deal", None),
]


@pytest.mark.parametrize(("text", "label"), SAID)
def test_words_of_time_become_a_period(text: str, label: str | None) -> None:
    expected = [] if label is None else [label]
    assert [said.label for said in periods_in(text, calendar())] == expected


def test_a_fiscal_year_gives_quarters_their_own_numbers() -> None:
    april = calendar("FY2027-Q1", fiscal_year_start=4, today=date(2026, 6, 30))
    assert [said.label for said in periods_in("Q1 and last quarter and FY26", april)] == [
        "FY2027-Q1", "FY2026-Q4", "FY2026",
    ]  # fmt: skip


def test_in_a_talk_about_old_records_today_is_their_last_day() -> None:
    old = calendar("2017-Q3")
    assert [said.label for said in periods_in("last quarter, Q1, in May", old)] == ["2017-Q2", "2017-Q1", "2017-05"]


def test_may_in_small_letters_is_a_month_where_it_ends_a_question() -> None:
    assert [said.label for said in periods_in("calls in total may", calendar())] == ["2026-05"]
    assert [said.label for said in periods_in("show it if I may", calendar())] == []
