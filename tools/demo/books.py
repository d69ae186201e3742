"""An ordinary book of customers: a quarter of it due each quarter, one lost now and then, a few upsells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tools.demo.agreements import submit_forecast
from tools.demo.cast import QUARTERS
from tools.demo.records import Ledger, quarter, split, spread_days, working_days
from tools.demo.subscriptions import (
    Customer,
    Renewal,
    offer,
    offer_in_vain,
    open_account,
    record_customer,
    sell_more,
    visit,
)
from tools.periods import Period

STRATEGIC, MID_SIZE = "strategic", "mid_size"


@dataclass(frozen=True)
class Book:
    """So many customers paying `mrr` a month together, about a third of them due in each of three quarters.

    `lost` leave in 2026-Q2 and `lost_before` in 2026-Q1; `falling` of those due in 2026-Q3 use less since June.
    `upsells` is what is sold on top per quarter, a year's worth; the renewal forecast is `commit_error` too high.
    """

    count: int
    mrr: int
    lost: int = 0
    lost_before: int = 0
    falling: int = 0
    upsells: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(QUARTERS, 96_000))
    commit_error: float = 0.08


def record_book(
    ledger: Ledger, names: Iterator[str], owner: str, book: Book, *, due_in: Sequence[str] = ("2026-Q1", "2026-Q2")
) -> None:
    """The book's customers, upsells and touches; renewals and their forecasts in those of the two quarters named."""
    rng = ledger.random
    customers = [
        Customer(rng.choice((STRATEGIC, MID_SIZE)), part) for part in split(rng, book.mrr, book.count, step=500)
    ]
    before, now, later = customers[::3], customers[1::3], customers[2::3]
    for label, due, lost in (("2026-Q1", before, book.lost_before), ("2026-Q2", now, book.lost)):
        for n, customer in enumerate(due if label in due_in else ()):
            day = rng.choice(working_days(quarter(label).start + timedelta(days=8), quarter(label).end))
            if n < lost:
                customer.leave(day, rng.choice(("Price", "Project ended")))
            else:
                customer.renew(day, also_before="2025-Q2" in book.upsells)
    for n, customer in enumerate(later):
        customer.renewals.append(Renewal(rng.choice(working_days(date(2026, 7, 13), date(2026, 9, 25)))))
        if n < book.falling:
            customer.usage_from = (date(2026, 6, 1), 0.8)
    staying = [n for n, customer in enumerate(customers) if customer.ended is None]
    upsells = []
    for label, total in book.upsells.items():
        days = spread_days(rng, working_days(quarter(label).start, quarter(label).end), 3)
        for day, amount in zip(days, split(rng, total, 3, step=1200), strict=True):
            upsells.append((rng.choice(staying), day, amount))
    record_sold(ledger, names, owner, customers, upsells)
    touched = [customers[n] for n in staying]
    for label in book.upsells:
        visit(ledger, owner, touched, quarter(label), {"call": 22, "meeting": 12, "business_review": 4})
        offer_in_vain(ledger, owner, touched, quarter(label), 3)
    if "2026-Q2" in due_in:
        offer(ledger, owner, touched, quarter("2026-Q3"), 4)
    for label, error in (("2026-Q1", 0.05), ("2026-Q2", book.commit_error)):
        if label not in due_in:
            continue
        commit = round(_renewed(ledger, owner, quarter(label)) * (1 + error))
        submit_forecast(ledger, quarter(label), commit, person=owner, metric="renewed_mrr", best_case=1.04)


def record_sold(
    ledger: Ledger, names: Iterator[str], owner: str, book: Sequence[Customer],
    upsells: Sequence[tuple[int, date, int]],
) -> None:  # fmt: skip
    """Accounts, then the upsells as (which customer, day won, amount a year), then what follows from both."""
    for customer in book:
        open_account(ledger, owner, customer, next(names))
    for index, closed, yearly in upsells:
        sell_more(ledger, owner, book[index], closed, yearly)
    for customer in book:
        record_customer(ledger, owner, customer)


def _renewed(ledger: Ledger, owner: str, period: Period) -> float:
    return sum(
        row["renewed_mrr"] for row in ledger.rows["renewals"]
        if row["owner"] == owner and row["outcome"] == "renewed" and period.start <= row["due_on"] < period.end
    )  # fmt: skip
