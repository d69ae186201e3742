"""Who is asked for, whose records count for whom and when, and who is comparable."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.tools.metrics.worlds import AS_OF, fact, sheet, table, world
from tools.errors import NotFound
from tools.metrics.build import build_all

TEAMS = world(
    people="""
        person_id  name       email          role           manager  team   segment
        p1         AnnLee     ann@acme.test  sales_rep      p8       East   smb
        p2         AnnaBerg   berg@acme.test sales_rep      p8       East   smb
        p3         CyDoe      cy@acme.test   sales_rep      p9       West   smb
        p4         DanOtt     dan@acme.test  sales_rep      p9       West   large
        p8         MiaRoy     mia@acme.test  sales_manager  p9       East   -
        p9         VicPoe     vic@acme.test  sales_manager  -        West   -
    """,
    memberships="""
        person  role       team  segment  manager  from_on     to_on
        p3      sales_rep  East  smb      p8       -           2026-05-01
        p3      sales_rep  West  smb      p9       2026-05-01  -
    """,
    deals="""
        deal_id  owner  status  amount  created_on  closed_on
        d1       p1     won     100     2026-04-01  2026-04-10
        d2       p2     lost    50      2026-04-01  2026-04-10
        d3       p3     won     200     2026-04-01  2026-04-30
        d4       p3     won     400     2026-04-01  2026-05-01
        d5       p4     won     800     2026-04-01  2026-06-10
    """,
)  # fmt: skip


@pytest.mark.parametrize("who", ["p1", "ANN@acme.test", "annlee", "nnLe"])
def test_people_are_found_by_id_mail_name_or_part_of_it(who: str) -> None:
    assert sheet(TEAMS, who).person_id == "p1"


def test_an_ambiguous_name_lists_whom_it_may_be() -> None:
    with pytest.raises(NotFound, match='"Ann" may be "AnnLee", "AnnaBerg"'):
        sheet(TEAMS, "Ann")


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(NotFound, match='Did you mean "CyDoe"'):
        sheet(TEAMS, "CyDow")


def test_a_deal_counts_for_the_team_that_its_owner_was_in_then() -> None:
    assert fact(TEAMS, "revenue_won", "East").records == ("d1", "d3")
    assert fact(TEAMS, "revenue_won", "MiaRoy").records == ("d1", "d3")
    assert fact(TEAMS, "revenue_won", "CyDoe").records == ("d3", "d4")


def test_a_manager_of_managers_has_everybody_once() -> None:
    assert fact(TEAMS, "revenue_won", "VicPoe").value == 1500


def test_the_scope_says_what_changed_on_which_day() -> None:
    assert sheet(TEAMS, "CyDoe").scope.changes == (
        "2026-05-01: team from East to West",
        "2026-05-01: manager from MiaRoy to VicPoe",
    )


def test_the_team_value_pools_ratios_and_averages_sums_over_comparable_people() -> None:
    found = sheet(TEAMS, "AnnLee")  # comparable, in smb: p1, p2, p3
    assert (found.fact("win_rate").team, found.fact("win_rate").team_size) == (0.75, 3)  # d1, d3, d4 of four
    assert found.fact("revenue_won").team == pytest.approx(700 / 3)


def test_under_three_comparable_people_there_is_no_team_value() -> None:
    found = fact(TEAMS, "win_rate", "DanOtt")
    assert (found.team, found.team_size) == (None, None)


def test_people_without_any_record_are_nobodys_peers() -> None:
    people = table("person_id name role segment\np7 Root sales_rep smb")
    more = {**TEAMS, "people": pd.concat([TEAMS["people"], people])}
    assert fact(more, "win_rate", "AnnLee").team_size == 3


def test_everybody_gets_the_same_sheet_as_alone() -> None:
    together = {each.person: each for each in build_all(TEAMS, "2026-Q2", as_of=AS_OF)}
    assert sorted(together) == ["AnnLee", "AnnaBerg", "CyDoe", "DanOtt", "MiaRoy", "VicPoe"]
    for who, each in together.items():
        assert each == sheet(TEAMS, who)


def test_a_deal_belongs_to_its_owner_at_the_moment_it_closed() -> None:
    deals = """
        deal_id  owner  status  stage  amount  created_on  closed_on
        d1       Ann    won     Won    100     2026-04-01  2026-05-10
        d2       Ann    won     Won    100     2026-04-01  2026-05-10
        d3       Ann    open    Demo   100     2026-04-01  -
    """
    changes = """
        deal  field  old   new  at
        d1    stage  Demo  Won  2026-05-10T10:00
        d1    owner  Ben   Ann  2026-05-10T11:00
        d2    owner  Ben   Ann  2026-05-10T11:00
        d3    owner  Ben   Ann  2026-07-01T11:00
    """
    tables = world(people="person_id\nAnn\nBen", deals=deals, deal_changes=changes)
    # d1 was handed over an hour after it was won; when d2 was won that day nobody knows, so its end decides.
    assert fact(tables, "revenue_won", "Ben").records == ("d1",)
    assert fact(tables, "revenue_won", "Ann").records == ("d2",)
    assert fact(tables, "pipeline_deals", "Ben").records == ("d3",)


def test_splits_share_the_amount_and_count_the_deal_once() -> None:
    tables = world(
        people="person_id manager role\nAnn Mia sales_rep\nBen Mia sales_rep\nMia - sales_manager",
        deals="deal_id owner status amount created_on closed_on\nd1 Ann won 100 2026-04-01 2026-05-10",
        splits="deal person share\nd1 Ben 0.3",
    )
    sheets = {who: sheet(tables, who) for who in ("Ann", "Ben", "Mia")}
    values = {who: (each.fact("revenue_won").value, each.fact("deals_won").value) for who, each in sheets.items()}
    assert values == {"Ann": (70, 1), "Ben": (30, 0), "Mia": (100, 1)}


def test_a_reporting_line_that_bites_its_tail_ends() -> None:
    tables = world(
        people="person_id manager role\nAnn Mia sales_manager\nMia Ann sales_manager",
        deals="deal_id owner status amount created_on closed_on\nd1 Ann won 100 2026-04-01 2026-05-10",
    )
    assert fact(tables, "revenue_won", "Mia").value == 100


GAPS = world(
    people="""
        person_id  role       team  start_on
        Ann        sales_rep  East  2026-01-01
    """,
    memberships="""
        person  team  from_on     to_on
        Ann     East  2026-04-01  2026-05-01
        Ann     West  2026-06-01  2026-07-01
    """,
    deals="""
        deal_id  owner  status  amount  created_on  closed_on
        d1       Ann    won     1       2026-01-05  2026-02-10
        d2       Ann    won     2       2026-01-05  2026-04-10
        d3       Ann    won     4       2026-01-05  2026-05-10
        d4       Ann    won     8       2026-01-05  2026-08-10
    """,
)


@pytest.mark.parametrize(
    ("period", "teams"), [("2026-Q1", []), ("2026-05", []), ("2026-08", []), ("2026-06", ["West"])]
)
def test_whoever_works_on_outside_any_membership_is_still_there(period: str, teams: list[str]) -> None:
    found = build_all(GAPS, period, as_of=AS_OF)
    assert [each.person for each in found] == ["Ann"]
    assert [each.scope.team for each in found if each.scope.team is not None] == teams


def test_days_outside_any_membership_count_for_no_team() -> None:
    assert fact(GAPS, "revenue_won", "East", "2026").value == 2


PLAYER_COACH = world(
    people="""
        person_id  role           manager
        Ann        sales_rep      Max
        Max        sales_manager  -
    """,
    deals="""
        deal_id  owner  status  amount  created_on  closed_on
        d1       Ann    won     60      2026-04-01  2026-04-10
        d2       Max    won     30      2026-04-01  2026-04-10
    """,
    targets="""
        person  metric  start_on    end_on      value  covers
        Ann     quota   2026-04-01  2026-06-30  80     -
        Max     quota   2026-04-01  2026-06-30  40     own
    """,
)


def test_a_managers_quota_for_deals_of_their_own_is_no_target_of_the_team() -> None:
    assert fact(PLAYER_COACH, "quota_attainment", "Max").value == 0.75  # 30 of 40
    assert fact(PLAYER_COACH, "team_attainment", "Max").value == 0.75  # 90 of 80 + 40


def test_a_managers_quota_is_the_teams_where_nothing_else_is_said() -> None:
    targets = PLAYER_COACH["targets"].assign(covers=None)
    found = sheet({**PLAYER_COACH, "targets": targets}, "Max")
    assert found.fact("team_attainment").value == 2.25  # 90 of 40
    assert found.fact("quota_attainment") is None
