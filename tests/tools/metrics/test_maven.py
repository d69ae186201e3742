"""The Maven CRM set: every rep, every quarter, exactly what a pandas recomputation gives."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tools.facts import FactSheet
from tools.metrics.build import build_all
from tools.sources import read_source
from tools.sources.reading import ReadContext

QUARTERS = ("2017-Q1", "2017-Q2", "2017-Q3", "2017-Q4")


@pytest.fixture(scope="module")
def folder(shared: Path) -> Path:
    return shared / "data" / "maven_crm"


@pytest.fixture(scope="module")
def sheets(folder: Path) -> dict[tuple[str, str], FactSheet]:
    tables = read_source("mapped", folder, ReadContext(), "maven").tables
    found = [sheet for quarter in QUARTERS for sheet in build_all(tables, quarter, as_of=date(2017, 12, 31))]
    return {(sheet.person, sheet.period): sheet for sheet in found}


@pytest.fixture(scope="module")
def pipeline(folder: Path) -> pd.DataFrame:
    deals = pd.read_csv(folder / "sales_pipeline.csv", parse_dates=["engage_date", "close_date"])
    closed = deals["close_date"].dt
    deals["quarter"] = closed.strftime("%Y-Q") + closed.quarter.map("{:.0f}".format, na_action="ignore")
    deals["days"] = (deals["close_date"] - deals["engage_date"]).dt.days
    return deals


def test_every_rep_and_quarter_agrees_with_pandas(
    sheets: dict[tuple[str, str], FactSheet], pipeline: pd.DataFrame
) -> None:
    compared = 0
    for (agent, quarter), deals in pipeline.groupby(["sales_agent", "quarter"]):
        won = deals[deals["deal_stage"] == "Won"]
        expected = {
            "revenue_won": won["close_value"].sum(),
            "deals_won": len(won),
            "deals_lost": len(deals) - len(won),
            "win_rate": len(won) / len(deals),
            "average_deal_size": won["close_value"].mean() if len(won) else None,
            "sales_cycle_days": won["days"].mean() if len(won) else None,
            "sales_cycle_days.median": won["days"].median() if len(won) else None,
        }
        for fact_id, value in expected.items():
            found = sheets[agent, quarter].fact(fact_id)
            assert (None if found is None else found.value) == value, (agent, quarter, fact_id)
            compared += 1
    assert compared > 800


def test_managers_have_what_their_reps_have(sheets: dict[tuple[str, str], FactSheet], folder: Path) -> None:
    teams = pd.read_csv(folder / "sales_teams.csv").groupby("manager")["sales_agent"].apply(list)
    for manager, agents in teams.items():
        of_reps = [sheets[agent, "2017-Q3"].fact("revenue_won") for agent in agents if (agent, "2017-Q3") in sheets]
        total = sum(each.value for each in of_reps if each is not None)
        assert sheets[manager, "2017-Q3"].fact("revenue_won").value == total


def test_the_first_quarter_is_marked_as_partial(sheets: dict[tuple[str, str], FactSheet]) -> None:
    second = sheets["Moses Frase", "2017-Q2"]
    assert second.fact("revenue_won").prior_partial  # closed deals are on record from March on
    assert "closed deals are on record from 1 March 2017 on: the period before is only partly covered" in second.quality
    assert sheets["Moses Frase", "2017-Q1"].fact("revenue_won").prior is None


def test_without_a_quota_the_sheet_says_so(sheets: dict[tuple[str, str], FactSheet]) -> None:
    reasons = {absent.id: absent.reason for absent in sheets["Moses Frase", "2017-Q3"].absent}
    assert reasons["quota_attainment"] == "no targets on record; import it to compute this"
