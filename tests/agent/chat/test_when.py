"""Periods as people say them in a conversation about Q2 2026."""

from __future__ import annotations

from datetime import date

import pytest

from agent.chat.when import read_period, usual_period
from tools.errors import InputError

TODAY = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Q1", "2026-Q1"),
        ("q1 2025", "2025-Q1"),
        ("Q4 of 2025", "2025-Q4"),
        ("2026-Q2", "2026-Q2"),
        ("H1", "2026-H1"),
        ("FY2026-Q1", "FY2026-Q1"),
        ("fy q1 2026", "FY2026-Q1"),
        ("May", "2026-05"),
        ("may 2025", "2025-05"),
        ("2026", "2026"),
        ("last quarter", "2026-Q1"),
        ("the previous quarter", "2026-Q1"),
        ("last month", "2026-05"),
        ("last year", "2025"),
        ("this quarter", "2026-Q2"),
        ("this year", "2026"),
        ("a year ago", "2025-Q2"),
        ("2026-04-01..2026-04-15", "2026-04-01..2026-04-15"),
    ],
)
def test_a_period_is_read_beside_the_one_talked_about(said: str, meant: str) -> None:
    assert read_period(said, "2026-Q2", TODAY) == meant


@pytest.mark.parametrize("said", ["soon", "Q9", "", "marching", "2027"])
def test_what_is_no_period_is_refused_with_examples(said: str) -> None:
    with pytest.raises(InputError, match=r"Q1|begins after|is not a period"):
        read_period(said, "2026-Q2", TODAY)


def test_a_fiscal_conversation_stays_fiscal() -> None:
    assert read_period("Q3", "FY2026-Q2", date(2026, 12, 1), 7) == "FY2026-Q3"


@pytest.mark.parametrize(("day", "quarter"), [(date(2026, 6, 30), "2026-Q2"), (date(2026, 7, 1), "2026-Q3")])
def test_the_usual_period_is_the_days_quarter(day: date, quarter: str) -> None:
    assert usual_period(day) == quarter
