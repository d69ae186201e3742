"""The mid-market team, with Michael: better-fit deals and won arguments, and a forecast that promised too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tools.demo.agreements import agree_target, submit_forecast
from tools.demo.cast import CONNOR, ELISE, JULY_SO_FAR, MICHAEL, MID_MARKET, PRIYA, PRODUCTS, QUARTERS
from tools.demo.deals import NEGOTIATION, PROPOSAL, Opportunity, record_deal
from tools.demo.records import Ledger, quarter
from tools.demo.selling import Closings, Seller, close_quarter, closings, leave_slipped, open_pipeline, seller

# Won, lost, revenue, days of all won cycles together, quota, commit: per quarter from 2025-Q2 on.
_PEERS = {
    PRIYA: (
        (6, 19, 231_400, 372, 280_000, 262_000), (7, 18, 262_000, 431, 290_000, 250_500),
        (7, 20, 274_300, 420, 300_000, 301_000), (9, 30, 352_600, 553, 390_000, 401_000),
        (10, 30, 402_000, 601, 400_000, 431_500),
    ),
    CONNOR: (
        (5, 18, 188_900, 318, 260_000, 221_000), (6, 17, 219_500, 377, 270_000, 240_000),
        (6, 19, 230_200, 371, 280_000, 215_000), (8, 32, 309_800, 503, 380_000, 352_000),
        (9, 31, 371_500, 549, 390_000, 402_500),
    ),
    ELISE: (
        (5, 17, 201_300, 310, 260_000, 215_500), (5, 19, 196_700, 322, 270_000, 239_000),
        (7, 18, 268_800, 428, 280_000, 287_000), (8, 31, 326_400, 488, 380_000, 291_000),
        (9, 31, 388_400, 540, 390_000, 356_000),
    ),
}  # fmt: skip
_SLIPPED = {PRIYA: 1, CONNOR: 2}
_NEXT_QUOTAS = {MICHAEL: 520_000, PRIYA: 410_000, CONNOR: 400_000, ELISE: 400_000}


_NO_OWNER, _NO_DATE = "Nobody at the buyer owned the approval", "No date for the final review"


def record_mid_market(ledger: Ledger, names: Iterator[str]) -> None:
    """Five quarters of four account executives and what stands open for the next."""
    _record_michael(ledger, seller(ledger, MICHAEL, "mid_market", PRODUCTS, names, accounts=46))
    for person, quarters in _PEERS.items():
        by = seller(ledger, person, "mid_market", PRODUCTS, names, accounts=30)
        for label, (won, lost, revenue, days, quota, commit) in zip(QUARTERS, quarters, strict=True):
            period = quarter(label)
            done = closings(ledger, won, lost, revenue, days, late_losses=lost // 4, overdue_at_start=2)
            close_quarter(ledger, by, period, done)
            agree_target(ledger, person, "quota", period, quota)
            submit_forecast(ledger, period, commit, person=person, ends_near=revenue)
        amounts = [ledger.random.randrange(28_000, 82_000, 500) for _ in range(15)]
        open_pipeline(ledger, by, quarter("2026-Q3"), amounts, late=4, created_from=date(2026, 4, 13),
                      created_to=date(2026, 6, 27))  # fmt: skip
        leave_slipped(ledger, by, amounts[: _SLIPPED.get(person, 0)])
        close_quarter(ledger, by, JULY_SO_FAR, Closings(won=(), cycles=(), lost=(31_500,), last_month=(0, 1)))
    for person, quota in _NEXT_QUOTAS.items():
        agree_target(ledger, person, "quota", quarter("2026-Q3"), quota)
        for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
            agree_target(ledger, person, "forecast_accuracy", quarter(label), 0.90)
    submit_forecast(ledger, quarter("2026-Q2"), 1_871_000, team=MID_MARKET, ends_near=1_722_000)


def _record_michael(ledger: Ledger, by: Seller) -> None:
    earlier = {
        "2025-Q2": closings(ledger, 8, 24, 309_600, 528, late_losses=8, overdue_at_start=2),
        "2025-Q3": closings(ledger, 8, 22, 318_200, 511, late_losses=7, overdue_at_start=1),
        "2025-Q4": closings(ledger, 9, 25, 364_900, 572, late_losses=8, overdue_at_start=2),
    }
    agreed = {"2025-Q2": (400_000, 351_000), "2025-Q3": (410_000, 377_000), "2025-Q4": (430_000, 421_000)}
    for label, done in earlier.items():
        close_quarter(ledger, by, quarter(label), done)
        _promise(ledger, label, *agreed[label])
    close_quarter(ledger, by, quarter("2026-Q1"), Closings(
        won=(52_000, 31_500, 44_800, 27_600, 38_900, 61_200, 33_400, 45_300, 29_800, 46_800),
        cycles=(64, 58, 71, 49, 66, 62, 55, 69, 60, 61),
        lost=_losses(ledger, 27), late_losses=9, overdue_at_start=2,
    ))  # fmt: skip
    _promise(ledger, "2026-Q1", 450_000, 489_000)
    close_quarter(ledger, by, quarter("2026-Q2"), Closings(
        won=(62_500, 38_000, 71_200, 44_600, 29_500, 55_800, 48_300, 36_400, 83_000, 24_700, 41_500, 24_500),
        cycles=(66, 52, 73, 48, 61, 57, 70, 44, 63, 55, 66, 53),
        lost=_losses(ledger, 28), late_losses=7, overdue_at_start=1,
    ))  # fmt: skip
    _promise(ledger, "2026-Q2", 504_500, 711_200)
    _leave_open(ledger, by)


def _losses(ledger: Ledger, count: int) -> list[int]:
    return [ledger.random.randrange(18_000, 74_000, 500) for _ in range(count)]


def _promise(ledger: Ledger, label: str, quota: int, commit: int) -> None:
    agree_target(ledger, MICHAEL, "quota", quarter(label), quota)
    submit_forecast(ledger, quarter(label), commit, person=MICHAEL, ends_near=commit * 0.9)


def _leave_open(ledger: Ledger, by: Seller) -> None:
    """An ordinary pipeline, two deals without an amount, and late-stage deals that nobody has a next step for."""
    amounts = [ledger.random.randrange(36_000, 88_000, 500) for _ in range(22)]
    due_in = quarter("2026-Q3")
    open_pipeline(ledger, by, due_in, amounts, late=3, created_from=date(2026, 4, 16), created_to=date(2026, 6, 27))
    bare = [None, None]
    open_pipeline(ledger, by, due_in, bare, late=0, created_from=date(2026, 6, 8), created_to=date(2026, 6, 19))
    for amount, created, first_due, moved, due, reached, reason in (
        (58_400, date(2026, 2, 24), date(2026, 6, 19), date(2026, 6, 18), date(2026, 7, 31), NEGOTIATION, _NO_OWNER),
        (49_300, date(2026, 3, 10), date(2026, 6, 26), date(2026, 6, 25), date(2026, 8, 14), NEGOTIATION, _NO_DATE),
        (43_500, date(2026, 3, 18), date(2026, 6, 29), None, date(2026, 6, 29), PROPOSAL, _NO_OWNER),
        (66_000, date(2026, 3, 26), date(2026, 8, 21), None, date(2026, 8, 21), PROPOSAL, None),
        (39_500, date(2026, 4, 7), date(2026, 9, 11), None, date(2026, 9, 11), NEGOTIATION, None),
    ):
        record_deal(ledger, Opportunity(
            MICHAEL, next(by.accounts), "mid_market", amount, created, due, first_due=first_due, due_moved=moved,
            reached=reached, worked_until=date(2026, 5, 21), product="Dispatch", source="Outbound", origin="sales",
            slip_reason=reason,
        ))  # fmt: skip
