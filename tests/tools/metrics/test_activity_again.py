"""Activity and the funnel once more, by slow and obvious loops over some hundred random records."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from statistics import mean, median
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from tools.facts import FactSheet
from tools.metrics.build import build_all
from tools.organisation import parse_settings

_ZONE = ZoneInfo("America/New_York")
_START, _END, _SEEN = date(2026, 1, 1), date(2026, 4, 1), date(2026, 4, 21)
_PEOPLE = ("Ann", "Bob", "Cid", "Dee")
_TYPES = ("call", "email", "meeting", "demo", "follow_up", "task", "chat", "note", "sequence", "business_review")
Records = dict[str, list[dict[str, Any]]]
_TOUCHES = ("email", "call", "chat", "task", "follow_up")


def _random_world(seed: int) -> Records:
    """Records around the quarter and its edges, with gaps, of known and unknown people."""
    rng = random.Random(seed)

    def instant(first: int = -20, last: int = 125) -> datetime:
        midnight = datetime(2026, 1, 1, tzinfo=_ZONE) + timedelta(days=rng.randint(first, last))
        return _utc(midnight + timedelta(minutes=rng.choice((-1, 0, 1, 540, 600, 1439))))

    deals = [
        {"deal_id": f"d{n}", "owner": rng.choice(_PEOPLE), "status": rng.choice(("open", "won", "lost")), "amount": 1.0,
         "created_on": date(2025, 12, 10) + timedelta(days=rng.randint(0, 135)),
         "origin": rng.choice((None, "marketing", "sales"))}
        for n in range(40)
    ]  # fmt: skip
    for deal in deals:
        closed_on = deal["created_on"] + timedelta(days=rng.randint(0, 40))
        deal["closed_on"] = None if deal["status"] == "open" else closed_on
        deal["first_contact_on"] = rng.choice((None, deal["created_on"] - timedelta(days=rng.randint(-3, 30))))
    leads = []
    for n in range(120):
        created = instant()
        leads.append({
            "lead_id": f"l{n}", "owner": rng.choice((*_PEOPLE, None)), "created_at": created,
            "assigned_at": rng.choice((None, created + timedelta(minutes=rng.randint(0, 3000)))),
            "first_touch_at": rng.choice((None, None, created + timedelta(minutes=rng.randint(-60, 6000)))),
            "deal": rng.choice((None, None, f"d{rng.randrange(40)}")),
            "origin": rng.choice((None, "marketing", "sales")),
        })  # fmt: skip
    taken: set[str] = set()
    for lead in leads:
        lead["deal"] = None if lead["deal"] in taken else lead["deal"]
        taken.add(lead["deal"])
    activities = [
        {"activity_id": f"a{n}", "type": rng.choice((*_TYPES, "meeting")), "owner": rng.choice((*_PEOPLE, None)),
         "at": instant(), "booked_at": None, "qualified": rng.choice((True, True, False, None)),
         "status": rng.choice((None, "completed", "completed", "scheduled", "cancelled", "no_show")),
         "outcome": rng.choice((None, "Yes", "No")), "minutes": rng.choice((None, 7.5, 15.0, 40.0)),
         "selling": rng.choice((None, True, False)),
         "lead": rng.choice((None, f"l{rng.randrange(120)}")),
         "deal": rng.choice((None, None, f"d{rng.randrange(40)}"))}
        for n in range(700)
    ]  # fmt: skip
    for activity in activities:
        activity["booked_at"] = rng.choice((None, activity["at"] - timedelta(days=rng.randint(0, 12))))
    return {"deals": deals, "leads": leads, "activities": activities}


def _utc(local: datetime) -> datetime:
    return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else instant.replace(tzinfo=ZoneInfo("UTC")).astimezone(_ZONE).date()


def _in_quarter(day: date | None) -> bool:
    return day is not None and _START <= day < _END


@pytest.fixture(scope="module", params=(1, 2))
def computed(request: pytest.FixtureRequest) -> tuple[Records, dict[str, FactSheet]]:
    """A random world, and the fact sheets of its people by name."""
    records = _random_world(request.param)
    tables = {name: pd.DataFrame(rows) for name, rows in records.items()}
    tables["people"] = pd.DataFrame({"person_id": _PEOPLE, "role": "sdr"})
    settings = parse_settings({"organisation": {"zone": "America/New_York"}}, "workspace.toml")
    sheets = build_all(tables, "2026-Q1", as_of=_SEEN, settings=settings)
    return records, {sheet.person: sheet for sheet in sheets}


def _check(sheet: FactSheet, expected: dict[str, float | None]) -> None:
    found = {fact_id: None if (fact := sheet.fact(fact_id)) is None else fact.value for fact_id in expected}
    assert found == {key: None if value is None else pytest.approx(value, rel=1e-12) for key, value in expected.items()}


def _share(rows: list[Any], found: list[Any]) -> float | None:
    return len(found) / len(rows) if rows else None


def _done(activity: dict[str, Any]) -> bool:
    return activity["status"] in (None, "completed")


def _is_meeting(activity: dict[str, Any]) -> bool:
    return activity["type"] in ("meeting", "demo")


@pytest.mark.parametrize("person", _PEOPLE)
def test_counts(computed, person: str) -> None:
    records, sheets = computed
    mine = [each for each in records["activities"] if each["owner"] == person]
    now = [each for each in mine if _in_quarter(_day(each["at"]))]
    held = [each for each in now if _done(each)]
    booked = [each for each in mine if _is_meeting(each) and _in_quarter(_day(each["booked_at"] or each["at"]))]
    due = [each for each in now if _is_meeting(each) and each["status"] != "cancelled"]
    _check(sheets[person], {
        "calls": sum(each["type"] == "call" for each in held),
        "emails": sum(each["type"] == "email" for each in held),
        "demos": sum(each["type"] == "demo" for each in held),
        "follow_ups": sum(each["type"] == "follow_up" for each in held),
        "tasks_completed": sum(each["type"] == "task" for each in held),
        "chats": sum(each["type"] == "chat" for each in held),
        "notes": sum(each["type"] == "note" for each in held),
        "sequences": sum(each["type"] == "sequence" for each in held),
        "business_reviews": sum(each["type"] == "business_review" for each in held),
        "meetings_held": sum(map(_is_meeting, held)),
        "calls.per_day": sum(each["type"] == "call" for each in held) / 64,  # 22 + 20 + 22 weekdays
        "meetings_booked": len(booked),
        "qualified_meetings": sum(each["qualified"] is True for each in booked),
        "show_rate": _share(due, [each for each in due if _done(each)]),
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_meetings_and_what_came_of_them(computed, person: str) -> None:
    records, sheets = computed
    leads = {lead["lead_id"]: lead for lead in records["leads"]}
    deals = {deal["deal_id"]: deal for deal in records["deals"]}
    held, opportunities = [], set()
    for each in records["activities"]:
        if each["owner"] != person or not _is_meeting(each) or not _done(each) or not _in_quarter(_day(each["at"])):
            continue
        if each["qualified"] is not True:
            continue
        held.append(each)
        deal = deals.get(each["deal"] or (leads[each["lead"]]["deal"] if each["lead"] else None))
        if deal is not None and _day(each["booked_at"] or each["at"]) <= deal["created_on"] <= _SEEN:
            opportunities.add(deal["deal_id"])
    _check(sheets[person], {
        "qualified_meetings_held": len(held), "meeting_to_opportunity": _share(held, list(opportunities)),
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_touches_before_first_meetings(computed, person: str) -> None:
    records, sheets = computed
    lead_of = {lead["deal"]: lead["lead_id"] for lead in records["leads"] if lead["deal"]}
    contacts: dict[str, list[dict[str, Any]]] = {}
    for each in records["activities"]:
        prospect = each["lead"] or lead_of.get(each["deal"]) or each["deal"]
        if prospect is not None and _done(each) and (_is_meeting(each) or each["type"] in _TOUCHES):
            contacts.setdefault(prospect, []).append(each)
    touches = []
    for those in contacts.values():
        first = min((each for each in those if _is_meeting(each)), key=_order, default=None)
        if first is not None and first["owner"] == person and _in_quarter(_day(first["at"])):
            touches.append(sum(each["at"] < first["at"] for each in those))
    _check(sheets[person], {"touches_to_first_meeting": median(touches) if touches else None})


def _order(activity: dict[str, Any]) -> tuple[datetime, str]:
    return activity["at"], activity["activity_id"]


@pytest.mark.parametrize("person", _PEOPLE)
def test_funnel(computed, person: str) -> None:
    records, sheets = computed
    deals = {deal["deal_id"]: deal for deal in records["deals"]}
    arrived = [each for each in records["leads"] if each["owner"] == person and _in_quarter(_day(each["created_at"]))]
    met, converted, won = [], [], []
    for lead in arrived:
        deal = deals.get(lead["deal"])
        meetings = [
            _day(each["at"]) for each in records["activities"] if _is_meeting(each) and _done(each)
            and (each["lead"] == lead["lead_id"] or each["lead"] is None and deal and each["deal"] == lead["deal"])
        ]  # fmt: skip
        if meetings and min(meetings) <= _SEEN:
            met.append(lead)
        if deal is not None and deal["created_on"] <= _SEEN:
            converted.append(lead)
        if deal is not None and deal["status"] == "won" and deal["closed_on"] <= _SEEN:
            won.append(lead)
    _check(sheets[person], {
        "lead_to_meeting": _share(arrived, met), "lead_to_opportunity": _share(arrived, converted),
        "close_rate": _share(arrived, won),
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_lead_response(computed, person: str) -> None:
    records, sheets = computed
    assigned, minutes = 0, []
    for lead in records["leads"]:
        got = lead["assigned_at"] or lead["created_at"]
        if lead["owner"] != person or not _in_quarter(_day(got)):
            continue
        assigned += 1
        touched = _first_touch(records, lead)
        if touched is not None and _day(touched) <= _SEEN:
            minutes.append((touched - got).total_seconds() / 60)
    _check(sheets[person], {
        "lead_response_minutes": median(minutes) if minutes else None,
        "lead_response_minutes.mean": mean(minutes) if minutes else None,
        "lead_response_minutes.within_5": sum(each <= 5 for each in minutes) / assigned if assigned else None,
    })  # fmt: skip


@pytest.mark.parametrize("person", _PEOPLE)
def test_outcomes_and_time(computed, person: str) -> None:
    records, sheets = computed
    now = [each for each in records["activities"] if each["owner"] == person and _in_quarter(_day(each["at"]))]
    calls = [each["outcome"] for each in now if each["type"] == "call" and _done(each) and each["outcome"]]
    meetings = [
        each["outcome"] or (each["status"] or "completed").replace("_", " ") for each in now if _is_meeting(each)
    ]
    logged = [each for each in now if _done(each) and each["minutes"]]
    selling = sum(each["minutes"] for each in logged if each["selling"])
    tasks = [each["status"] or "completed" for each in now if each["type"] == "task"]
    expected = {f"call_outcomes[outcome={each}]": calls.count(each) / len(calls) for each in set(calls)}
    expected |= {f"meeting_outcomes[outcome={each}]": meetings.count(each) / len(meetings) for each in set(meetings)}
    expected |= {f"tasks[status={each}]": tasks.count(each) for each in set(tasks)}
    _check(sheets[person], {**expected, "selling_time": selling / sum(each["minutes"] for each in logged)})


@pytest.mark.parametrize("person", _PEOPLE)
def test_origins_and_first_contacts(computed, person: str) -> None:
    records, sheets = computed
    mine = [deal for deal in records["deals"] if deal["owner"] == person]
    made = [deal for deal in mine if _in_quarter(deal["created_on"])]
    won = [deal for deal in mine if deal["status"] == "won" and _in_quarter(deal["closed_on"])]
    arrived = [lead for lead in records["leads"] if lead["owner"] == person and _in_quarter(_day(lead["created_at"]))]
    days = [(deal["created_on"] - contact).days for deal in made if (contact := _first_contact(records, deal))]
    _check(sheets[person], {
        "sourced_by_marketing[of=leads]": _marketing(arrived), "sourced_by_marketing[of=pipeline]": _marketing(made),
        "sourced_by_marketing[of=revenue]": _marketing(won),
        "first_contact_to_deal_days": mean(each for each in days if each >= 0),
        "first_contact_to_deal_days.median": median(each for each in days if each >= 0),
    })  # fmt: skip


def _first_touch(records: Records, lead: dict[str, Any]) -> datetime | None:
    """When the owner of a lead first touched it after getting it: as recorded, else by an activity."""
    got = lead["assigned_at"] or lead["created_at"]
    if lead["first_touch_at"] is not None and lead["first_touch_at"] >= got:
        return lead["first_touch_at"]
    return min((
        each["at"] for each in records["activities"]
        if each["lead"] == lead["lead_id"] and lead["owner"] is not None and each["owner"] in (lead["owner"], None)
        and each["at"] >= got and _done(each) and each["type"] in ("email", "call", "chat", "task", "meeting", "demo")
    ), default=None)  # fmt: skip


def _first_contact(records: Records, deal: dict[str, Any]) -> date | None:
    if deal["first_contact_on"] is not None:
        return deal["first_contact_on"]
    return next(
        (_day(_first_touch(records, lead)) for lead in records["leads"] if lead["deal"] == deal["deal_id"]), None
    )


def _marketing(rows: list[dict[str, Any]]) -> float | None:
    known = [row for row in rows if row["origin"] is not None]
    return _share(known, [row for row in known if row["origin"] == "marketing"])
