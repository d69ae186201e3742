"""More figures of the demo, once more for everybody: read off the tables row by row, without the metric layer."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from tests.tools.metrics.replay import Window, waterfall
from tests.tools.metrics.test_demo_again import CLOSED, LATE, TABLES, ZONE, Reading, _day
from tools.facts import FactSheet
from tools.metrics.build import build_all
from tools.organisation import parse_settings

AS_OF = date(2026, 7, 5)
BEGIN, END, NEXT = date(2026, 4, 1), date(2026, 7, 1), date(2026, 10, 1)
LAST = END - timedelta(days=1)
FIRST_EVER = date(2000, 1, 1)


def rows(name: str) -> list[dict[str, Any]]:
    frame = TABLES[name].astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def moment(value: Any) -> datetime | None:
    return None if value is None else pd.Timestamp(value).to_pydatetime()


ACCOUNTS = {each["account_id"]: each for each in rows("accounts")}
STAGES = {each["stage"]: each for each in rows("stages")}
ACTIVITIES = rows("activities")
LEADS = {each["lead_id"]: each for each in rows("leads")}


@pytest.fixture(scope="module")
def everybody() -> list[FactSheet]:
    extra = pd.DataFrame([
        {"person": person, "metric": "deals_won", "start_on": BEGIN, "end_on": LAST, "value": 8.0}
        for person in TABLES["people"]["person_id"]
    ])  # fmt: skip
    tables = {**TABLES, "targets": pd.concat([TABLES["targets"], extra])}
    return build_all(tables, "2026-Q2", as_of=AS_OF, settings=parse_settings(ZONE, "test"))


@pytest.fixture(scope="module")
def sellers(everybody: list[FactSheet]) -> list[tuple[FactSheet, Reading]]:
    found = [each for each in everybody if each.role != "sales_manager" and each.fact("deals_won") is not None]
    assert len(found) >= 14
    return [(each, Reading(each.person_id, "2026-Q2")) for each in found]


def parts(sheet: FactSheet, shape: str) -> dict[str, float]:
    """The values of a metric's parts: `revenue_won[source=*]`."""
    head, _, tail = shape.partition("*")
    return {fact.id[len(head) : len(fact.id) - len(tail)]: fact.value for fact in sheet.facts
            if fact.id.startswith(head) and fact.id.endswith(tail)}  # fmt: skip


def same(found: dict[str, float], expected: dict[str, float]) -> bool:
    """Equal where both tell something: of many values only those with most records are facts."""
    nothing = {key: value for key, value in expected.items() if value and key not in found}
    return (len(found) >= 10 or not nothing) and all(value == pytest.approx(expected.get(key, 0), rel=1e-9)
                                                     for key, value in found.items())  # fmt: skip


def test_deals_and_pipeline_created(sellers: list[tuple[FactSheet, Reading]]) -> None:
    for sheet, read in sellers:
        made = [deal for deal in read.deals if BEGIN <= _day(deal["created_on"]) < END
                and read.on(deal, "owner", FIRST_EVER) == sheet.person_id]  # fmt: skip
        amounts = [read.on(deal, "amount", LAST) for deal in made]
        assert sheet.fact("deals_created").value == len(made), sheet.person
        assert sheet.fact("pipeline_created").value == sum(float(each) for each in amounts if each is not None)


def test_attainment_of_a_goal(everybody: list[FactSheet]) -> None:
    told = 0
    for sheet in everybody:
        if sheet.fact("deals_won") is not None and sheet.role != "sales_manager":
            attained = sheet.fact("goal_attainment[deals_won]").value
            assert attained == len(Reading(sheet.person_id, "2026-Q2").won) / 8
            told += 1
    assert told >= 14


def test_days_from_creation_to_close(sellers: list[tuple[FactSheet, Reading]]) -> None:
    for sheet, read in sellers:
        days = defaultdict(list)
        for deal in read.closed:
            days[deal["status"]].append((_day(deal["closed_on"]) - _day(deal["created_on"])).days)
        found = parts(sheet, "deal_velocity_days[status=*]")
        assert found == {key: pytest.approx(sum(each) / len(each)) for key, each in days.items()}


def test_revenue_by_source_product_and_segment(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """revenue_by_source, revenue_by_product, revenue_by_segment."""
    for sheet, read in sellers:
        for by in ("source", "product", "segment"):
            won: Counter[str] = Counter()
            for deal in read.won:
                value = deal[by] or (ACCOUNTS[deal["account"]]["segment"] if by == "segment" else None)
                if value is not None:
                    won[value] += deal["amount"]
            assert same(parts(sheet, f"revenue_won[{by}=*]"), won), (sheet.person, by)


def test_loss_reasons_and_their_value(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """loss_reasons by reason and by the stage that was left."""
    for sheet, read in sellers:
        lost = [deal for deal in read.closed if deal["status"] == "lost"]
        reasons, worth, stages = Counter(), Counter(), Counter()
        for deal in lost:
            last = [
                c for c in read.changes.get(deal["deal_id"], []) if c["field"] == "stage" and c["new"] == deal["stage"]
            ]
            if deal["lost_reason"]:
                reasons[deal["lost_reason"]] += 1
                worth[deal["lost_reason"]] += deal["amount"] or 0
            if last:
                stages[max(last, key=lambda change: change["at"])["old"]] += 1
        assert same(parts(sheet, "loss_reasons[reason=*]"), reasons)
        assert same(parts(sheet, "loss_reasons[reason=*].value"), worth)
        assert same(parts(sheet, "loss_reasons[stage=*]"), stages)


def test_slip_reasons(sellers: list[tuple[FactSheet, Reading]]) -> None:
    for sheet, read in sellers:
        slipped = [deal for deal in read.due() if deal["slipped"]]
        reasons = Counter(deal["slip_reason"] for deal in slipped if deal["slip_reason"])
        assert same(parts(sheet, "slip_reasons[reason=*]"), reasons)
        assert same(parts(sheet, "slip_reasons[stage=*]"), Counter(read.on(deal, "stage", LAST) for deal in slipped))


def test_pipeline_influenced(everybody: list[FactSheet]) -> None:
    read, compared = Reading("", "2026-Q2"), 0
    deals = {deal["deal_id"]: deal for deal in read.deals}
    touched = defaultdict(set)
    for each in ACTIVITIES:
        deal = each["deal"] or (LEADS[each["lead"]]["deal"] if each["lead"] else None)
        counts = each["status"] in (None, "completed") and deal in deals
        if counts and BEGIN <= moment(each["at"]).date() < END and _day(deals[deal]["created_on"]) <= LAST:
            touched[each["owner"]].add(deal)
    for sheet in everybody:
        found = sheet.fact("pipeline_influenced")
        if sheet.role == "sales_manager" or found is None:
            continue
        amounts = [read.on(deals[deal], "amount", LAST) for deal in touched[sheet.person_id]]
        assert found.value == sum(float(each) for each in amounts if each is not None), sheet.person
        compared += 1
    assert compared >= 15


def test_inflow_and_outflow(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """pipeline_inflow and pipeline_outflow by the replay of each deal's history."""
    window = Window(BEGIN, LAST, LAST, lambda currency, day: Decimal(1), all_deals=True)
    for sheet, read in sellers:
        deals = [
            {**deal, **{name: None if deal[name] is None else str(deal[name])[:10] for name in
                        ("created_on", "closed_on", "expected_close_on")},
             "stage": {"Closed Won": "Won", "Closed Lost": "Lost"}.get(deal["stage"], deal["stage"])}
            for deal in read.deals
        ]  # fmt: skip
        changes = [
            {**change, "new": {"Closed Won": "Won", "Closed Lost": "Lost"}.get(change["new"], change["new"])}
            for each in read.changes.values() for change in each
        ]  # fmt: skip
        theirs = {deal["deal_id"] for deal in deals if deal["owner"] == sheet.person_id} | {
            each["deal"]
            for each in changes
            if each["field"] == "owner" and sheet.person_id in (each["old"], each["new"])
        }
        deals = [deal for deal in deals if deal["deal_id"] in theirs]
        changes = [each for each in changes if each["deal"] in theirs]
        steps = waterfall(deals, changes, {}, sheet.person_id, window)
        into = sum(steps.get(step, 0) for step in ("created", "reopened", "transferred_in", "increased"))
        out = sum(steps.get(step, 0) for step in ("won", "lost", "transferred_out", "decreased"))
        assert (sheet.fact("pipeline_inflow").value, -sheet.fact("pipeline_outflow").value) == (into, out), sheet.person


def test_the_pipeline_by_stage_and_category(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """stage_mix, pipeline_snapshot and forecast_categories from the deals that stood open on the last day."""
    for sheet, read in sellers:
        stood = [deal for deal in read.open_on(LAST) if deal["amount"] is not None]
        by_stage, by_category, due = Counter(), Counter(), Counter()
        for deal in stood:
            own = read.on(deal, "forecast_category", LAST) if _has_history(read, deal, "forecast_category") else None
            category = own or (deal["forecast_category"] if _as_now(read, deal) else None) or (
                STAGES[deal["stage"]]["category"])  # fmt: skip
            by_stage[deal["stage"]] += deal["amount"]
            by_category[category] += deal["amount"]
            if END <= deal["due"] < NEXT:
                due[category] += deal["amount"]
        total = sum(by_stage.values())
        assert same(parts(sheet, "pipeline_snapshot[stage=*]"), by_stage)
        assert same(parts(sheet, "pipeline_snapshot[category=*]"), by_category)
        assert same(parts(sheet, "stage_mix[stage=*]"), {key: value / total for key, value in by_stage.items()})
        assert same(parts(sheet, "forecast_categories[category=*]"), due)


def _has_history(read: Reading, deal: dict[str, Any], field: str) -> bool:
    return any(change["field"] == field for change in read.changes.get(deal["deal_id"], []))


def _as_now(read: Reading, deal: dict[str, Any]) -> bool:
    """Whether the deal still stands as it stood: open, in the same stage."""
    now = next(each for each in read.deals if each["deal_id"] == deal["deal_id"])
    return now["status"] == "open" and now["stage"] == deal["stage"]


def test_deals_that_stand_still_or_lack_a_next_step(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """stalled_deals and deals_without_next_step."""
    ends = datetime(2026, 7, 1)
    on_deal = defaultdict(list)
    for each in ACTIVITIES:
        if each["deal"] and each["status"] != "cancelled":
            on_deal[each["deal"]].append(each)
    for sheet, read in sellers:
        stalled, bare = 0, 0
        for deal in read.open_on(LAST):
            stages = [
                pd.Timestamp(c["at"]).to_pydatetime()
                for c in read.changes.get(deal["deal_id"], [])
                if c["field"] == "stage"
            ]
            past = [at for at in [*stages, *(moment(each["at"]) for each in on_deal[deal["deal_id"]])] if at < ends]
            days = [at.date() for at in past] + [_day(deal["created_on"])]
            told = None if deal["last_activity_on"] is None else _day(deal["last_activity_on"])
            moving = (told is not None and told > LAST) or (LAST - max([*days, *([told] if told else [])])).days < 30
            stalled += not moving
            planned = any(
                moment(each["at"]) >= ends
                and (
                    moment(each["booked_at"])
                    or (None if each["status"] == "scheduled" else moment(each["at"]))
                    or datetime.min
                )
                < ends
                for each in on_deal[deal["deal_id"]]
            )
            step = read.on(deal, "next_step", LAST)
            later = deal["next_step_on"] is not None and _day(deal["next_step_on"]) > LAST
            bare += deal["stage"] in LATE and not (step or "").strip() and not planned and not later
        assert sheet.fact("stalled_deals").value == stalled, sheet.person
        assert sheet.fact("deals_without_next_step").value == bare, sheet.person


def test_days_in_each_stage(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """time_in_stage: from change to change, the first since the creation (at midnight in New York)."""
    for sheet, read in sellers:
        spent = defaultdict(list)
        for deal in read.closed:
            began = (
                pd.Timestamp(_day(deal["created_on"]))
                .tz_localize("America/New_York")
                .tz_convert("UTC")
                .tz_localize(None)
            )
            for change in sorted(read.changes.get(deal["deal_id"], []), key=lambda change: change["at"]):
                if change["field"] == "stage":
                    spent[deal["deal_id"], change["old"]].append(
                        (pd.Timestamp(change["at"]) - began) / pd.Timedelta(days=1)
                    )
                    began = pd.Timestamp(change["at"])
        means = defaultdict(list)
        for (_, stage), days in spent.items():
            if stage not in CLOSED:
                means[stage].append(sum(days))
        found = parts(sheet, "time_in_stage[stage=*]")
        assert found == {stage: pytest.approx(sum(days) / len(days), abs=1e-6) for stage, days in means.items()}


def test_growth_and_thin_coverage_of_teams(everybody: list[FactSheet]) -> None:
    """revenue_growth for every seller; reps_below_coverage for every manager, from their reps' own readings."""
    managers = {each.person_id: each for each in everybody if each.role == "sales_manager"}
    below, assessed = Counter(), Counter()
    for sheet in everybody:
        if sheet.role == "sales_manager":
            continue
        now, before = (
            sum(deal["amount"] for deal in Reading(sheet.person_id, each).won) for each in ("2026-Q2", "2026-Q1")
        )
        found = sheet.fact("revenue_growth")
        if found is not None:
            assert found.value == pytest.approx(now / before - 1, rel=1e-9)
        read = Reading(sheet.person_id, "2026-Q2")
        if read.target("quota", BEGIN) is None:
            continue
        person = next(each for each in rows("people") if each["person_id"] == sheet.person_id)
        cover = read.expected()["coverage_to_go"]
        assessed[person["manager"]] += 1
        below[person["manager"]] += cover is not None and cover < 2
    compared = 0
    for manager, sheet in managers.items():
        if assessed[manager] and not any(
            each["manager"] == manager and each["role"] == "sales_manager" for each in rows("people")
        ):
            assert sheet.fact("reps_below_coverage").value == below[manager], sheet.person
            compared += 1
    assert compared >= 2


def test_what_each_carries(sellers: list[tuple[FactSheet, Reading]]) -> None:
    """workload of accounts, open deals and touchpoints."""
    for sheet, read in sellers:
        held = {
            "accounts": sum(each["owner"] == sheet.person_id for each in ACCOUNTS.values()),
            "deals": len(read.open_on(LAST)),
            "touchpoints": sum(
                each["owner"] == sheet.person_id and each["status"] in (None, "completed") and each["type"] != "note"
                and BEGIN <= moment(each["at"]).date() < END for each in ACTIVITIES
            ),
        }  # fmt: skip
        for of, number in held.items():
            found = sheet.fact(f"workload[of={of}]")
            assert (0 if found is None else found.value) == number, (sheet.person, of)


def test_turnover_and_efficiency_of_teams(everybody: list[FactSheet]) -> None:
    """team_turnover and sales_efficiency of the managers of sellers."""
    people, compared = rows("people"), 0
    for sheet in everybody:
        team = [each for each in people if each["manager"] == sheet.person_id]
        if sheet.role != "sales_manager" or not team or any(each["role"] == "sales_manager" for each in team):
            continue
        left = [each for each in team if each["leave_on"] and BEGIN <= _day(each["leave_on"]) < END]
        there = [
            sum((each["start_on"] is None or _day(each["start_on"]) < day)
                and (each["leave_on"] is None or _day(each["leave_on"]) >= day) for each in team)
            for day in (BEGIN, END)
        ]  # fmt: skip
        assert sheet.fact("team_turnover").value == pytest.approx(len(left) / (sum(there) / 2)), sheet.person
        spent = sum(each["amount"] for each in rows("spend") if each["category"] == "sales"
                    and each["team"] in {one["team"] for one in team} and _day(each["start_on"]) == BEGIN)  # fmt: skip
        found = sheet.fact("sales_efficiency")
        if found is not None:
            own = [sheet.person_id, *(each["person_id"] for each in team)]
            revenue = sum(deal["amount"] for who in own for deal in Reading(who, "2026-Q2").won)
            assert found.value == pytest.approx(revenue / spent, rel=1e-9), sheet.person
            compared += 1
    assert compared >= 2


def test_attainment_of_teams(everybody: list[FactSheet]) -> None:
    """team_attainment: what a manager's people won, against the manager's quota, else the sum of theirs."""
    people, compared = rows("people"), 0
    for sheet in everybody:
        team = [each["person_id"] for each in people if each["manager"] == sheet.person_id]
        if sheet.role != "sales_manager" or any(
            each["role"] == "sales_manager" and each["person_id"] in team for each in people
        ):
            continue
        quotas = [Reading(who, "2026-Q2").target("quota", BEGIN) for who in team]
        quota = Reading(sheet.person_id, "2026-Q2").target("quota", BEGIN) or sum(each for each in quotas if each)
        if quota:
            won = sum(deal["amount"] for who in [*team, sheet.person_id] for deal in Reading(who, "2026-Q2").won)
            assert sheet.fact("team_attainment").value == pytest.approx(won / quota, rel=1e-9), sheet.person
            compared += 1
    assert compared >= 2


def test_standing_among_comparable_people(everybody: list[FactSheet]) -> None:
    """rep_distribution of deals won: the share of those of the same role and segment who won no more."""
    people, compared = {each["person_id"]: each for each in rows("people")}, 0
    for sheet in everybody:
        found = sheet.fact("rep_distribution[metric=deals_won]")
        if found is None:
            continue
        own = people[sheet.person_id]
        group = [who for who, each in people.items() if each["role"] == own["role"]
                 and (own["segment"] is None or each["segment"] == own["segment"])
                 and any(sheet.person_id == who for sheet in everybody)]  # fmt: skip
        won = {who: len(Reading(who, "2026-Q2").won) for who in group}
        assert found.team_size == len(group) >= 3
        assert found.value == sum(each <= won[sheet.person_id] for each in won.values()) / len(group), sheet.person
        compared += 1
    assert compared >= 8
