"""RavenStack: churn and retention of every month and quarter of 2024, against pandas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tools.facts import FactSheet
from tools.metrics.build import build_many
from tools.sources import read_source
from tools.sources.reading import ReadContext

PERIODS = ["2024-01", "2024-03", "2024-07", "2024-11", "2024-12", "2024-Q1", "2024-Q4", "2024"]


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    path = shared / "data" / "ravenstack_saas"
    if not path.is_dir():
        pytest.skip("no ravenstack_saas among the shared data")
    return path


@pytest.fixture(scope="module")
def tables(folder: Path) -> dict[str, pd.DataFrame]:
    return read_source("mapped", folder, ReadContext(), "ravenstack").tables


@pytest.fixture(scope="module")
def contracts(folder: Path) -> pd.DataFrame:
    rows = pd.read_csv(folder / "ravenstack_subscriptions.csv", encoding="utf-8-sig")
    for column in ("start_date", "end_date"):
        rows[column] = pd.to_datetime(rows[column], format="%d-%m-%Y")
    return rows


def paying(contracts: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """MRR by account on a day; a contract pays from its start date to the day before its end date."""
    running = (contracts["start_date"] <= day) & ~(contracts["end_date"] <= day)
    by_account = contracts[running].groupby("account_id")["mrr_amount"].sum()
    return by_account[by_account > 0]


def expected(contracts: pd.DataFrame, sheet: FactSheet) -> dict[str, float]:
    start = paying(contracts, pd.Timestamp(sheet.start) - pd.Timedelta(days=1))
    end = paying(contracts, pd.Timestamp(sheet.end)).reindex(start.index).fillna(0)
    kept = pd.concat([start, end], axis=1).min(axis=1).sum()
    return {
        "protected_mrr": kept,
        "churn_rate": (end == 0).sum() / len(start),
        "revenue_churn_rate": 1 - kept / start.sum(),
        "gross_revenue_retention": kept / start.sum(),
        "net_revenue_retention": end.sum() / start.sum(),
    }


@pytest.mark.parametrize("period", PERIODS)
def test_retention_agrees_with_pandas(tables: dict[str, pd.DataFrame], contracts: pd.DataFrame, period: str) -> None:
    sheet = build_many(tables, ["Customer Success"], period, as_of=date(2024, 12, 31))[0]
    for fact_id, value in expected(contracts, sheet).items():
        assert sheet.fact(fact_id).value == pytest.approx(value, rel=1e-9, abs=1e-12), fact_id


def test_every_row_is_accounted_for(folder: Path) -> None:
    report = read_source("mapped", folder, ReadContext(), "ravenstack").report.to_json()["tables"]
    counts = {name: (table["read"], table["imported"], table["left_out"]) for name, table in report.items()}
    assert counts == {
        "accounts": (500, 500, 0), "subscriptions": (5000, 5000, 0), "usage": (25000, 25000, 0),
        "escalations": (2000, 95, 1905), "evidence": (600, 600, 0), "people": (0, 0, 0),
    }  # fmt: skip


def test_renewals_are_absent_because_no_due_dates_are_on_record(tables: dict[str, pd.DataFrame]) -> None:
    sheet = build_many(tables, ["Customer Success"], "2024-Q4", as_of=date(2024, 12, 31))[0]
    reasons = {absent.id: absent.reason for absent in sheet.absent}
    assert reasons["renewal_rate"] == "no renewals on record; import it to compute this"
