"""Capacity by hand: velocity, what each carries, who left, and what the spend brought."""

from __future__ import annotations

import pytest

from tests.tools.metrics.worlds import fact, sheet, why_absent, world

WORLD = world(
    people="""
        person_id  role           manager  team  start_on    leave_on
        Ann        sales_rep      Max      East  2025-01-01  -
        Ben        sales_rep      Max      East  2025-01-01  2026-05-15
        Cy         sales_rep      Max      East  2026-06-01  -
        Max        sales_manager  -        East  2025-01-01  -
    """,
    accounts="account_id owner\nA1 Ann\nA2 Ann\nA3 Ann\nA4 Ben",
    activities="""
        activity_id  type   owner  at                status
        a1           call   Ann    2026-04-02T09:00  completed
        a2           email  Ann    2026-04-02T10:00  completed
        a3           note   Ann    2026-04-02T11:00  completed
        a4           call   Ann    2026-04-02T12:00  cancelled
        a5           call   Cy     2026-06-02T09:00  completed
        a6           call   Ben    2026-02-02T09:00  completed
    """,
    deals="""
        deal_id  owner  account  status  type       amount  created_on  closed_on
        d1       Ann    A1       won     -          100     2026-03-01  2026-04-10
        d2       Ann    A2       won     -          300     2026-04-01  2026-05-01
        d3       Ann    A3       lost    -          50      2026-03-02  2026-04-20
        d4       Ann    A3       open    -          70      2026-05-01  -
        d5       Ann    A1       won     expansion  40      2026-03-01  2026-04-10
        d6       Cy     A4       open    -          90      2026-06-05  -
    """,
    spend="""
        team  category   start_on    end_on      amount
        East  sales      2026-04-01  2026-06-30  110
        East  marketing  2026-04-01  2026-06-30  900
        -     sales      2026-04-01  2026-06-30  500
    """,
)  # fmt: skip


def test_sales_velocity_by_hand() -> None:
    # Open at the start: d1, d3; created: d2, d4. Win rate 2/3, average size 200, cycle (40 + 30) / 2 = 35 days.
    found = fact(WORLD, "sales_velocity", "Ann")
    assert found.value == pytest.approx(4 * (2 / 3) * 200 / 35, rel=1e-12)
    assert found.records == ("d1", "d2", "d3", "d4")


def test_sales_velocity_is_a_pace_and_no_target_of_it_adds_up() -> None:
    targets = world(targets="person metric start_on end_on value\nAnn sales_velocity 2026-01-01 2026-12-31 10")
    assert fact({**WORLD, **targets}, "sales_velocity", "Ann").target == 10  # held on the last day, not shared out


@pytest.mark.parametrize(("of", "anns", "easts"), [("accounts", 3, 3 / 2), ("deals", 1, 1), ("touchpoints", 2, 3 / 2)])
def test_a_team_carries_per_head_of_those_still_there(of: str, anns: float, easts: float) -> None:
    # At the end of June Ann and Cy are in the team; A4 is with Ben, who left.
    assert fact(WORLD, f"workload[of={of}]", "Ann").value == anns
    assert fact(WORLD, f"workload[of={of}]", "East").value == easts


def test_turnover_is_leavers_over_the_average_headcount() -> None:
    found = fact(WORLD, "team_turnover", "Max")
    # At the start Ann and Ben, at the end Ann and Cy; Ben left.
    assert (found.value, found.records) == (1 / 2, ("Ben",))
    assert fact(WORLD, "team_turnover", "East", "2026-Q1").value == 0


def test_turnover_needs_to_know_who_left() -> None:
    unknown = {**WORLD, "people": WORLD["people"].drop(columns="leave_on")}
    assert "no leave_on in people or active in people" in why_absent(sheet(unknown, "Max"), "team_turnover")


def test_efficiency_counts_the_teams_own_sales_spend() -> None:
    found = fact(WORLD, "sales_efficiency", "East")
    assert found.value == 440 / 110
    assert found.notes == ("spend of the whole organisation, left out: 1 entries",)
    assert fact(WORLD, "sales_efficiency.customers", "East").value == pytest.approx(2 * 1000 / 110)
    # Max heads the organisation, so that its common spend is his.
    assert fact(WORLD, "sales_efficiency", "Max").value == pytest.approx(440 / 610)
