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
from tools.demo.selling import Closings, close_quarter, closings, open_pipeline, seller


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
        "2026-Q2": _Quarter(10, 30, 282_000, 413, 280_000, 262_500),
    },
    TYLER: {
        "2025-Q2": _Quarter(4, 17, 108_300, 215, 190_000, 131_000),
        "2025-Q3": _Quarter(4, 16, 112_700, 209, 195_000, 103_500),
        "2025-Q4": _Quarter(5, 18, 139_500, 263, 200_000, 152_000),
        "2026-Q1": _Quarter(9, 31, 262_400, 477, 265_000, 290_500),
        "2026-Q2": _Quarter(10, 30, 231_700, 440, 280_000, 266_000, (4, 5), (MATEO, _REBALANCED, 2)),
    },
    GRACE: {
        "2025-Q2": _Quarter(5, 18, 141_200, 262, 190_000, 155_000),
        "2025-Q3": _Quarter(5, 19, 146_900, 258, 195_000, 171_000),
        "2025-Q4": _Quarter(5, 17, 151_400, 259, 200_000, 140_000),
        "2026-Q1": _Quarter(9, 31, 271_100, 459, 265_000, 249_000),
        "2026-Q2": _Quarter(11, 29, 325_900, 440, 280_000, 311_500),
    },
    MATEO: {
        "2025-Q2": _Quarter(5, 16, 139_800, 268, 190_000, 160_500),
        "2025-Q3": _Quarter(4, 17, 118_600, 214, 195_000, 140_000),
        "2025-Q4": _Quarter(5, 18, 150_300, 262, 200_000, 171_000),
        "2026-Q1": _Quarter(9, 31, 268_300, 468, 265_000, 291_000),
        "2026-Q2": _Quarter(11, 29, 318_400, 429, 280_000, 300_000),
    },
    PAUL: {
        "2025-Q2": _Quarter(4, 19, 104_100, 221, 190_000, 140_000),
        "2025-Q3": _Quarter(4, 18, 109_800, 217, 195_000, 127_000),
        "2025-Q4": _Quarter(3, 17, 82_600, 164, 200_000, 121_000),
    },
    HANNAH: {
        "2025-Q2": _Quarter(4, 13, 178_500, 259, 210_000, 199_000),
        "2025-Q3": _Quarter(4, 12, 187_200, 255, 215_000, 170_000),
        "2025-Q4": _Quarter(5, 13, 224_600, 318, 220_000, 241_000),
        "2026-Q1": _Quarter(5, 15, 252_700, 317, 230_000, 236_500),
        "2026-Q2": _Quarter(6, 14, 301_500, 372, 240_000, 279_000),
    },
    DEREK: {
        "2025-Q2": _Quarter(3, 12, 131_400, 196, 210_000, 171_000),
        "2025-Q3": _Quarter(3, 13, 137_900, 192, 215_000, 166_000),
        "2025-Q4": _Quarter(4, 12, 176_100, 257, 220_000, 205_000),
        "2026-Q1": _Quarter(4, 16, 213_300, 259, 230_000, 240_000),
        "2026-Q2": _Quarter(4, 16, 188_500, 254, 240_000, 226_000, (2, 3), (HANNAH, _REBALANCED, 1)),
    },
}  # fmt: skip
_NEXT_QUOTAS = {NOOR: 290_000, TYLER: 280_000, GRACE: 290_000, MATEO: 290_000, HANNAH: 250_000, DEREK: 240_000}


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
            agree_target(ledger, person, "quota", quarter("2026-Q3"), _NEXT_QUOTAS[person])
            close_quarter(ledger, by, JULY_SO_FAR, Closings(won=(), cycles=(), lost=(21_500,), last_month=(0, 1)))
    for label, commit in zip(QUARTERS, (870_000, 902_500, 851_000, 1_640_000, 1_560_000), strict=True):
        submit_forecast(ledger, quarter(label), commit, team=COMMERCIAL)
    for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
        agree_target(ledger, BRANDON, "reps_below_coverage", quarter(label), 0)
