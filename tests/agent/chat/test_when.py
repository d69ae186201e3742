"""Periods as people say them in a conversation about Q2 2026."""

from __future__ import annotations

from datetime import date

import pytest

from agent.chat.when import read_period, usual_period
from tests.agent.chat.router.office import TODAY as RULES_DAY
from tests.agent.chat.router.test_periods import SAID
from tools.errors import InputError

TODAY = date(2026, 7, 6)


@pytest.mark.parametrize(("said", "meant"), [each for each in SAID if each[1] is not None and "how" not in each[0]])
def test_a_model_and_the_rules_read_the_same_period(said: str, meant: str) -> None:
    assert read_period(said, "2026-Q2", RULES_DAY) == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Q4 of 2025", "2025-Q4"),
        ("Q1-2026", "2026-Q1"),
        ("FY2026-Q1", "FY2026-Q1"),
        ("fy q1 2026", "2026-Q1"),
        ("fiscal year 2025", "2025"),
        ("last quarter", "2026-Q2"),
        ("the previous quarter", "2026-Q2"),
        ("the quarter before", "2026-Q1"),
        ("previous period", "2026-Q1"),
        ("this period", "2026-Q2"),
        ("last month", "2026-06"),
        ("year ago", "2025-Q2"),
        ("last year's quarter", "2025-Q2"),
        ("2026-04-01", "2026-04-01..2026-04-01"),
    ],
)
def test_a_period_is_read_beside_the_one_talked_about(said: str, meant: str) -> None:
    assert read_period(said, "2026-Q2", TODAY) == meant


@pytest.mark.parametrize(
    ("said", "meant"), [("last quarter", "2017-Q1"), ("Q4", "2017-Q4"), ("Q1", "2017-Q1"), ("in December", "2017-12")]
)
def test_in_a_talk_about_old_records_words_are_told_from_their_time(said: str, meant: str) -> None:
    assert read_period(said, "2017-Q2", TODAY) == meant


@pytest.mark.parametrize("said", ["soon", "Q9", "", "marching", "2027", "Q9 2026", "Q1 and Q3"])
def test_what_is_no_period_is_refused_with_examples(said: str) -> None:
    with pytest.raises(InputError, match=r"Q1|begins after|is not a period"):
        read_period(said, "2026-Q2", TODAY)


def test_a_fiscal_conversation_stays_fiscal() -> None:
    assert read_period("Q3", "FY2026-Q2", date(2026, 12, 1), 7) == "FY2026-Q3"


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 6, 30), "2026-Q2"), (date(2026, 7, 1), "2026-Q3")])
def test_the_usual_period_is_the_days_quarter(day: date, quarter: str) -> None:
    assert usual_period(day) == quarter
