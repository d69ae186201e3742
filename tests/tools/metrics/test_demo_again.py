"""Outcomes, pipeline and team figures of the demo once more, by plain pandas and a replay of the history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from tests.tools.metrics.replay import value_on
from tools.demo.organisation import demo_tables
from tools.facts import FactSheet
from tools.metrics.build import build_all
from tools.organisation import parse_settings

# Changes carry UTC instants in working hours, so that the day is the same in UTC and in the organisation's zone.
AS_OF, ZONE = date(2026, 7, 5), {"organisation": {"zone": "America/New_York"}}
QUARTERS = {
    "2026-Q1": (date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)),
    "2026-Q2": (date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)),
}
LATE, CLOSED = {"Proposal", "Negotiation"}, {"Closed Won", "Closed Lost"}
TABLES = demo_tables()


class Reading:
    """One person's quarter, read off the tables row by row."""

    def __init__(self, person: str, quarter: str) -> None:
        self.person = person
        self.start, self.end, self.next_end = QUARTERS[quarter]
        deals = TABLES["deals"].astype(object).where(TABLES["deals"].notna(), None)
        self.deals = deals.to_dict("records")
        changes = TABLES["deal_changes"].astype(object).where(TABLES["deal_changes"].notna(), None)
        self.changes: dict[str, list[dict[str, Any]]] = {}
        for change in changes.to_dict("records"):
            change["at"] = change["at"].isoformat()
            self.changes.setdefault(change["deal"], []).append(change)
        owners = [
            deal["owner"] if deal["closed_on"] is None else self.on(deal, "owner", _day(deal["closed_on"]))
            for deal in self.deals
        ]
        self.closed = [
            deal for deal, owner in zip(self.deals, owners, strict=True)
            if deal["closed_on"] is not None and owner == person and self.start <= _day(deal["closed_on"]) < self.end
        ]  # fmt: skip
        self.won = [deal for deal in self.closed if deal["status"] == "won"]

    def on(self, deal: dict[str, Any], field: str, day: date) -> Any:
        return value_on(deal, self.changes.get(deal["deal_id"], []), field, day)

    def open_on(self, day: date) -> list[dict[str, Any]]:
        """Deals of the person that stood open at the end of the day, as they then stood."""
        found = []
        for deal in self.deals:
            if _day(deal["created_on"]) > day or (deal["closed_on"] is not None and _day(deal["closed_on"]) <= day):
                continue
            amount = self.on(deal, "amount", day)
            state = {
                **deal, "owner": self.on(deal, "owner", day), "stage": self.on(deal, "stage", day),
                "amount": None if amount is None else float(amount),
                "due": _day(self.on(deal, "expected_close_on", day)),
            }  # fmt: skip
            if state["owner"] == self.person and state["stage"] not in CLOSED:
                found.append(state)
        return found

    def due(self) -> list[dict[str, Any]]:
        """Deals due in the quarter by their date at its start, else by the first one."""
        found = []
        for deal in self.deals:
            created = _day(deal["created_on"])
            if created >= self.end or (deal["closed_on"] is not None and _day(deal["closed_on"]) < self.start):
                continue
            day = self.start - timedelta(days=1) if created < self.start else created
            due = _day(self.on(deal, "expected_close_on", day))
            last = self.end - timedelta(days=1)
            done = deal["closed_on"] is not None and _day(deal["closed_on"]) < self.end
            holder = self.on(deal, "owner", _day(deal["closed_on"]) if done else last)
            if self.start <= due < self.end and holder == self.person:
                amount = self.on(deal, "amount", last)
                found.append({**deal, "slipped": not done, "amount": 0 if amount is None else float(amount)})
        return found

    def target(self, metric: str, start: date) -> float | None:
        rows = TABLES["targets"]
        rows = rows[(rows["person"] == self.person) & (rows["metric"] == metric)]
        rows = rows[rows["start_on"].map(_day) == start]
        if rows.empty:
            return None
        adjusted = rows.iloc[0].get("adjusted_value")
        return rows.iloc[0]["value"] if pd.isna(adjusted) else adjusted

    def commit(self) -> float | None:
        rows = TABLES["forecasts"]
        rows = rows[(rows["person"] == self.person) & (rows["category"] == "commit")]
        rows = rows[rows["metric"].isin(["revenue_won", None]) & (rows["start_on"].map(_day) == self.start)]
        rows = rows[rows["submitted_on"].map(_day) <= self.start + timedelta(days=29)]
        return None if rows.empty else float(rows.sort_values("submitted_on").iloc[-1]["amount"])

    def expected(self) -> dict[str, float | None]:
        """Every figure that this file reads a second time."""
        new = [deal for deal in self.closed if deal["type"] in ("new", None)]
        won_new = [deal for deal in self.won if deal["type"] in ("new", None)]
        cycles = pd.Series([(_day(deal["closed_on"]) - _day(deal["created_on"])).days for deal in won_new], dtype=float)
        revenue = sum(deal["amount"] for deal in self.won)
        quota, next_quota, commit = self.target("quota", self.start), self.target("quota", self.end), self.commit()
        stood = self.open_on(self.end - timedelta(days=1))
        valued = [deal for deal in stood if deal["amount"] is not None]
        due_next = [deal for deal in valued if self.end <= deal["due"] < self.next_end]
        late = [deal for deal in new if any(c["new"] in LATE for c in self.changes.get(deal["deal_id"], [])
                                            if c["field"] == "stage")]  # fmt: skip
        due = self.due()
        slipped = [deal for deal in due if deal["slipped"]]
        odds = dict(zip(TABLES["stages"]["stage"], TABLES["stages"]["probability"], strict=True))
        fresh_due_next = sum(deal["amount"] for deal in due_next if deal["type"] in ("new", None))
        last_month = (self.end - timedelta(days=1)).replace(day=1)
        to_go = None if quota is None else quota - sum(
            deal["amount"] for deal in self.won if _day(deal["closed_on"]) <= last_month)  # fmt: skip
        left = sum(deal["amount"] or 0 for deal in self.open_on(last_month)
                   if deal["due"] < self.end and deal["type"] in ("new", None))  # fmt: skip
        return {
            "revenue_won": revenue,
            "deals_won": len(self.won),
            "deals_lost": len(self.closed) - len(self.won),
            "win_rate": len(won_new) / len(new) if new else None,
            "average_deal_size": sum(deal["amount"] for deal in won_new) / len(won_new) if won_new else None,
            "sales_cycle_days": cycles.mean() if won_new else None,
            "sales_cycle_days.median": cycles.median() if won_new else None,
            "quota_attainment": revenue / quota if quota else None,
            "pipeline_deals": len(stood),
            "pipeline_value": sum(deal["amount"] for deal in valued),
            "pipeline_coverage": fresh_due_next / next_quota if next_quota else None,
            "coverage_to_go": left / to_go if to_go is not None and to_go > 0 else None,
            "weighted_forecast": sum(deal["amount"] * odds[deal["stage"]] for deal in due_next),
            "slipped_deals": len(slipped),
            "slipped_deals.value": sum(deal["amount"] for deal in slipped),
            "push_rate": len(slipped) / len(due) if due else None,
            "late_stage_conversion": sum(d["status"] == "won" for d in late) / len(late) if late else None,
            "forecast_commit": commit,
            "forecast_accuracy": max(0, 1 - abs(revenue - commit) / revenue) if commit and revenue else None,
            "forecast_bias": (commit - revenue) / revenue if commit and revenue else None,
        }


def _day(value: Any) -> date:
    return date.fromisoformat(str(value)[:10])


@pytest.fixture(scope="module", params=sorted(QUARTERS))
def quarter(request: pytest.FixtureRequest) -> list[FactSheet]:
    return build_all(TABLES, request.param, as_of=AS_OF, settings=parse_settings(ZONE, "test"))


def test_everybodys_figures_agree(quarter: list[FactSheet]) -> None:
    sellers = [each for each in quarter if each.fact("revenue_won") is not None and each.role != "sales_manager"]
    assert len(sellers) >= 14
    for each in sellers:
        for fact_id, value in Reading(each.person_id, each.period).expected().items():
            found = each.fact(fact_id)
            got = None if found is None else found.value
            assert got == value or got == pytest.approx(value, rel=1e-9), (each.person, fact_id)
