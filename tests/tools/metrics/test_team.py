"""A team's growth, the reps whose coverage is thin, and kinds of activity that are rare: by hand."""

from __future__ import annotations

import pytest

from tests.tools.metrics.worlds import fact, sheet, world

# Quotas of 100 each; on 1 June Ann has won 40 and 90 are open, Ben has won 50 and 130 are open, Cy has won all of his.
TEAM = world(
    people="""
        person_id  role           manager
        Ann        sales_rep      Mia
        Ben        sales_rep      Mia
        Cy         sales_rep      Mia
        Mia        sales_manager  -
    """,
    deals="""
        deal_id  owner  status  amount  created_on  expected_close_on  closed_on
        d0       Ann    won     80      2026-01-01  2026-01-02         2026-01-02
        d1       Ann    won     40      2026-01-01  2026-05-01         2026-05-01
        d2       Ann    open    90      2026-01-01  2026-06-30         -
        d3       Ben    won     50      2026-01-01  2026-06-01         2026-06-01
        d4       Ben    open    130     2026-01-01  2026-06-30         -
        d5       Cy     won     100     2026-01-01  2026-05-20         2026-05-20
    """,
    targets="""
        person  metric  start_on    end_on      value
        Ann     quota   2026-04-01  2026-06-30  100
        Ben     quota   2026-04-01  2026-06-30  100
        Cy      quota   2026-04-01  2026-06-30  100
    """,
)


def test_reps_below_coverage_by_hand() -> None:
    # Ann 90 / (100 - 40) = 1.5; Ben 130 / (100 - 50) = 2.6; Cy has nothing left to win.
    found = fact(TEAM, "reps_below_coverage", "Mia")
    assert (found.value, found.records, found.as_of.isoformat()) == (1, ("Ann",), "2026-06-01")
    assert fact(TEAM, "reps_below_coverage", "Mia", rules={"coverage_floor": 3}).value == 2


def test_revenue_growth_by_hand() -> None:
    # Together 40 + 50 + 100 after 80.
    assert fact(TEAM, "revenue_growth", "Mia").value == 190 / 80 - 1
    assert fact(TEAM, "revenue_growth").value == 40 / 80 - 1
    assert sheet(TEAM, "Ben").fact("revenue_growth") is None  # nothing was won before


@pytest.mark.parametrize(
    ("metric", "kind"),
    [("demos", "demo"), ("follow_ups", "follow_up"), ("sequences", "sequence"), ("chats", "chat"), ("notes", "note")],
)
def test_rare_kinds_by_hand(metric: str, kind: str) -> None:
    tables = world(
        people="person_id\nAnn",
        activities=f"""
            activity_id  type    owner  at                status
            a1           {kind}  Ann    2026-05-04T09:00  completed
            a2           {kind}  Ann    2026-05-05T09:00  -
            a3           {kind}  Ann    2026-05-06T09:00  cancelled
            a4           call    Ann    2026-05-06T09:00  -
            a5           {kind}  Ann    2026-03-06T09:00  -
        """,
    )
    found = fact(tables, metric)
    assert (found.value, found.prior, found.records) == (2, 1, ("a1", "a2"))
