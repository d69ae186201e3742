"""Brandon's team: small-business and mid-market reps, faster and better at winning, with uneven coverage in June."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tools.demo.agreements import agree_target, submit_forecast
from tools.demo.cast import (
    BRANDON,
    COMMERCIAL,
    DEREK,
    GRACE,
    HANNAH,
    JULY_SO_FAR,
    MATEO,
    NOOR,
    PAUL,
    PRODUCTS,
    QUARTERS,
    TYLER,
)
from tools.demo.records import Ledger, quarter
from tools.demo.selling import Closings, close_quarter, closings, leave_slipped, open_pipeline, seller


@dataclass(frozen=True)
class _Quarter:
    """A rep's quarter: deals won and lost, revenue, days of all won cycles together, quota, commit."""

    won: int
    lost: int
    revenue: int
    days: int
    quota: int
    commit: int
    last_month: tuple[int, int] | None = None
    taken_over: tuple[str, date, int] | None = None


# The accounts that were rebalanced in June came to the two reps with too little left to close.
_REBALANCED = date(2026, 6, 11)

_REPS = {
    NOOR: {
        "2026-Q1": _Quarter(8, 32, 244_200, 416, 265_000, 261_000),
        "2026-Q2": _Quarter(9, 26, 282_000, 372, 280_000, 262_500),
    },
    TYLER: {
        "2025-Q2": _Quarter(7, 27, 199_300, 376, 215_000, 221_000),
        "2025-Q3": _Quarter(8, 28, 212_700, 429, 220_000, 195_500),
        "2025-Q4": _Quarter(8, 29, 229_500, 424, 235_000, 250_000),
        "2026-Q1": _Quarter(9, 31, 262_400, 477, 265_000, 290_500),
        "2026-Q2": _Quarter(9, 26, 231_700, 396, 280_000, 266_000, (4, 4), (MATEO, _REBALANCED, 2)),
    },
    GRACE: {
        "2025-Q2": _Quarter(8, 28, 226_200, 431, 220_000, 240_000),
        "2025-Q3": _Quarter(8, 28, 231_900, 428, 230_000, 255_000),
        "2025-Q4": _Quarter(8, 27, 240_400, 423, 240_000, 221_000),
        "2026-Q1": _Quarter(9, 31, 271_100, 459, 265_000, 249_000),
        "2026-Q2": _Quarter(10, 26, 325_900, 394, 280_000, 311_500),
    },
    MATEO: {
        "2025-Q2": _Quarter(7, 26, 214_800, 372, 220_000, 230_500),
        "2025-Q3": _Quarter(8, 29, 228_600, 427, 230_000, 250_000),
        "2025-Q4": _Quarter(8, 28, 242_300, 419, 240_000, 261_000),
        "2026-Q1": _Quarter(9, 31, 268_300, 468, 265_000, 291_000),
        "2026-Q2": _Quarter(9, 26, 318_400, 355, 280_000, 300_000),
    },
    PAUL: {
        "2025-Q2": _Quarter(7, 29, 196_100, 386, 215_000, 220_000),
        "2025-Q3": _Quarter(7, 28, 201_800, 379, 220_000, 217_000),
        "2025-Q4": _Quarter(7, 29, 205_600, 382, 235_000, 231_000),
    },
    HANNAH: {
        "2025-Q2": _Quarter(4, 15, 222_500, 259, 215_000, 239_000),
        "2025-Q3": _Quarter(5, 16, 242_200, 322, 225_000, 230_000),
        "2025-Q4": _Quarter(5, 16, 264_600, 318, 230_000, 281_000),
        "2026-Q1": _Quarter(5, 15, 252_700, 317, 230_000, 236_500),
        "2026-Q2": _Quarter(6, 14, 301_500, 372, 240_000, 279_000),
    },
    DEREK: {
        "2025-Q2": _Quarter(4, 15, 211_400, 262, 215_000, 231_000),
        "2025-Q3": _Quarter(4, 15, 217_900, 258, 225_000, 236_000),
        "2025-Q4": _Quarter(4, 16, 226_100, 257, 230_000, 245_000),
        "2026-Q1": _Quarter(4, 16, 213_300, 259, 230_000, 240_000),
        "2026-Q2": _Quarter(4, 16, 188_500, 254, 240_000, 226_000, (2, 3), (HANNAH, _REBALANCED, 1)),
    },
}  # fmt: skip
_NEXT_QUOTAS = {NOOR: 290_000, TYLER: 280_000, GRACE: 290_000, MATEO: 290_000, HANNAH: 250_000, DEREK: 240_000}

_SLIPPED = {NOOR: 1, GRACE: 1, MATEO: 2, HANNAH: 1}


def record_commercial(ledger: Ledger, names: Iterator[str]) -> None:
    """The reps' quarters, their open pipeline, the team's forecasts, and what was agreed with Brandon."""
    for person, quarters in _REPS.items():
        mid_market = person in (HANNAH, DEREK)
        by = seller(ledger, person, "mid_market" if mid_market else "smb", PRODUCTS, names, accounts=26)
        for label, planned in quarters.items():
            done = closings(
                ledger, planned.won, planned.lost, planned.revenue, planned.days, late_losses=planned.lost // 4,
                overdue_at_start=1, last_month=planned.last_month, taken_over=planned.taken_over,
            )  # fmt: skip
            close_quarter(ledger, by, quarter(label), done)
            agree_target(ledger, person, "quota", quarter(label), planned.quota)
            submit_forecast(ledger, quarter(label), planned.commit, person=person, ends_near=planned.revenue)
        if person in _NEXT_QUOTAS:
            low, high = (32_000, 78_000) if mid_market else (15_000, 42_000)
            amounts = [ledger.random.randrange(low, high, 500) for _ in range(11 if mid_market else 16)]
            open_pipeline(ledger, by, quarter("2026-Q3"), amounts, late=4, created_from=date(2026, 5, 4),
                          created_to=date(2026, 6, 27))  # fmt: skip
            leave_slipped(ledger, by, amounts[: _SLIPPED.get(person, 0)])
            agree_target(ledger, person, "quota", quarter("2026-Q3"), _NEXT_QUOTAS[person])
            close_quarter(ledger, by, JULY_SO_FAR, Closings(won=(), cycles=(), lost=(21_500,), last_month=(0, 1)))
    for label, commit in zip(QUARTERS, (1_362_000, 1_415_000, 1_290_000, 1_640_000, 1_560_000), strict=True):
        submit_forecast(ledger, quarter(label), commit, team=COMMERCIAL)
    for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
        agree_target(ledger, BRANDON, "reps_below_coverage", quarter(label), 0)
