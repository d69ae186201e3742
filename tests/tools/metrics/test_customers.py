"""Customer metrics, each worked by hand in a world of a few rows."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.metrics.worlds import fact, sheet, why_absent, world
from tools.facts import FactSheet

PEOPLE = """
    person_id  role             team
    Ann        account_manager  East
    Bob        account_manager  East
    Max        sales_manager    East
"""

# What each customer paid a month at the end of 31 March and of 30 June: A 100 → 150, B 200 → 120, C 50 → 0, D 80 → 80,
# E 0 → 30 (new in April). F paid until 31 March, and its first day without is in the second quarter. Z is Bob's.
BOOK = world(
    people=PEOPLE,
    accounts="""
        account_id  owner  segment
        A           Ann    large
        B           Ann    small
        C           Ann    small
        D           Ann    small
        E           Ann    small
        F           Ann    small
        Z           Bob    small
    """,
    subscriptions="""
        subscription_id  account  owner  start_on    end_on      mrr
        s1               A        -      2025-01-01  2026-05-01  100
        s1               A        -      2026-05-01  -           150
        s2               B        Ann    2025-01-01  2026-06-01  150
        s3               B        Ann    2025-01-01  -           50
        s4               B        Ann    2026-06-15  -           70
        s5               C        -      2025-01-01  2026-06-30  50
        s6               D        -      2025-01-01  2026-07-01  80
        s7               E        -      2026-04-01  -           30
        s8               F        -      2025-01-01  2026-04-01  20
        s9               Z        -      2025-01-01  -           999
    """,
)  # fmt: skip

# At the start 100 + 200 + 50 + 80 + 20 = 450; kept of it 100 + 120 + 0 + 80 + 0 = 300; at the end 150 + 120 + 80 = 350.
BY_HAND = [
    ("protected_mrr", 300),
    ("gross_revenue_retention", 300 / 450),
    ("net_revenue_retention", 350 / 450),  # without E, who came later
    ("net_revenue_retention[segment=large]", 1.5),
    ("revenue_churn_rate", 150 / 450),
    ("churn_rate", 2 / 5),  # C and F; D stopped paying on 1 July
    ("churn_rate[segment=small]", 2 / 4),
]


@pytest.fixture(scope="module")
def anns() -> FactSheet:
    return sheet(BOOK)


@pytest.mark.parametrize(("fact_id", "expected"), BY_HAND)
def test_by_hand(anns: FactSheet, fact_id: str, expected: float) -> None:
    assert anns.fact(fact_id).value == pytest.approx(expected, rel=1e-12)


def test_customers_are_the_records_behind_retention(anns: FactSheet) -> None:
    found = anns.fact("churn_rate")
    assert (found.record_table, found.records) == ("accounts", ("A", "B", "C", "D", "F"))


def test_the_end_of_one_quarter_is_the_start_of_the_next() -> None:
    # A 150 + B 120 + D 80 + E 30 = 380 at the start of July; D leaves on its first day.
    found = sheet(BOOK, period="2026-Q3")
    assert found.fact("gross_revenue_retention").value == pytest.approx(300 / 380)
    assert found.fact("gross_revenue_retention").prior == pytest.approx(300 / 450)


def test_a_customer_handed_over_is_neither_lost_nor_won() -> None:
    moved = world(
        people=PEOPLE,
        subscriptions="""
            subscription_id  account  owner  start_on    end_on      mrr
            s1               A        Ann    2025-01-01  2026-05-01  100
            s2               A        Bob    2026-05-01  -           100
            s3               B        Ann    2025-01-01  -           40
            s4               C        Ann    2025-01-01  2026-05-01  70
            s5               C        Bob    2026-05-01  2026-06-01  70
        """,
    )
    # A and C were Bob's when the quarter ended, or they left.
    assert fact(moved, "churn_rate", "Ann").value == 0
    assert (fact(moved, "churn_rate", "Bob").value, fact(moved, "protected_mrr", "Bob").value) == (1 / 2, 100)
    assert fact(moved, "protected_mrr", "East").value == 140


def test_start_and_end_are_converted_at_one_rate() -> None:
    euros = world(
        people=PEOPLE,
        subscriptions="subscription_id account owner start_on mrr currency\ns1 A Ann 2025-01-01 100 EUR",
        exchange_rates="currency on rate\nEUR 2025-01-01 1.5\nEUR 2026-06-01 1.1",
    )
    found = sheet(euros)
    assert found.fact("protected_mrr").value == 110
    assert found.fact("net_revenue_retention").value == 1.0


def test_a_missing_rate_makes_it_absent() -> None:
    euros = world(
        people=PEOPLE,
        subscriptions="subscription_id account owner start_on mrr currency\ns1 A Ann 2025-01-01 100 EUR",
    )
    assert why_absent(sheet(euros), "protected_mrr") == (
        "there is no exchange rate for EUR on 2026-06-30; add it to exchange_rates"
    )


RENEWALS = world(
    people=PEOPLE,
    accounts="account_id owner segment\nA Ann large\nB Ann small\nC Ann small\nD Ann small\nE Ann small",
    renewals="""
        renewal_id  account  owner  due_on      mrr  renewed_mrr  outcome  closed_on
        r1          A        -      2026-04-01  100  -            renewed  2026-03-30
        r2          B        -      2026-05-10  200  150          renewed  2026-05-01
        r3          C        Ann    2026-06-30  50   -            churned  -
        r4          D        Ann    2026-06-15  80   -            pending  -
        r5          E        Ann    2026-07-20  40   60           renewed  2026-06-30
        r6          D        Ann    2026-02-15  70   -            renewed  2026-02-10
    """,
    forecasts="""
        person  metric       start_on    end_on      category  amount  submitted_on
        Ann     renewed_mrr  2026-04-01  2026-06-30  commit    300     2026-04-20
        Ann     renewed_mrr  2026-04-01  2026-06-30  commit    350     2026-04-30
        Ann     renewed_mrr  2026-04-01  2026-06-30  commit    260     2026-05-01
        Ann     revenue_won  2026-04-01  2026-06-30  commit    999     2026-04-30
    """,
)  # fmt: skip


def test_renewals_by_hand() -> None:
    found = sheet(RENEWALS)
    assert found.fact("renewal_rate").value == pytest.approx(2 / 3)  # r1 and r2 of r1, r2 and r3
    assert found.fact("renewal_rate").notes == ("pending and left out: 1 of the renewals due",)
    assert found.fact("renewal_rate.value").value == pytest.approx((100 + 150) / (100 + 200 + 50))
    assert found.fact("renewed_mrr").value == 150 + 60  # decided in the quarter: r2 and r5
    # The commit of 30 April, the thirtieth day, was 350; of what was due, 100 + 150 was renewed.
    assert found.fact("renewal_forecast_accuracy").value == pytest.approx(1 - abs(250 - 350) / 250)


def test_a_renewal_decided_after_the_day_seen_is_still_pending() -> None:
    found = sheet(RENEWALS, period="2026-05", as_of=date(2026, 5, 1))
    assert found.fact("renewal_rate") is None
    assert why_absent(found, "renewal_rate") == "no renewal due in the period has been decided"


def test_revenue_forecasts_are_no_renewal_forecasts() -> None:
    found = sheet(RENEWALS)
    assert found.fact("forecast_commit").value == 999


# The second quarter ends on 30 June; ninety days later is 28 September.
RISK = world(
    people=PEOPLE,
    accounts="account_id owner segment\nA Ann large\nB Ann small\nC Ann small\nD Ann small\nE Ann small",
    renewals="""
        renewal_id  account  due_on      outcome  closed_on
        r0          A        2026-01-10  renewed  2026-01-05
        r1          A        2026-09-28  pending  -
        r2          B        2026-09-29  pending  -
        r3          C        2026-07-01  renewed  2026-07-01
        r4          D        2026-08-01  renewed  2026-06-20
        r5          E        2026-08-01  pending  -
        r6          E        2026-08-15  pending  -
    """,
    usage="""
        account  on          value
        A        2026-05-31  100
        A        2026-06-01  89
        B        2026-05-31  100
        B        2026-06-15  10
        D        2026-05-31  100
        D        2026-06-15  10
        E        2026-05-02  100
        E        2026-06-30  90
        E        2026-03-31  80
    """,
    escalations="""
        escalation_id  account  opened_on   closed_on
        e1             C        2026-06-30  2026-07-01
        e2             E        2026-06-01  2026-06-30
    """,
)  # fmt: skip


def test_accounts_at_risk_by_hand() -> None:
    # A's usage fell by 11 %, and C's escalation was open on 30 June. B is due a day too late, D was decided, E fell by
    # 10 % and no more, and its escalation was closed that day.
    found = sheet(RISK)
    assert (found.fact("accounts_at_risk").value, found.fact("accounts_at_risk").records) == (2, ("r1", "r3"))
    assert found.fact("accounts_at_risk[segment=large]").value == 1


def test_risk_follows_the_rules_of_the_organisation() -> None:
    # A fall by 5 % is enough for E, and a horizon of 91 days for B.
    found = fact(RISK, "accounts_at_risk", rules={"falling_usage": 0.05, "renewal_horizon_days": 91})
    assert (found.value, found.records) == (4, ("r1", "r2", "r3", "r5", "r6"))
    assert "91 days" in found.definition


def test_a_target_of_none_for_a_segment_without_risk_is_met() -> None:
    agreed = {**RISK, **world(targets="""
        person  metric                           start_on    end_on      value
        Ann     accounts_at_risk[segment=large]  2026-01-01  2026-03-31  0
    """)}  # fmt: skip
    found = fact(agreed, "accounts_at_risk[segment=large]", period="2026-Q1")
    assert (found.value, found.target) == (0, 0)


def test_usage_growth_compares_the_same_accounts() -> None:
    # Only E was measured before the quarter too: 80 on 31 March, 90 on 30 June.
    assert fact(RISK, "usage_growth").value == pytest.approx(90 / 80 - 1)


WORTH = world(
    people=PEOPLE,
    memberships="person team manager\nAnn East Max\nBob East Max\nMax East -",
    subscriptions="""
        subscription_id  account  owner  start_on    end_on      mrr
        s1               A        Ann    2025-01-01  -           100
        s2               B        Ann    2025-01-01  2026-05-01  300
    """,
    deals="""
        deal_id  owner  account  status  amount  type       created_on  closed_on
        d1       Ann    A        won     50      expansion  2026-04-01  2026-05-01
        d2       Ann    X        won     150     new        2026-04-01  2026-05-01
        d3       Ann    X        won     150     new        2026-04-01  2026-05-02
        d4       Ann    Y        won     150     -          2026-04-01  2026-05-03
        d5       Cid    W        won     150     new        2026-04-01  2026-05-03
        d6       Ann    A        lost    70      expansion  2026-04-01  2026-05-03
    """,
    deal_lines="deal product amount margin\nd1 P 40 0.5\nd1 Q 10 1\nd2 P 150 0.1",
    spend="""
        team   category   start_on    end_on      amount
        East   sales      2026-04-01  2026-06-30  500
        East   marketing  2026-06-01  2026-07-30  60
        West   sales      2026-04-01  2026-06-30  900
        -      marketing  2026-04-01  2026-06-30  600
    """,
)  # fmt: skip


def test_expansion_is_what_existing_customers_bought_more() -> None:
    assert fact(WORTH, "expansion_revenue").value == 50


def test_lifetime_value_by_hand() -> None:
    # 200 a month for three months; margin of what A bought: (40 × 0.5 + 10 × 1) / 50 = 0.6; one of two left.
    assert fact(WORTH, "clv").value == pytest.approx(600 * 0.6 / 0.5)


def test_acquisition_cost_by_hand() -> None:
    # East spent 500, and 60 × 30/60 of June's and July's 60; it won X and Y. Max heads the organisation: 600 more.
    found = sheet(WORTH, "Max")
    assert found.fact("cac").value == pytest.approx((500 + 30 + 600) / 2)
    assert found.fact("clv_to_cac").value == pytest.approx(720 / 565)


def test_common_spend_is_nobodys_below_the_head() -> None:
    found = fact(WORTH, "cac", "East")
    assert found.value == pytest.approx((500 + 30) / 2)
    assert found.notes == ("spend of the whole organisation, left out: 1 entries",)


def test_lifetime_value_without_churn_is_absent() -> None:
    faithful = {**WORTH, "subscriptions": WORTH["subscriptions"].iloc[:1]}
    assert why_absent(sheet(faithful), "clv").startswith("no customer left in the period")


def test_customers_without_subscriptions_say_what_would_supply_them() -> None:
    assert why_absent(sheet(RISK), "protected_mrr") == "no subscriptions on record; import it to compute this"
