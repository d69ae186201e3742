"""Where the records end: nothing is reported after that, and a period cut short says so."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.tools.metrics.worlds import sheet, why_absent


def daily_deals(last: date, days: int = 200) -> dict[str, pd.DataFrame]:
    """A deal of Ann's won for 100 on every working day up to the last."""
    every = [last - timedelta(days=n) for n in range(days)]
    rows = [
        {"deal_id": f"d{n}", "owner": "Ann", "status": "won", "amount": "100", "currency": "USD",
         "created_on": day.isoformat(), "closed_on": day.isoformat()}
        for n, day in enumerate(every) if day.weekday() < 5
    ]  # fmt: skip
    return {"deals": pd.DataFrame(rows, dtype="object")}


def test_a_period_after_the_last_record_is_absent_and_not_zero() -> None:
    found = sheet(daily_deals(date(2026, 3, 31)), period="2026-Q2")
    assert why_absent(found, "revenue_won") == "the deals on record end on 31 March 2026"
    assert why_absent(found, "pipeline_deals") == "the deals on record end on 31 March 2026"
