"""Definitions that change, metrics of one's own, money in several currencies, and periods that the data only touch."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.metrics.worlds import fact, sheet, table, why_absent, world
from tools.errors import SettingsError

DEALS = world(
    deals="""
        deal_id  owner  status  amount   currency  created_on  closed_on
        d1       Ann    won     100      -         2026-04-01  2026-04-10
        d2       Ann    won     1000.50  sek       2026-04-01  2026-05-10
        d3       Ann    lost    50       USD       2026-02-20  2026-03-10
    """
)
RATES = table("currency on rate\nSEK 2026-01-01 0.1\nSEK 2026-05-01 0.2\nSEK 2026-06-01 0.3")


def test_money_is_converted_at_the_rate_of_the_closing_day() -> None:
    assert fact({**DEALS, "exchange_rates": RATES}, "revenue_won").value == 300.1  # 100 + 1000.50 × 0.2


def test_a_missing_rate_makes_the_fact_absent_and_names_it() -> None:
    found = sheet(DEALS)
    assert (
        why_absent(found, "revenue_won") == "there is no exchange rate for SEK on 2026-05-10; add it to exchange_rates"
    )
    assert found.fact("deals_won").value == 2


def test_a_changed_definition_travels_with_its_period() -> None:
    change = {"metric": "win_rate", "since": date(2026, 4, 1), "text": "won / all qualified"}
    found = fact(DEALS, "win_rate", definitions=[change])
    assert (found.definition, found.prior_definition) == (
        "won / all qualified",
        "won / (won + lost), new-business deals closed in the period",
    )


def test_a_definition_that_changed_within_the_period_says_both() -> None:
    change = {"metric": "win_rate", "since": date(2026, 5, 1), "text": "won / all qualified"}
    found = fact(DEALS, "win_rate", definitions=[change])
    assert found.definition.startswith("until 2026-05-01: won / (won + lost)")
    assert found.definition.endswith("since then: won / all qualified")


OWN = {
    "id": "large_wins", "label": "Large wins", "definition": "deals won over 80", "unit": "count", "better": "higher",
    "formula": "n", "measures": {"n": {"rows": "deals_closed", "sql": "count(*)", "where": "won AND amount > 80"}},
}  # fmt: skip


def test_a_metric_of_ones_own_is_computed_and_traced() -> None:
    tables = {**DEALS, "exchange_rates": RATES}
    found = fact(tables, "large_wins", metrics=[OWN], roles={"sales_rep": {"kpis": ["large_wins"]}})
    assert (found.value, found.records, found.key) == (2, ("d1", "d2"), True)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"formula": "n / mm"}, "metrics.large_wins.formula cannot be computed"),
        ({"id": "win_rate"}, "is a shipped metric"),
        ({"measures": {"n": {"rows": "deals_closd", "sql": "count(*)"}}}, 'Did you mean "deals_closed"'),
        ({"measures": {"n": {"rows": "deals_closed", "sql": "sum(amonut)"}}}, "measures.n cannot be computed"),
    ],
)
def test_a_mistake_in_ones_own_metric_is_named(broken: dict, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        sheet(DEALS, metrics=[{**OWN, **broken}])


def test_an_earlier_period_before_the_persons_first_record_is_no_zero() -> None:
    tables = world(
        people="person_id\nAnn\nBen",
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d1       Ann    won     100     2026-04-01  2026-04-10
            d2       Ben    won     100     2025-01-01  2025-01-10
        """,
    )
    found = fact(tables, "revenue_won")
    assert (found.prior, found.year_ago) == (None, None)
    assert fact(tables, "revenue_won", "Ben", "2026-Q1").year_ago == 100


def test_a_period_to_date_is_compared_with_as_many_days() -> None:
    tables = world(
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d1       Ann    won     100     2025-12-01  2026-04-10
            d2       Ann    won     7       2025-12-01  2026-01-10
            d3       Ann    won     50      2025-12-01  2026-02-10
        """
    )
    found = sheet(tables, as_of=date(2026, 4, 20))
    assert found.to_date
    assert (found.fact("revenue_won").value, found.fact("revenue_won").prior) == (100, 7)


def test_growth_is_absent_where_the_records_begin_within_the_prior_period() -> None:
    tables = world(
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d1       Ann    won     100     2026-02-01  2026-04-10
            d2       Ann    won     50      2026-02-01  2026-03-10
        """
    )
    found = sheet(tables)
    assert found.fact("revenue_won").prior_partial
    assert found.fact("revenue_growth") is None


# Demo was renamed Discovery on 1 May. d1 was in it before, d2 across the day (its name was changed in bulk), d3 after;
# d4 went into another stage that has been called Demo since.
RENAMED = world(
    stages="stage position kind\nTalk 1 open\nDiscovery 2 open\nDemo 3 open\nWon 4 won\nLost 5 lost",
    deals="""
        deal_id  owner  status  stage      amount  created_on  expected_close_on  closed_on
        d1       Ann    won     Won        100     2026-04-01  2026-04-11         2026-04-11
        d2       Ann    won     Won        100     2026-04-01  2026-05-11         2026-05-11
        d3       Ann    lost    Lost       100     2026-04-01  2026-05-21         2026-05-21
        d4       Ann    open    Demo       100     2026-04-01  2026-08-01         -
        d5       Ann    open    Discovery  100     2026-04-01  2026-08-01         -
    """,
    deal_changes="""
        deal  field  old        new        at
        d1    stage  Talk       Demo       2026-04-05T00:00
        d1    stage  Demo       Won        2026-04-11T00:00
        d2    stage  Talk       Demo       2026-04-21T00:00
        d2    stage  Demo       Discovery  2026-05-01T00:00
        d2    stage  Discovery  Won        2026-05-11T00:00
        d3    stage  Talk       Discovery  2026-05-11T00:00
        d3    stage  Discovery  Lost       2026-05-21T00:00
        d4    stage  Talk       Demo       2026-06-10T00:00
        d5    stage  Talk       Demo       2026-04-10T00:00
    """,
)
RENAME = {"renamed_stages": [{"stage": "Demo", "now": "Discovery", "since": date(2026, 5, 1)}]}


def test_a_renamed_stage_is_one_stage() -> None:
    found = sheet(RENAMED, **RENAME)
    figures = {each.id: each.value for each in found.facts}
    assert figures["time_in_stage[stage=Discovery]"] == (6 + 20 + 10) / 3
    assert "time_in_stage[stage=Demo]" not in figures
    assert figures["stage_conversion[stage=Discovery].entered"] == 3
    assert figures["stage_conversion[stage=Discovery]"] == 2 / 3  # d3 was lost there
    # Of the five, d2's change of name is no move.
    assert found.fact("deal_changes[field=stage]").value == 8
    assert figures["stage_mix[stage=Discovery]"] == figures["stage_mix[stage=Demo]"] == 0.5
    # Of the deals that had been in Discovery, under either name, two of three were won.
    assert figures["weighted_forecast.history"] == pytest.approx(100 * 2 / 3)


def test_without_the_rename_it_would_be_two() -> None:
    assert fact(RENAMED, "time_in_stage[stage=Demo]").value == (6 + 10) / 2
    assert fact(RENAMED, "deal_changes[field=stage]").value == 9


def test_what_is_compared_across_a_rename_is_marked() -> None:
    found = fact(RENAMED, "time_in_stage[stage=Discovery]", period="2026-05", **RENAME)
    assert (found.value, found.prior) == ((20 + 10) / 2, 6)
    assert found.definition == "mean days in each stage, deals closed in the period"
    assert found.prior_definition == f"{found.definition}; the stage was then called Demo"
    whole = fact(RENAMED, "time_in_stage[stage=Discovery]", **RENAME)
    assert whole.definition.endswith("; the stage was called Demo until 2026-05-01")
    assert "called" not in fact(RENAMED, "win_rate", **RENAME).definition


def test_names_follow_one_another() -> None:
    twice = [*RENAME["renamed_stages"], {"stage": "Discovery", "now": "Needs", "since": date(2026, 5, 15)}]
    found = fact(RENAMED, "time_in_stage[stage=Needs]", renamed_stages=twice)
    assert found.value == (6 + 20 + 10) / 3


def test_a_renamed_stage_keeps_what_is_said_of_it_under_its_old_name() -> None:
    only_old = {**RENAMED, "stages": table("stage position kind\nTalk 1 open\nDemo 2 open\nWon 4 won\nLost 5 lost")}
    assert fact(only_old, "stage_conversion[stage=Discovery]", **RENAME).value == 2 / 3


def test_what_a_setting_leaves_open_about_a_stage_stays_as_the_source_has_it() -> None:
    late = [{"stage": "Discovery", "late": True}]
    assert fact(RENAMED, "stage_conversion[stage=Discovery]", stages=late, **RENAME).value == 2 / 3


def test_a_year_ago_that_was_counted_otherwise_carries_its_definition() -> None:
    older = {
        **DEALS,
        "exchange_rates": RATES,
        "deals": DEALS["deals"].assign(
            created_on=["2026-04-01", "2026-04-01", "2025-03-20"], closed_on=["2026-04-10", "2026-05-10", "2025-04-10"]
        ),
    }
    change = {"metric": "win_rate", "since": date(2026, 1, 1), "text": "won / all qualified"}
    found = fact(older, "win_rate", definitions=[change])
    assert found.year_ago_definition == "won / (won + lost), new-business deals closed in the period"
    assert fact(older, "win_rate").year_ago_definition is None


def test_growth_over_a_result_that_was_counted_otherwise_says_so() -> None:
    tables = world(
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d1       Ann    won     100     2025-11-01  2026-04-10
            d2       Ann    won     50      2025-11-01  2026-01-10
            d3       Ann    won     50      2025-11-01  2025-12-10
        """
    )
    change = {"metric": "revenue_won", "since": date(2026, 4, 1), "text": "first year's value only"}
    assert fact(tables, "revenue_growth", definitions=[change]).notes == (
        "revenue won was counted otherwise until 1 April 2026: sum of the amounts of deals won in the period",
    )


def test_attainment_of_a_goal_that_was_counted_otherwise_says_so() -> None:
    tables = world(
        deals="deal_id owner status amount created_on closed_on\nd1 Ann won 1 2026-04-01 2026-05-10\n"
        "d2 Ann won 1 2026-01-02 2026-02-10",
        targets="person metric start_on end_on value\nAnn deals_won 2026-04-01 2026-06-30 2\n"
        "Ann deals_won 2026-01-01 2026-03-31 2",
    )
    change = {"metric": "deals_won", "since": date(2026, 4, 1), "text": "deals signed"}
    found = fact(tables, "goal_attainment[deals_won]", definitions=[change])
    assert (found.definition, found.prior_definition) == (
        "deals won (deals signed) / its target", "deals won (deals closed won in the period) / its target",
    )  # fmt: skip


def test_a_change_of_no_metric_is_refused() -> None:
    with pytest.raises(SettingsError, match='no metric "win_rat". Did you mean "win_rate"'):
        sheet(DEALS, definitions=[{"metric": "win_rat", "since": date(2026, 4, 1), "text": "won"}])
