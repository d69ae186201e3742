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
