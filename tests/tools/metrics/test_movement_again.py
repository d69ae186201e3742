"""How the demo's pipeline moved, once more: by plain pandas and a replay of the history, for everybody."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

import pandas as pd
import pytest

from tests.tools.metrics.replay import value_on
from tools.demo.organisation import demo_tables
from tools.facts import FactSheet
from tools.metrics.build import build_all

# Read in UTC throughout, so that days of changes and days of deals are cut alike.
START, END = date(2026, 4, 1), date(2026, 7, 1)
BEFORE, LAST = START - timedelta(days=1), END - timedelta(days=1)
ORDER = ["Qualification", "Discovery", "Evaluation", "Proposal", "Negotiation"]
CLOSED = {"Closed Won", "Closed Lost"}
TABLES = demo_tables()


def rows(name: str) -> list[dict[str, Any]]:
    frame = TABLES[name].astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(str(value)[:10])


DEALS = {deal["deal_id"]: deal for deal in rows("deals")}
CHANGES: dict[str, list[dict[str, Any]]] = {}
for each in rows("deal_changes"):
    CHANGES.setdefault(each["deal"], []).append({**each, "at": each["at"].isoformat()})


def on(deal: dict[str, Any], field: str, when: date) -> Any:
    return value_on(deal, CHANGES.get(deal["deal_id"], []), field, when)


def stood_open(deal: dict[str, Any], when: date) -> bool:
    closed = day(deal["closed_on"])
    return (
        day(deal["created_on"]) <= when and (closed is None or closed > when) and on(deal, "stage", when) not in CLOSED
    )


def closed_by(person: str) -> list[dict[str, Any]]:
    return [
        deal for deal in DEALS.values()
        if day(deal["closed_on"]) is not None and START <= day(deal["closed_on"]) < END
        and on(deal, "owner", day(deal["closed_on"])) == person
    ]  # fmt: skip


@pytest.fixture(scope="module")
def sheets() -> list[FactSheet]:
    found = build_all(TABLES, "2026-Q2", as_of=date(2026, 7, 5))
    return [each for each in found if each.role != "sales_manager" and each.fact("deals_won") is not None]


def test_stages_passed(sheets: list[FactSheet]) -> None:
    compared = 0
    for sheet in sheets:
        entered, moved, lost, passed, deals = Counter(), Counter(), Counter(), Counter(), 0
        for deal in closed_by(sheet.person_id):
            own = [c for c in CHANGES.get(deal["deal_id"], []) if c["field"] == "stage"]
            visited = {c["old"] for c in own} | {c["new"] for c in own}
            places = [ORDER.index(stage) for stage in visited if stage in ORDER]
            if not places:
                continue
            deals += 1
            for place, stage in enumerate(ORDER):
                beyond = deal["status"] == "won" or max(places) > place
                entered[stage] += stage in visited
                moved[stage] += stage in visited and beyond
                lost[stage] += stage in visited and not beyond
                passed[stage] += beyond
        for stage in ORDER:
            step = sheet.fact(f"stage_conversion[stage={stage}]")
            if entered[stage] and step is not None:
                assert step.value == pytest.approx(moved[stage] / entered[stage], rel=1e-12)
                assert sheet.fact(f"stage_conversion[stage={stage}].cumulative").value == passed[stage] / deals
                compared += 1
            found = sheet.fact(f"stage_conversion[stage={stage}].lost")
            assert (0 if found is None else found.value) == lost[stage]
    assert compared > 60


def test_velocity(sheets: list[FactSheet]) -> None:
    compared = 0
    for sheet in sheets:
        closed = [deal for deal in closed_by(sheet.person_id) if deal["type"] in ("new", None)]
        won = [deal for deal in closed if deal["status"] == "won"]
        found = sheet.fact("sales_velocity")
        if not won:
            assert found is None
            continue
        new = [deal for deal in DEALS.values() if deal["type"] in ("new", None)]
        standing = [deal for deal in new if stood_open(deal, BEFORE) and on(deal, "owner", BEFORE) == sheet.person_id]
        created = [
            deal for deal in new
            if START <= day(deal["created_on"]) < END and on(deal, "owner", date(2000, 1, 1)) == sheet.person_id
        ]  # fmt: skip
        size = sum(deal["amount"] for deal in won) / len(won)
        cycle = sum((day(deal["closed_on"]) - day(deal["created_on"])).days for deal in won) / len(won)
        expected = (len(standing) + len(created)) * len(won) / len(closed) * size / cycle
        assert found.value == pytest.approx(expected, rel=1e-9), sheet.person
        compared += 1
    assert compared >= 14


def test_deals_overdue_in_their_stage(sheets: list[FactSheet]) -> None:
    spent: dict[str, list[float]] = {}
    since: dict[str, datetime] = {}
    for deal in DEALS.values():
        entered = datetime.fromisoformat(str(deal["created_on"])[:10])
        for change in sorted(CHANGES.get(deal["deal_id"], []), key=lambda change: change["at"]):
            at = datetime.fromisoformat(change["at"])
            if change["field"] != "stage" or at >= datetime(2026, 7, 1):
                continue
            spent.setdefault(change["old"], []).append((at - entered).total_seconds() / 86400)
            entered = at
        since[deal["deal_id"]] = entered
    usual = {stage: median(days) for stage, days in spent.items()}
    for sheet in sheets:
        late = set()
        for deal in DEALS.values():
            if stood_open(deal, LAST) and on(deal, "owner", LAST) == sheet.person_id:
                days = (datetime(2026, 7, 1) - since[deal["deal_id"]]).total_seconds() / 86400
                if days > 2 * usual[on(deal, "stage", LAST)]:
                    late.add(deal["deal_id"])
        assert set(sheet.fact("overdue_in_stage").records) == late, sheet.person


def test_the_waterfall_between_its_ends(sheets: list[FactSheet]) -> None:
    for sheet in sheets:
        steps = {each.id[24:-1]: each for each in sheet.facts if each.metric_id == "pipeline_waterfall"}
        closed = closed_by(sheet.person_id)
        won = {deal["deal_id"] for deal in closed if deal["status"] == "won"}
        assert set(steps["won"].records if "won" in steps else ()) == won
        standing = {
            deal["deal_id"]: on(deal, "amount", BEFORE) for deal in DEALS.values()
            if stood_open(deal, BEFORE) and on(deal, "owner", BEFORE) == sheet.person_id
            and START <= day(on(deal, "expected_close_on", BEFORE)) < END
        }  # fmt: skip
        start = steps.get("start")
        assert set(() if start is None else start.records) == set(standing)
        assert (0 if start is None else start.value) == sum(float(amount or 0) for amount in standing.values())
        pushed = steps.get("pushed_out")
        slipped = sheet.fact("slipped_deals")
        if slipped is not None and pushed is not None:
            assert set(slipped.records) <= set(pushed.records)


def test_changes_by_field(sheets: list[FactSheet]) -> None:
    counted: Counter = Counter()
    for change in rows("deal_changes"):
        if change["field"] in ("stage", "amount", "expected_close_on") and START <= change["at"].date() < END:
            moment = change["at"]
            handed = [c for c in rows_of_owner(change["deal"]) if pd.Timestamp(c["at"]) > moment]
            owner = handed[0]["old"] if handed else DEALS[change["deal"]]["owner"]
            counted[owner, change["field"]] += 1
    for sheet in sheets:
        for field in ("stage", "amount", "expected_close_on"):
            found = sheet.fact(f"deal_changes[field={field}]")
            assert (0 if found is None else found.value) == counted[sheet.person_id, field]


def rows_of_owner(deal: str) -> list[dict[str, Any]]:
    return sorted((c for c in CHANGES.get(deal, []) if c["field"] == "owner"), key=lambda change: change["at"])
