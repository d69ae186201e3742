"""A development rep's quarter: leads, replies, meetings, and the opportunities that came out of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tools.demo.records import Ledger, at_work, spread_days, working_days
from tools.periods import Period

_FROM_MARKETING, _FROM_SALES = ("Webinar", "Trade fair", "Content download"), ("Outbound", "Referral")


@dataclass(frozen=True)
class Prospecting:
    """Leads, those from marketing, meetings booked, those not held, opportunities, usual minutes to a reply."""

    leads: int
    marketing: int
    booked: int
    missed: int
    opportunities: int
    reply: int


def record_prospecting(
    ledger: Ledger, person: str, period: Period, planned: Prospecting, sourced: Sequence[dict[str, Any]]
) -> None:
    """Leads over the whole quarter; those that met arrived early enough for the meeting to fall into it."""
    met_days = spread_days(
        ledger.random, working_days(period.start, period.end - timedelta(days=12)), planned.booked - len(sourced)
    )
    other_days = spread_days(ledger.random, working_days(period.start, period.end), planned.leads - planned.booked)
    missed = set(ledger.random.sample(range(len(met_days)), planned.missed))
    marketing = [True] * planned.marketing + [False] * (planned.leads - planned.marketing)
    ledger.random.shuffle(marketing)
    for deal in sourced:
        arrived = _weekday_before(deal["created_on"], 9)
        lead, replied = _lead(ledger, person, arrived, marketing.pop(), planned.reply, deal)
        _meeting(ledger, person, lead, _weekday_before(deal["created_on"], 1), replied, "completed", deal)
    for n, arrived in enumerate(met_days):
        lead, replied = _lead(ledger, person, arrived, marketing.pop(), planned.reply)
        day = _weekday_before(arrived + timedelta(days=ledger.random.randint(5, 11)), 0)
        _meeting(ledger, person, lead, day, replied, "no_show" if n in missed else "completed")
    for n, arrived in enumerate(other_days):
        _lead(ledger, person, arrived, marketing.pop(), None if n % 25 == 7 else planned.reply)


def _lead(
    ledger: Ledger, person: str, day: date, marketing: bool, reply: int | None, deal: dict[str, Any] | None = None
) -> tuple[str, datetime]:
    """A lead and the first reply to it; returns its id and when it was answered (or came, where nobody did)."""
    lead = ledger.new_id("L")
    assigned = at_work(day, ledger.random.randint(0, 120))
    # Most replies come soon, a few late: the usual time is their median.
    minutes = 0 if reply is None else max(1, min(240, round(ledger.random.expovariate(0.69 / reply))))
    replied = None if reply is None else assigned + timedelta(minutes=minutes)
    ledger.add(
        "leads", lead_id=lead, owner=person, account=None if deal is None else deal["account"],
        source=ledger.random.choice(_FROM_MARKETING if marketing else _FROM_SALES),
        origin="marketing" if marketing else "sales", status=_status(reply, deal),
        created_at=assigned - timedelta(minutes=ledger.random.randint(1, 6)), assigned_at=assigned,
        first_touch_at=replied, converted_at=None if deal is None else at_work(deal["created_on"], 120),
        deal=None if deal is None else deal["deal_id"],
    )  # fmt: skip
    if replied is not None:
        kind = ledger.random.choice(("call", "email"))
        ledger.add("activities", activity_id=ledger.new_id("A"), type=kind, owner=person, status="completed",
                   at=replied, lead=lead)  # fmt: skip
    return lead, replied or assigned


def _status(reply: int | None, deal: dict[str, Any] | None) -> str:
    if deal is not None:
        return "Converted"
    return "New" if reply is None else "Working"


def _meeting(
    ledger: Ledger, person: str, lead: str, day: date, replied: datetime, status: str,
    deal: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """A qualified meeting, booked after the first reply, on the day given."""
    ledger.add(
        "activities", activity_id=ledger.new_id("A"), type="meeting", owner=person, at=at_work(day, 150),
        booked_at=min(replied + timedelta(minutes=20), at_work(day, 100)), status=status, qualified=True, lead=lead,
        deal=None if deal is None else deal["deal_id"], account=None if deal is None else deal["account"],
        minutes=30 if status == "completed" else None, outcome="Held" if status == "completed" else "No show",
    )  # fmt: skip


def touch(ledger: Ledger, person: str, deals: Sequence[dict[str, Any]], period: Period) -> None:
    """A follow-up with the buyer of each deal, early in the period or the day after the deal came up."""
    for n, deal in enumerate(deals):
        day = max(period.start + timedelta(days=6 + n), deal["created_on"] + timedelta(days=1))
        ledger.add(
            "activities", activity_id=ledger.new_id("A"), type="follow_up", owner=person, status="completed",
            at=at_work(min(day, period.last_day), 30), deal=deal["deal_id"], account=deal["account"],
        )  # fmt: skip


def _weekday_before(day: date, days: int) -> date:
    """So many days before, moved back to a Friday where that is a week-end."""
    earlier = day - timedelta(days=days)
    return earlier - timedelta(days=max(0, earlier.weekday() - 4))
