"""Customer metrics once more, by slow and obvious loops over random contracts, renewals and usage."""

from __future__ import annotations

import random
from datetime import date, timedelta
from statistics import mean
from typing import Any

import pandas as pd
import pytest

from tools.facts import FactSheet
from tools.metrics.build import build_all

_START, _END, _SEEN = date(2026, 4, 1), date(2026, 7, 1), date(2026, 7, 12)
_LAST, _BEFORE = _END - timedelta(days=1), _START - timedelta(days=1)
_PEOPLE = ("Ann", "Bob", "Cid")
_ACCOUNTS = tuple(f"c{n}" for n in range(40))
Records = dict[str, list[dict[str, Any]]]


def _random_world(seed: int) -> Records:
    """Contracts that begin, change and end around the quarter's edges; renewals, usage and escalations about them."""
    rng = random.Random(seed)

    def day(first: int = -130, last: int = 200) -> date:
        return rng.choice((_START, _END, _LAST, _BEFORE, *(_START + timedelta(days=rng.randint(first, last)),) * 6))

    owners = {account: rng.choice((*_PEOPLE, None)) for account in _ACCOUNTS}
    subscriptions = []
    for n in range(90):
        start = day(-300, 60)
        end = rng.choice((None, start + timedelta(days=rng.randint(1, 400)), day()))
        # Contracts of one account have one owner here: handing over is worked by hand.
        subscriptions.append({
            "subscription_id": f"s{n}", "account": rng.choice(_ACCOUNTS), "owner": None, "start_on": start,
            "end_on": end, "mrr": float(rng.choice((0, 10, 25, 40, 90))),
        })  # fmt: skip
    renewals = [
        {"renewal_id": f"r{n}", "account": rng.choice(_ACCOUNTS), "owner": rng.choice((None, "Ann")), "due_on": day(),
         "mrr": float(rng.randint(1, 50)), "renewed_mrr": rng.choice((None, 5.0, 60.0)),
         "outcome": rng.choice((None, "renewed", "renewed", "churned", "pending")),
         "closed_on": rng.choice((None, day()))}
        for n in range(150)
    ]  # fmt: skip
    usage = [
        {"account": rng.choice(_ACCOUNTS), "product": rng.choice(("P", "Q")), "on": day(-40, 95),
         "value": rng.randint(50, 90)}
        for _ in range(900)
    ]  # fmt: skip
    usage = list({(row["account"], row["product"], row["on"]): row for row in usage}.values())
    escalations = [
        {"escalation_id": f"e{n}", "account": rng.choice(_ACCOUNTS), "opened_on": day(),
         "closed_on": rng.choice((None, day()))}
        for n in range(12)
    ]  # fmt: skip
    accounts = [{"account_id": account, "owner": owner} for account, owner in owners.items()]
    deals = [
        {"deal_id": f"d{n}", "account": rng.choice((None, *_ACCOUNTS)), "owner": rng.choice(_PEOPLE),
         "status": rng.choice(("won", "won", "lost")), "amount": float(rng.randint(1, 99)), "closed_on": day(),
         "type": rng.choice((None, "new", "expansion"))}
        for n in range(120)
    ]  # fmt: skip
    lines = [
        {"deal": f"d{n}", "product": product, "amount": float(rng.randint(1, 50)),
         "margin": rng.choice((None, 0.25, 0.5))}
        for n in range(120) for product in ("P", "Q")
    ]  # fmt: skip
    forecasts = [
        {"person": person, "metric": "renewed_mrr", "start_on": _START, "end_on": _LAST, "category": "commit",
         "amount": float(rng.randint(100, 400)), "submitted_on": _START + timedelta(days=n)}
        for person in _PEOPLE for n in rng.sample(range(60), 6)
    ]  # fmt: skip
    spend = [
        {"team": team, "category": "sales", "start_on": _START + timedelta(days=30 * n), "amount": 900.0,
         "end_on": _START + timedelta(days=30 * n + 29)}
        for n in range(-4, 4) for team in ("East", "West", None)
    ]  # fmt: skip
    return {
        "accounts": accounts, "subscriptions": subscriptions, "renewals": renewals, "usage": usage,
        "escalations": escalations, "deals": deals, "deal_lines": lines, "forecasts": forecasts, "spend": spend,
    }  # fmt: skip


@pytest.fixture(scope="module", params=(1, 2, 3))
def computed(request: pytest.FixtureRequest) -> tuple[Records, dict[str, FactSheet]]:
    """A random world, and the fact sheets of its people by name."""
    records = _random_world(request.param)
    tables = {name: pd.DataFrame(rows) for name, rows in records.items()}
    tables["people"] = pd.DataFrame(
        [(person, "account_manager", "Max", "East") for person in _PEOPLE] + [("Max", "sales_manager", None, "East")],
        columns=["person_id", "role", "manager", "team"],
    )
    return records, {sheet.person: sheet for sheet in build_all(tables, "2026-Q2", as_of=_SEEN)}


def _check(sheet: FactSheet, expected: dict[str, float | None]) -> None:
    found = {fact_id: None if (fact := sheet.fact(fact_id)) is None else fact.value for fact_id in expected}
    assert found == {key: None if value is None else pytest.approx(value, rel=1e-9) for key, value in expected.items()}


def _mrr_on(records: Records, account: str, day: date) -> float:
    return sum(
        each["mrr"] for each in records["subscriptions"]
        if each["account"] == account and each["start_on"] <= day and (each["end_on"] is None or each["end_on"] > day)
    )  # fmt: skip


def _owner(records: Records, row: dict[str, Any]) -> str | None:
    return row["owner"] or next(a["owner"] for a in records["accounts"] if a["account_id"] == row["account"])


@pytest.mark.parametrize("person", _PEOPLE)
def test_retention(computed, person: str) -> None:
    records, sheets = computed
    start, kept, end, customers, lost = 0.0, 0.0, 0.0, 0, 0
    for account in records["accounts"]:
        before = _mrr_on(records, account["account_id"], _BEFORE)
        after = _mrr_on(records, account["account_id"], _LAST)
        if account["owner"] == person and before > 0:
            start, kept, end = start + before, kept + min(before, after), end + after
            customers, lost = customers + 1, lost + (after == 0)
    _check(sheets[person], {
        "protected_mrr": kept, "gross_revenue_retention": kept / start, "net_revenue_retention": end / start,
        "revenue_churn_rate": (start - kept) / start, "churn_rate": lost / customers,
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_renewals(computed, person: str) -> None:
    records, sheets = computed
    renewed, decided, value, due, made = 0, 0, 0.0, 0.0, 0.0
    for each in records["renewals"]:
        if _owner(records, each) != person or each["outcome"] in (None, "pending"):
            continue
        day = each["closed_on"] or each["due_on"]
        worth = each["renewed_mrr"] or each["mrr"] if each["outcome"] == "renewed" else 0.0
        if _START <= each["due_on"] < _END and day <= _SEEN:
            decided, due, value = decided + 1, due + each["mrr"], value + worth
            renewed += each["outcome"] == "renewed"
        if _START <= day < _END:
            made += worth
    _check(sheets[person], {
        "renewal_rate": renewed / decided, "renewal_rate.value": value / due, "renewed_mrr": made,
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_accounts_at_risk(computed, person: str) -> None:
    records, sheets = computed
    at_risk = set()
    for each in records["renewals"]:
        decided_on = None if each["outcome"] in (None, "pending") else each["closed_on"] or each["due_on"]
        pending = decided_on is None or decided_on > _LAST
        ahead = _LAST < each["due_on"] <= _LAST + timedelta(days=90)
        if _owner(records, each) == person and pending and ahead and _troubled(records, each["account"]):
            at_risk.add(each["account"])
    _check(sheets[person], {"accounts_at_risk": len(at_risk)})


def _troubled(records: Records, account: str) -> bool:
    escalated = any(
        each["account"] == account and each["opened_on"] <= _LAST
        and (each["closed_on"] is None or each["closed_on"] > _LAST)
        for each in records["escalations"]
    )  # fmt: skip
    recent, before = _usage(records, account, _LAST), _usage(records, account, _LAST - timedelta(days=30))
    both = recent.keys() & before.keys()
    fell = sum(before[product] - recent[product] for product in both) > 0.1 * sum(before[product] for product in both)
    return escalated or (len(both) > 0 and fell)


def _usage(records: Records, account: str, last: date) -> dict[str, float]:
    """Mean usage per product in the thirty days up to `last`."""
    values: dict[str, list[float]] = {}
    for each in records["usage"]:
        if each["account"] == account and last - timedelta(days=30) < each["on"] <= last:
            values.setdefault(each["product"], []).append(each["value"])
    return {product: mean(those) for product, those in values.items()}


@pytest.mark.parametrize("person", _PEOPLE)
def test_usage_growth(computed, person: str) -> None:
    records, sheets = computed
    recent, before = 0.0, 0.0
    for account in records["accounts"]:
        if account["owner"] == person:
            now, then = _usage(records, account["account_id"], _LAST), _usage(records, account["account_id"], _BEFORE)
            recent += sum(now[product] for product in now.keys() & then.keys())
            before += sum(then[product] for product in now.keys() & then.keys())
    found = sheets[person].fact("usage_growth").value
    assert found == pytest.approx(recent / before - 1, abs=1e-7)


@pytest.mark.parametrize("person", _PEOPLE)
def test_renewal_forecasts(computed, person: str) -> None:
    records, sheets = computed
    thirtieth = _START + timedelta(days=29)
    in_time = [each for each in records["forecasts"] if each["person"] == person and each["submitted_on"] <= thirtieth]
    latest = max(in_time, key=lambda each: each["submitted_on"], default=None)
    actual = sum(
        each["renewed_mrr"] or each["mrr"] for each in records["renewals"]
        if _owner(records, each) == person and each["outcome"] == "renewed" and _START <= each["due_on"] < _END
        and (each["closed_on"] or each["due_on"]) <= _SEEN
    )  # fmt: skip
    accuracy = None if latest is None or actual == 0 else max(0, 1 - abs(actual - latest["amount"]) / actual)
    _check(sheets[person], {"renewal_forecast_accuracy": accuracy})


@pytest.mark.parametrize("person", _PEOPLE)
def test_expansion_and_lifetime_value(computed, person: str) -> None:
    records, sheets = computed
    expansion = sum(
        deal["amount"] for deal in records["deals"]
        if deal["owner"] == person and deal["status"] == "won" and deal["type"] == "expansion"
        and _START <= deal["closed_on"] < _END
    )  # fmt: skip
    customers = {
        account["account_id"] for account in records["accounts"]
        if account["owner"] == person and _mrr_on(records, account["account_id"], _BEFORE) > 0
    }  # fmt: skip
    lost = sum(_mrr_on(records, account, _LAST) == 0 for account in customers)
    bought = {
        deal["deal_id"] for deal in records["deals"]
        if deal["account"] in customers and deal["status"] == "won" and deal["closed_on"] < _END
    }  # fmt: skip
    lines = [line for line in records["deal_lines"] if line["deal"] in bought and line["margin"] is not None]
    margin = sum(line["amount"] * line["margin"] for line in lines) / sum(line["amount"] for line in lines)
    revenue = 3 * sum(_mrr_on(records, account, _BEFORE) for account in customers) / len(customers)
    _check(sheets[person], {
        "expansion_revenue": expansion, "clv": revenue * margin / (lost / len(customers)) if lost else None,
    })  # fmt: skip


def test_acquisition_cost(computed) -> None:
    records, sheets = computed
    spent = sum(
        each["amount"] * sum(_START <= each["start_on"] + timedelta(days=n) < _END for n in range(30)) / 30
        for each in records["spend"] if each["team"] != "West"
    )  # fmt: skip
    won = {
        deal["account"] or deal["deal_id"] for deal in records["deals"]
        if deal["status"] == "won" and deal["type"] != "expansion" and _START <= deal["closed_on"] < _END
    }  # fmt: skip
    cac = spent / len(won)
    found = sheets["Max"]
    _check(found, {"cac": cac, "clv_to_cac": found.fact("clv").value / cac if found.fact("clv") else None})
