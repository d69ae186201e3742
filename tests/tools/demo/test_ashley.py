"""Ashley's quarter, recomputed by hand from the demo's records."""

from datetime import date, timedelta

import pandas as pd
import pytest

Q1, Q2, Q3 = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


@pytest.fixture(scope="module")
def ashley(books):
    return books.person("Ashley")


def between(days, start, end):
    return days.map(lambda day: day is not None and start <= day < end).astype(bool)


def mrr_by_account(books, owner, day):
    spans = books["subscriptions"].query("owner == @owner")
    paying = spans.start_on.map(lambda on: on <= day) & spans.end_on.map(lambda on: on is None or on > day)
    return spans[paying].groupby("account").mrr.sum()


def protected(books, owner, start, last):
    both = pd.concat([mrr_by_account(books, owner, start), mrr_by_account(books, owner, last)], axis=1).fillna(0)
    return both.iloc[:, :2].min(axis=1)[mrr_by_account(books, owner, start).index].sum()


def renewed(books, owner, start, end):
    due = books["renewals"].query("owner == @owner")
    return due[between(due.due_on, start, end) & (due.outcome == "renewed")].renewed_mrr.sum()


def at_risk(books, owner, end):
    """Accounts with a renewal pending within 90 days after the period, and falling usage or an open escalation."""
    last, usage = end - timedelta(days=1), books["usage"]
    now = usage[between(usage.on, end - timedelta(days=30), end)].groupby("account").value.mean()
    before = (
        usage[between(usage.on, end - timedelta(days=60), end - timedelta(days=30))].groupby("account").value.mean()
    )
    falling = set(now.index[now < 0.9 * before.reindex(now.index)])
    escalated = books["escalations"]
    still_open = escalated[between(escalated.opened_on, date.min, end) & ~between(escalated.closed_on, date.min, end)]
    due = books["renewals"].query("owner == @owner")
    due = due[between(due.due_on, date.min, last + timedelta(days=91)) & ~between(due.closed_on, date.min, end)]
    return set(due.account) & (falling | set(still_open.account))


def test_ashley_protected_980_000_of_recurring_revenue(books, ashley):
    assert protected(books, ashley, Q2, date(2026, 6, 30)) == 980_000
    assert protected(books, ashley, Q2, Q3) == 980_000
    assert protected(books, ashley, Q1, date(2026, 3, 31)) < 980_000


def test_ashley_sold_240_000_on_top(books, ashley):
    deals = books["deals"].query("owner == @ashley and type == 'expansion' and status == 'won'")
    assert deals[between(deals.closed_on, Q2, Q3)].amount.sum() == 240_000


def test_upsells_raise_recurring_revenue_by_a_twelfth(books, ashley):
    start, end = (mrr_by_account(books, ashley, day) for day in (Q2, Q3))
    gains = (end - start).clip(lower=0)
    assert gains.sum() == 240_000 / 12


def test_two_mid_size_accounts_are_at_risk_against_none(books, ashley):
    accounts = books["accounts"].set_index("account_id")
    assert accounts.segment[sorted(at_risk(books, ashley, Q3))].tolist() == ["mid_size", "mid_size"]
    assert at_risk(books, ashley, Q2) == set()
    assert books.target(ashley, "accounts_at_risk[segment=mid_size]", Q2) == 0


def test_ashleys_renewal_forecast_was_less_accurate_than_before(books, ashley):
    def accuracy(start, end):
        actual = renewed(books, ashley, start, end)
        return 1 - abs(actual - books.commit(ashley, start, "renewed_mrr")) / actual

    assert renewed(books, ashley, Q2, Q3) == 308_500
    assert accuracy(Q2, Q3) == pytest.approx(0.794, abs=0.001)
    assert accuracy(Q1, Q2) == pytest.approx(0.956, abs=0.001)


def test_strategic_accounts_used_more_than_before(books, ashley):
    strategic = books["accounts"].query("owner == @ashley and segment == 'strategic'").account_id
    usage = books["usage"]
    usage = usage[usage.account.isin(strategic)]
    before, now = (usage[between(usage.on, *days)].groupby("account").value.mean() for days in ((Q1, Q2), (Q2, Q3)))
    assert (now > before).all()


def test_renewals_end_with_the_contract_they_are_about(books, ashley):
    lost = books["renewals"].query("owner == @ashley and outcome == 'churned'")
    spans = books["subscriptions"].set_index("subscription_id")
    assert (spans.loc[lost.subscription].end_on.tolist()) == lost.due_on.tolist()
