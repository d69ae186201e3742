"""Targets: which rows make a period's target, for whom, and what an adjustment changes."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.tools.metrics.worlds import fact, sheet, table, why_absent, world

WON = """
    deal_id  owner  status  amount  created_on  closed_on
    d1       Ann    won     90      2026-04-01  2026-04-20
    d2       Ben    won     60      2026-04-01  2026-05-20
    d3       Ann    won     10      2026-01-01  2026-02-01
    d4       Ben    won     10      2026-01-01  2026-02-01
"""
PEOPLE = """
    person_id  role          manager  team  start_on    leave_on
    Ann        sales_rep     Mia      East  -           -
    Ben        sales_rep     Mia      East  -           -
    Mia        sales_manager -        East  -           -
"""


def with_targets(targets: str) -> dict[str, pd.DataFrame]:
    return world(people=PEOPLE, deals=WON, targets=targets)


def test_quota_attainment_is_revenue_over_quota() -> None:
    tables = with_targets("person metric start_on end_on value\nAnn quota 2026-04-01 2026-06-30 100")
    found = sheet(tables)
    attainment, revenue = found.fact("quota_attainment"), found.fact("revenue_won")
    assert (attainment.value, attainment.target, attainment.key) == (0.9, 1.0, True)
    assert (revenue.target, revenue.key, revenue.misses_target) == (100, True, True)


MONTHS = "person metric start_on end_on value\n" + "\n".join(
    f"Ann quota {first} {last} {value}"
    for first, last, value in (
        ("2026-04-01", "2026-04-30", 20), ("2026-05-01", "2026-05-31", 30), ("2026-06-01", "2026-06-30", 40),
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("targets", "expected"),
    [
        pytest.param(MONTHS, 90, id="months add up to the quarter"),
        pytest.param(f"{MONTHS}\nAnn quota 2026-04-01 2026-06-30 100", 100, id="a quarter is not added to its months"),
        pytest.param(MONTHS.rsplit("\n", 1)[0], None, id="two months do not cover a quarter"),
        pytest.param("person metric start_on end_on value\nAnn quota 2026-01-01 2026-12-31 400", None, id="a year"),
    ],
)  # fmt: skip
def test_targets_that_add_up_count_when_they_cover_the_period(targets: str, expected: float | None) -> None:
    found = sheet(with_targets(targets))
    assert found.fact("revenue_won").target == expected
    if expected is None:
        assert "targets for revenue_won do not cover the whole of 2026-Q2 and are not used" in found.quality
        assert "no quota is on record for the whole period" in why_absent(found, "quota_attainment")


def test_where_no_quota_is_for_the_period_those_there_are_are_named_and_how_to_ask_for_them() -> None:
    spans = [("2026-01-01", "2026-03-10"), ("2026-03-11", "2026-05-31"), ("2026-06-01", "2026-08-31")]
    rows = [f"Ann quota {start} {end} 100" for start, end in spans]
    found = sheet(with_targets("\n".join(["person metric start_on end_on value", *rows])))
    assert why_absent(found, "quota_attainment") == (
        "no quota is on record for the whole period; those on record run 11 March 2026 – 31 May 2026 and "
        "1 June 2026 – 31 August 2026 (3 in all, from 1 January 2026 to 31 August 2026): ask for such a period, as "
        "2026-03-11..2026-05-31"
    )
    of_ben = sheet(with_targets("\n".join(["person metric start_on end_on value", *rows])), who="Ben")
    assert why_absent(of_ben, "quota_attainment") == "no quota is on record for the whole period; add one to targets"


def test_a_manager_whose_people_have_quotas_for_the_period_is_told_of_no_other_period() -> None:
    rows = ["Ann quota 2026-04-01 2026-06-30 100", "Ann quota 2026-07-01 2026-09-30 100"]
    found = sheet(with_targets("\n".join(["person metric start_on end_on value", *rows])), who="Mia")
    assert why_absent(found, "quota_attainment") == "no quota is on record for the whole period; add one to targets"


def test_a_quota_needs_to_cover_only_the_days_of_employment() -> None:
    people = PEOPLE.replace(
        "Ann        sales_rep     Mia      East  - ", "Ann        sales_rep     Mia      East  2026-05-01 "
    )
    tables = world(people=people, deals=WON, targets=MONTHS.replace("Ann quota 2026-04-01 2026-04-30 20\n", ""))
    assert fact(tables, "revenue_won").target == 70


def test_a_running_period_is_measured_against_its_whole_target() -> None:
    tables = with_targets(MONTHS)
    found = fact(tables, "quota_attainment", as_of=date(2026, 5, 10))
    assert found.value == 1.0  # 90 of 90, with seven weeks to go


def test_levels_take_the_target_of_the_last_day() -> None:
    tables = with_targets("""
        person  metric    start_on    end_on      value
        Ann     win_rate  2026-01-01  2026-05-31  0.2
        Ann     win_rate  2026-06-01  2026-12-31  0.3
    """)
    tables["deals"].loc[3, "status"] = "lost"
    assert fact(tables, "win_rate").target == 0.3


def test_a_quota_period_is_compared_with_the_quota_period_before_however_long() -> None:
    # 91 days from 28 February to 29 May, 92 from 30 May to 29 August; a year earlier from 29 February on.
    tables = world(
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d0       Ann    won     1       2011-01-01  2011-01-01
            d1       Ann    won     30      2012-01-01  2012-03-01
            d2       Ann    won     70      2013-01-01  2013-02-28
            d3       Ann    won     90      2013-05-01  2013-06-20
        """,
        targets="""
            person  metric  start_on    end_on      value
            Ann     quota   2012-02-29  2012-05-29  60
            Ann     quota   2013-02-28  2013-05-29  100
            Ann     quota   2013-05-30  2013-08-29  120
            Ann     quota   2013-08-30  2013-11-29  130
        """,
    )
    summer = sheet(tables, period="2013-05-30..2013-08-29").fact("quota_attainment")
    assert (summer.value, summer.prior) == (90 / 120, 70 / 100)
    spring = sheet(tables, period="2013-02-28..2013-05-29").fact("quota_attainment")
    assert (spring.value, spring.year_ago) == (0.7, 0.5)
    # Any other span of days is compared with as many days.
    other = sheet(tables, period="2013-06-01..2013-06-29")
    assert other.prior_period == "2013-05-03..2013-05-31"


def test_an_adjustment_is_used_and_the_old_target_kept() -> None:
    tables = with_targets("""
        person  metric  start_on    end_on      value  adjusted_value  adjusted_on  adjustment
        Ann     quota   2026-04-01  2026-06-30  120    90              2026-05-04   leave
    """)
    found = fact(tables, "revenue_won")
    assert (found.target, found.target_before) == (90, 120)
    assert found.target_note == "adjusted on 2026-05-04 because of leave"


def test_ramp_and_leave_change_no_target_without_an_adjustment_on_record() -> None:
    tables = with_targets("person metric start_on end_on value\nAnn quota 2026-04-01 2026-06-30 120")
    tables["people"] = tables["people"].assign(ramp_until=["2026-08-01", None, None])
    found = fact(tables, "revenue_won")
    assert (found.target, found.target_before, found.target_note) == (120, None, None)
    assert fact(tables, "quota_attainment").value == 90 / 120


def test_a_managers_quota_is_their_own_else_the_teams_else_the_sum() -> None:
    rows = ["Ann - quota 2026-04-01 2026-06-30 100", "Ben - quota 2026-04-01 2026-06-30 100"]
    header = "person team metric start_on end_on value"
    expected = {}
    for added, target in (
        ("", 200),
        ("- East quota 2026-04-01 2026-06-30 160", 160),
        ("Mia - quota 2026-04-01 2026-06-30 150", 150),
    ):
        rows += [added] if added else []
        found = fact(with_targets("\n".join([header, *rows])), "team_attainment", "Mia")
        expected[target] = found.value
    assert expected == {200: 0.75, 160: 150 / 160, 150: 1.0}  # Ann and Ben won 150


def test_every_other_goal_has_its_attainment() -> None:
    tables = with_targets("person metric start_on end_on value\nAnn deals_won 2026-04-01 2026-06-30 4")
    found = fact(tables, "goal_attainment[deals_won]")
    assert (found.value, found.target, found.records) == (0.25, 1.0, ("d1",))


def test_a_target_of_0_is_a_target() -> None:
    tables = with_targets("person metric start_on end_on value\nAnn deals_won 2026-04-01 2026-06-30 0")
    found = sheet(tables)
    assert found.fact("deals_won").target == 0
    assert found.fact("goal_attainment[deals_won]") is None


def test_a_target_for_something_unknown_is_reported() -> None:
    found = sheet(with_targets("person metric start_on end_on value\nAnn deals_wun 2026-04-01 2026-06-30 4"))
    assert 'a target is set for "deals_wun", which is no metric' in found.quality


def test_comparable_people_without_a_quota_do_not_lift_the_groups_attainment() -> None:
    people = "person_id role\nAnn sales_rep\nBen sales_rep\nCy sales_rep"
    targets = "person metric start_on end_on value\nAnn quota 2026-04-01 2026-06-30 100"
    deals = f"{WON}    d5 Cy won 500 2026-04-01 2026-05-05\n"
    assert fact(world(people=people, deals=deals, targets=targets), "quota_attainment").team == 0.9


def test_a_quota_in_another_currency_is_converted() -> None:
    tables = with_targets("person metric start_on end_on value currency\nAnn quota 2026-04-01 2026-06-30 900 SEK")
    tables["exchange_rates"] = table("currency on rate\nSEK 2026-01-01 0.1")
    assert fact(tables, "quota_attainment").value == 1.0


def test_a_target_for_somebody_unknown_is_told() -> None:
    found = sheet(with_targets("person metric start_on end_on value\nAnnn quota 2026-04-01 2026-06-30 100"))
    assert found.fact("revenue_won").target is None
    assert 'a target is set for "Annn", who is not among the people on record' in found.quality
