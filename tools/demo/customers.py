"""The account managers, with Ashley: recurring revenue kept and added to, and churn risk that surfaced late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from tools.demo.agreements import agree_target, submit_forecast
from tools.demo.books import MID_SIZE, STRATEGIC, Book, record_book, record_sold
from tools.demo.cast import ASHLEY, CARLOS, NINA, QUARTERS, RUTH
from tools.demo.records import Ledger, quarter
from tools.demo.subscriptions import (
    Customer,
    Renewal,
    offer,
    offer_in_vain,
    visit,
)

# Ashley's customers: MRR before any of the upsells below; the first ten are strategic.
_ASHLEYS = (
    90_500, 83_500, 77_500, 71_500, 67_000, 64_000, 54_000, 49_500, 47_500, 44_000,
    23_500, 26_000, 25_500, 21_000, 23_500, 22_000, 19_500, 20_500, 17_000, 15_000, 17_500, 16_500, 15_500, 14_500,
    13_500, 12_500,
)  # fmt: skip
# Which customer took more, when, and for how much a year.
_UPSELLS = (
    (1, date(2025, 5, 14), 60_000), (4, date(2025, 6, 4), 48_000), (13, date(2025, 6, 18), 36_000),
    (2, date(2025, 8, 20), 54_000), (7, date(2025, 9, 17), 30_000),
    (10, date(2025, 10, 22), 60_000), (0, date(2025, 11, 12), 66_000), (16, date(2025, 12, 10), 24_000),
    (3, date(2026, 2, 11), 60_000), (6, date(2026, 2, 25), 54_000), (19, date(2026, 3, 11), 42_000),
    (18, date(2026, 3, 18), 30_000),
    (0, date(2026, 4, 22), 48_000), (2, date(2026, 5, 6), 42_000), (5, date(2026, 5, 13), 36_000),
    (8, date(2026, 5, 20), 30_000), (11, date(2026, 5, 27), 27_000), (1, date(2026, 6, 9), 24_000),
    (17, date(2026, 6, 16), 18_000), (21, date(2026, 6, 24), 15_000),
)  # fmt: skip
_RENEWED = (
    (2, date(2026, 1, 22)), (8, date(2026, 2, 9)), (6, date(2026, 2, 27)), (11, date(2026, 3, 5)),
    (13, date(2026, 3, 16)), (23, date(2026, 3, 24)),
    (1, date(2026, 4, 17)), (10, date(2026, 4, 28)), (5, date(2026, 5, 8)), (15, date(2026, 5, 19)),
    (7, date(2026, 5, 22)), (19, date(2026, 5, 29)), (22, date(2026, 6, 18)),
)  # fmt: skip
_DUE_LATER = (
    (3, date(2026, 6, 25)), (0, date(2026, 7, 24)), (16, date(2026, 7, 30)), (20, date(2026, 8, 13)),
    (14, date(2026, 8, 20)), (4, date(2026, 9, 4)), (18, date(2026, 9, 10)), (25, date(2026, 12, 4)),
)  # fmt: skip
_REVIEWS = {"2025-Q2": 6, "2025-Q3": 6, "2025-Q4": 7, "2026-Q1": 8, "2026-Q2": 15}


def record_customers(ledger: Ledger, names: Iterator[str]) -> None:
    """Four books of customers with what was forecast and agreed for them."""
    _record_ashley(ledger, names)
    record_book(ledger, names, RUTH, Book(18, 402_000, lost_before=1, falling=1))
    record_book(ledger, names, CARLOS, Book(16, 371_000, lost=1, commit_error=0.11))
    record_book(ledger, names, NINA, Book(14, 288_000, lost=1, falling=1, commit_error=0.15))


def _record_ashley(ledger: Ledger, names: Iterator[str]) -> None:
    book = [Customer(STRATEGIC if n < 10 else MID_SIZE, mrr) for n, mrr in enumerate(_ASHLEYS)]
    # Handed over by sales in February.
    book[9].since = date(2026, 2, 16)
    for index, due in _RENEWED:
        book[index].renew(due)
    book[12].renew(date(2026, 5, 15), less=6_000)
    book[24].leave(date(2026, 6, 10), "Consolidated on the parent company's system")
    for index, due in _DUE_LATER:
        book[index].renewals.append(Renewal(due))
    gone = Customer(MID_SIZE, 19_500)
    gone.leave(date(2026, 2, 18), "Closed the site")
    for customer in book[:10]:
        # Adoption programmes began with the spring reviews.
        customer.usage_from = (date(2026, 4, 6), 1.12)
    # Both use less and less, but only the first is due within the next ninety days.
    book[14].usage_from = (date(2026, 6, 1), 0.72)
    book[25].usage_from = (date(2026, 6, 1), 0.78)
    record_sold(ledger, names, ASHLEY, [*book, gone], _UPSELLS)
    _escalate_ashley(ledger, book)
    for label in QUARTERS:
        visit(ledger, ASHLEY, book, quarter(label), {"call": 34, "meeting": 18, "business_review": _REVIEWS[label]})
        offer_in_vain(ledger, ASHLEY, book, quarter(label), 4)
    offer(ledger, ASHLEY, book, quarter("2026-Q3"), 7)
    for label, commit in (("2025-Q2", 318_000), ("2026-Q1", 259_000), ("2026-Q2", 372_000)):
        submit_forecast(ledger, quarter(label), commit, person=ASHLEY, metric="renewed_mrr", best_case=1.04)
    for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
        agree_target(ledger, ASHLEY, "accounts_at_risk[segment=mid_size]", quarter(label), 0)


def _escalate_ashley(ledger: Ledger, book: Sequence[Customer]) -> None:
    """Escalations, most of them closed within days; two are open, one of them with a customer due in August."""
    for index, opened, closed, severity in (
        (2, date(2026, 2, 3), date(2026, 2, 17), "high"), (15, date(2026, 3, 2), date(2026, 3, 20), "medium"),
        (0, date(2026, 4, 14), date(2026, 4, 20), "high"), (10, date(2026, 4, 22), date(2026, 4, 27), "medium"),
        (4, date(2026, 5, 5), date(2026, 5, 11), "medium"), (18, date(2026, 5, 26), date(2026, 6, 2), "low"),
        (20, date(2026, 6, 10), None, "high"), (7, date(2026, 6, 22), None, "medium"),
    ):  # fmt: skip
        ledger.add("escalations", escalation_id=ledger.new_id("E"), account=book[index].account, opened_on=opened,
                   closed_on=closed, severity=severity)  # fmt: skip
