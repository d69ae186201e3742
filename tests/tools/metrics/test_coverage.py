"""Where the records end: nothing is reported after that, and a period cut short says so."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest

from tests.tools.metrics.worlds import sheet, why_absent
from tools.errors import NotFound
from tools.metrics.build import require_records


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
    assert why_absent(found, "deals_created") == "the deals on record end on 31 March 2026"


def test_a_period_that_the_export_cuts_short_is_marked_and_not_weak_against_the_prior() -> None:
    found = sheet(daily_deals(date(2026, 5, 15)), period="2026-Q2")
    revenue = found.fact("revenue_won")
    assert revenue.value == 3300  # 33 working days from 1 April to 15 May
    assert (revenue.partial, revenue.weak) == (True, False)
    assert "records end on 15 May 2026: this period is only partly covered" in found.quality


def test_a_period_so_far_is_cut_short_too_where_the_export_is_older() -> None:
    deals = daily_deals(date(2026, 5, 15))
    assert sheet(deals, period="2026-Q2", as_of=date(2026, 6, 10)).fact("revenue_won").partial
    assert not sheet(deals, period="2026-Q2", as_of=date(2026, 5, 18)).fact("revenue_won").partial


@pytest.mark.parametrize("last", [date(2026, 6, 26), date(2026, 6, 30)])
def test_a_period_covered_to_its_end_is_not_marked(last: date) -> None:
    found = sheet(daily_deals(last), period="2026-Q2")
    assert not found.fact("revenue_won").partial
    assert not any("partly" in line for line in found.quality if line.startswith("records end"))


def test_a_small_quiet_export_is_no_false_alarm() -> None:
    deals = daily_deals(date(2026, 4, 3))
    deals["deals"] = deals["deals"].iloc[::10]
    assert not sheet(deals, period="2026-Q2").fact("revenue_won").partial


def test_what_a_list_of_orders_does_not_record_is_absent_and_not_zero() -> None:
    found = sheet(daily_deals(date(2026, 6, 30)), period="2026-Q2")
    assert found.fact("deals_won").value == 65
    assert why_absent(found, "deals_lost") == "no lost deals on record; import them to compute this"
    for metric in ("pipeline_value", "pipeline_deals", "pipeline_inflow", "workload[of=deals]", "pipeline_snapshot"):
        assert why_absent(found, metric) == "no open deals on record; import them to compute this"


@pytest.mark.parametrize(
    ("period", "expected"),
    [("2024-Q1", "begin on"), ("2027-Q1", "the deals on record end on 30 June 2026")],
)
def test_a_period_outside_all_records_is_told_in_a_sentence(period: str, expected: str) -> None:
    found = sheet(daily_deals(date(2026, 6, 30)), period=period, as_of=date(2027, 12, 31))
    with pytest.raises(NotFound, match=f"^Nothing is on record of Ann for {period}: .*{expected}"):
        require_records(found)
    require_records(sheet(daily_deals(date(2026, 6, 30)), period="2026-Q2"))
