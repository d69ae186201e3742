"""How a figure is spread over comparable people, by hand and by numpy."""

from __future__ import annotations

import numpy as np
import pytest

from tests.tools.metrics.worlds import sheet, world
from tools.facts import FactSheet

TEAM = world(
    people="""
        person_id  role       segment
        Ann        sales_rep  smb
        Ben        sales_rep  smb
        Cy         sales_rep  smb
        Dan        sales_rep  smb
        Eve        sales_rep  large
    """,
    deals="""
        deal_id  owner  status  amount  created_on  closed_on
        d1       Ann    won     30      2026-04-01  2026-04-10
        d2       Ben    won     10      2026-04-01  2026-04-10
        d3       Cy     won     20      2026-04-01  2026-04-10
        d4       Dan    won     30      2026-04-01  2026-04-10
        d5       Eve    won     999     2026-04-01  2026-04-10
    """,
    targets="""
        person  metric  start_on    end_on      value
        Ann     quota   2026-04-01  2026-06-30  20
        Ben     quota   2026-04-01  2026-06-30  20
        Cy      quota   2026-04-01  2026-06-30  40
    """,
)
KPIS = {"sales_rep": {"kpis": ["deals_won"]}}


def standing(found: FactSheet, metric: str) -> list[float]:
    names = ("", ".low", ".median", ".high")
    return [found.fact(f"rep_distribution[metric={metric}]{name}").value for name in names]


def test_standing_and_quartiles_by_hand() -> None:
    # Revenue of the four in small business: 10, 20, 30, 30. Ben's is not above by one of four; Ann's by all four.
    assert standing(sheet(TEAM, "Ben"), "revenue_won") == [0.25, 17.5, 25, 30]
    assert standing(sheet(TEAM, "Ann"), "revenue_won") == [1, 17.5, 25, 30]
    assert np.quantile([10, 20, 30, 30], [0.25, 0.5, 0.75]).tolist() == [17.5, 25, 30]


def test_only_those_with_a_quota_are_compared_by_attainment() -> None:
    # Ann 30/20, Ben 10/20, Cy 20/40; Dan has no quota.
    found = sheet(TEAM, "Ann")
    assert standing(found, "quota_attainment") == [1, 0.5, 0.5, 1]
    assert found.fact("rep_distribution[metric=quota_attainment]").records == ("Ann", "Ben", "Cy")


def test_under_three_comparable_people_there_is_no_standing() -> None:
    assert sheet(TEAM, "Eve", roles=KPIS).fact("rep_distribution[metric=deals_won]") is None


def test_key_figures_are_told_and_no_others() -> None:
    ids = {each.id for each in sheet(TEAM, "Dan", roles=KPIS).facts if each.metric_id == "rep_distribution"}
    names = ("", ".low", ".median", ".high")
    assert ids == {f"rep_distribution[metric=deals_won]{name}" for name in names}


@pytest.mark.parametrize("who", ["Ann", "Ben", "Cy", "Dan"])
def test_the_spread_is_that_of_everybodys_own_sheets(who: str) -> None:
    values = [sheet(TEAM, each).fact("revenue_won").value for each in ("Ann", "Ben", "Cy", "Dan")]
    own = sheet(TEAM, who, roles={"sales_rep": {"kpis": ["revenue_won"]}}).fact("rep_distribution[metric=revenue_won]")
    assert own.value == np.mean(np.array(values) <= sheet(TEAM, who).fact("revenue_won").value)
