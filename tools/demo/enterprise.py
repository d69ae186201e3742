"""The enterprise team, with Daniel: large deals, security brought in early, and two that legal and procurement held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tools.demo.agreements import agree_target, submit_forecast
from tools.demo.cast import AARON, DANIEL, ENTERPRISE, PRODUCTS, QUARTERS, SOFIA, WEI
from tools.demo.deals import NEGOTIATION, Opportunity, record_deal
from tools.demo.records import Ledger, quarter
from tools.demo.selling import Closings, Seller, close_quarter, closings, leave_slipped, open_pipeline, seller

# Won, lost, revenue, days of all won cycles together, quota, commit: per quarter from 2025-Q2 on.
_PEERS = {
    SOFIA: (
        (3, 7, 566_000, 276, 800_000, 640_000), (3, 6, 588_000, 262, 800_000, 655_000),
        (4, 7, 792_000, 341, 900_000, 870_000), (3, 6, 604_000, 251, 900_000, 701_000),
        (4, 7, 846_000, 348, 950_000, 905_000),
    ),
    AARON: (
        (3, 8, 531_000, 267, 800_000, 634_000), (3, 7, 549_000, 270, 800_000, 512_000),
        (3, 8, 577_000, 258, 850_000, 690_000), (4, 8, 781_000, 339, 900_000, 845_000),
        (4, 8, 802_000, 353, 900_000, 921_000),
    ),
    WEI: (
        (2, 6, 341_000, 171, 600_000, 402_000), (2, 7, 362_000, 180, 600_000, 420_000),
        (3, 6, 541_000, 266, 700_000, 560_000), (3, 7, 528_000, 247, 750_000, 604_000),
        (3, 6, 561_000, 264, 750_000, 540_000),
    ),
}  # fmt: skip
_NEXT_QUOTAS = {DANIEL: 1_150_000, SOFIA: 950_000, AARON: 920_000, WEI: 760_000}


def record_enterprise(ledger: Ledger, names: Iterator[str]) -> None:
    """Five quarters of four enterprise account executives and what stands open for the next."""
    _record_daniel(ledger, seller(ledger, DANIEL, "enterprise", PRODUCTS, names, accounts=20))
    for person, quarters in _PEERS.items():
        by = seller(ledger, person, "enterprise", PRODUCTS, names, accounts=16)
        for label, (won, lost, revenue, days, quota, commit) in zip(QUARTERS, quarters, strict=True):
            done = closings(ledger, won, lost, revenue, days, late_losses=lost // 2, overdue_at_start=1, step=1000)
            close_quarter(ledger, by, quarter(label), done)
            adjusted = {"adjusted": 700_000, "adjustment": "Parental leave cover"} if person == WEI else {}
            agree_target(ledger, person, "quota", quarter(label), quota, **(adjusted if label == "2026-Q2" else {}))
            submit_forecast(ledger, quarter(label), commit, person=person, ends_near=revenue)
        _leave_open(ledger, by, 7)
        leave_slipped(ledger, by, (142_000,) if person == WEI else (168_000, 121_000))
    for person, quota in _NEXT_QUOTAS.items():
        agree_target(ledger, person, "quota", quarter("2026-Q3"), quota)
    submit_forecast(ledger, quarter("2026-Q2"), 3_640_000, team=ENTERPRISE, ends_near=3_300_000)


def _record_daniel(ledger: Ledger, by: Seller) -> None:
    earlier = {
        "2025-Q2": (closings(ledger, 4, 8, 768_000, 318, late_losses=4, step=1000), 900_000, 872_000),
        "2025-Q3": (closings(ledger, 4, 9, 795_000, 324, late_losses=5, step=1000), 900_000, 901_000),
        "2025-Q4": (closings(ledger, 5, 8, 991_000, 401, late_losses=4, step=1000), 1_000_000, 1_090_000),
    }
    for label, (done, quota, commit) in earlier.items():
        close_quarter(ledger, by, quarter(label), done)
        _promise(ledger, label, quota, commit, 0.95)
    close_quarter(ledger, by, quarter("2026-Q1"), Closings(
        won=(246_000, 178_000, 231_000, 205_000), cycles=(91, 66, 81, 74),
        lost=(190_000, 142_000, 265_000, 118_000, 204_000, 87_000, 156_000, 233_000), late_losses=4,
    ))  # fmt: skip
    _promise(ledger, "2026-Q1", 1_000_000, 980_000, 0.9)
    close_quarter(ledger, by, quarter("2026-Q2"), Closings(
        won=(286_000, 164_000, 232_000, 195_000, 173_000), cycles=(116, 88, 103, 95, 78),
        lost=(151_000, 220_000, 96_000, 187_000, 240_000, 132_000, 175_000), late_losses=2, overdue_at_start=1,
    ))  # fmt: skip
    _promise(ledger, "2026-Q2", 1_140_000, 1_260_000, 0.88)
    for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
        agree_target(ledger, DANIEL, "slipped_deals", quarter(label), 1)
    _leave_open(ledger, by, 12)
    # Promised for June, held up on the way to signature.
    for amount, created, first_due, moved, due, step, reason in (
        (
            120_000,
            date(2026, 2, 17),
            date(2026, 6, 17),
            date(2026, 6, 15),
            date(2026, 7, 24),
            "Go through the redlined data terms with the buyer's counsel",
            "Legal review of the data processing terms",
        ),
        (
            90_000,
            date(2026, 3, 5),
            date(2026, 6, 26),
            date(2026, 6, 24),
            date(2026, 8, 7),
            "Complete the supplier registration with procurement",
            "Procurement had not registered us as a supplier",
        ),
    ):
        record_deal(ledger, Opportunity(
            DANIEL, next(by.accounts), "enterprise", amount, created, due, first_due=first_due, due_moved=moved,
            reached=NEGOTIATION, worked_until=date(2026, 6, 26), product="Dispatch", source="Outbound", origin="sales",
            next_step=step, next_step_on=date(2026, 7, 14), slip_reason=reason,
        ))  # fmt: skip


def _leave_open(ledger: Ledger, by: Seller, count: int) -> None:
    amounts = [ledger.random.randrange(110_000, 320_000, 1000) for _ in range(count)]
    open_pipeline(ledger, by, quarter("2026-Q3"), amounts, late=3, created_from=date(2026, 4, 6),
                  created_to=date(2026, 6, 20))  # fmt: skip


def _promise(ledger: Ledger, label: str, quota: int, commit: int, later: float) -> None:
    agree_target(ledger, DANIEL, "quota", quarter(label), quota)
    submit_forecast(ledger, quarter(label), commit, person=DANIEL, ends_near=commit * later)
