"""The development reps, with Jessica: more and better-kept meetings, of which too few became opportunities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tools.demo.agreements import agree_target
from tools.demo.cast import CONNOR, ELISE, JESSICA, KENJI, LUCY, MICHAEL, NOOR, OMAR, PRIYA, PRODUCTS, QUARTERS
from tools.demo.deals import DISCOVERY, EVALUATION, NEXT_STEPS, Opportunity, record_deal
from tools.demo.names import INDUSTRIES
from tools.demo.records import Ledger, at_work, quarter, spread_days, working_days
from tools.periods import Period


@dataclass(frozen=True)
class _Quarter:
    """Leads, those from marketing, meetings booked, those not held, opportunities, usual minutes to a reply."""

    leads: int
    marketing: int
    booked: int
    missed: int
    opportunities: int
    reply: int


_REPS = {
    JESSICA: (
        _Quarter(84, 38, 36, 8, 5, 52), _Quarter(88, 41, 38, 7, 5, 49), _Quarter(92, 44, 41, 8, 6, 44),
        _Quarter(104, 54, 47, 8, 6, 41), _Quarter(138, 92, 58, 4, 7, 16),
    ),
    OMAR: (
        _Quarter(70, 30, 30, 6, 4, 61), _Quarter(74, 33, 31, 5, 5, 58), _Quarter(72, 35, 33, 7, 5, 55),
        _Quarter(80, 42, 36, 6, 6, 47), _Quarter(96, 58, 41, 6, 7, 38),
    ),
    LUCY: (
        _Quarter(58, 16, 24, 5, 4, 75), _Quarter(60, 18, 26, 4, 4, 70), _Quarter(62, 17, 25, 5, 5, 66),
        _Quarter(66, 20, 28, 5, 4, 59), _Quarter(72, 28, 31, 4, 5, 54),
    ),
    KENJI: (
        _Quarter(54, 14, 22, 4, 3, 80), _Quarter(57, 15, 24, 5, 4, 77), _Quarter(60, 16, 25, 4, 4, 71),
        _Quarter(61, 18, 27, 6, 5, 66), _Quarter(68, 25, 29, 4, 5, 57),
    ),
}  # fmt: skip
_NOOR = (_Quarter(48, 20, 20, 4, 3, 66), _Quarter(52, 22, 22, 4, 3, 63), _Quarter(50, 22, 21, 5, 3, 60))

# Opportunities from Jessica's meetings that are still open: amount and day of creation.
_FROM_MEETINGS = {
    "2026-Q1": (
        (64_000, date(2026, 2, 12)), (57_500, date(2026, 2, 19)), (48_000, date(2026, 2, 26)),
        (71_000, date(2026, 3, 6)), (52_500, date(2026, 3, 13)), (60_000, date(2026, 3, 20)),
    ),
    "2026-Q2": (
        (42_000, date(2026, 4, 15)), (38_500, date(2026, 4, 24)), (51_000, date(2026, 5, 6)),
        (46_500, date(2026, 5, 14)), (35_000, date(2026, 5, 22)), (44_000, date(2026, 6, 4)),
        (41_000, date(2026, 6, 17)),
    ),
}  # fmt: skip
# Others that she took up again with their buyers in the quarter.
_TAKEN_UP = ((49_000, date(2026, 3, 4)), (66_000, date(2026, 3, 11)), (54_000, date(2026, 3, 25)))
_FROM_MARKETING, _FROM_SALES = ("Webinar", "Trade fair", "Content download"), ("Outbound", "Referral")


def record_development(ledger: Ledger, names: Iterator[str]) -> None:
    """Leads, replies, meetings and the opportunities from them; the sellers' deals have to be on record before."""
    deals = _deals_to_source(ledger)
    for person, quarters in (*_REPS.items(), (NOOR, _NOOR)):
        for label, planned in zip(QUARTERS, quarters, strict=False):
            period = quarter(label)
            if person == JESSICA and label in _FROM_MEETINGS:
                sourced = [_open_deal(ledger, names, *deal) for deal in _FROM_MEETINGS[label]]
            else:
                sourced = [deals[label].pop() for _ in range(planned.opportunities)]
            _record_quarter(ledger, person, period, planned, sourced)
            if person != JESSICA:
                _touch(ledger, person, [deals[label].pop() for _ in range(3)], period)
            if person == JESSICA and label == "2026-Q1":
                _touch(ledger, person, [deals[label].pop() for _ in range(5)], period)
                again = [*sourced, *(_open_deal(ledger, names, *deal) for deal in _TAKEN_UP)]
                _touch(ledger, person, again, period.next())
    for person in _REPS:
        for label in ("2026-Q1", "2026-Q2", "2026-Q3"):
            agree_target(ledger, person, "meeting_to_opportunity", quarter(label), 0.18)


def _deals_to_source(ledger: Ledger) -> dict[str, list[dict[str, Any]]]:
    """Per quarter, new business created late enough in it to have come out of one of its meetings, shuffled."""
    found: dict[str, list[dict[str, Any]]] = {}
    for label in QUARTERS:
        period = quarter(label)
        first = period.start + timedelta(days=21)
        found[label] = [
            deal for deal in ledger.rows["deals"]
            if first <= deal["created_on"] < period.end and deal["segment"] in ("smb", "mid_market")
            and deal["amount"] is not None and deal["owner"] != MICHAEL
        ]  # fmt: skip
        ledger.random.shuffle(found[label])
    return found


def _open_deal(ledger: Ledger, names: Iterator[str], amount: int, created: date) -> dict[str, Any]:
    """A mid-market opportunity still in its early stages; the account executives of the East take them in turn."""
    owner = (MICHAEL, PRIYA, CONNOR, ELISE)[created.day % 4]
    account = ledger.account(next(names), owner=owner, segment="mid_market", industry=ledger.random.choice(INDUSTRIES))
    due = ledger.random.choice(working_days(date(2026, 7, 20), date(2026, 10, 1)))
    record_deal(ledger, Opportunity(
        owner, account, "mid_market", amount, created, due, reached=(DISCOVERY, EVALUATION)[created.day % 2],
        worked_until=max(created, date(2026, 6, 16)), next_step=ledger.random.choice(NEXT_STEPS),
        next_step_on=date(2026, 7, 16), product=ledger.random.choice(PRODUCTS), source="Inbound", origin="marketing",
    ))  # fmt: skip
    return ledger.rows["deals"][-1]


def _record_quarter(
    ledger: Ledger, person: str, period: Period, planned: _Quarter, sourced: Sequence[dict[str, Any]]
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


def _touch(ledger: Ledger, person: str, deals: Sequence[dict[str, Any]], period: Period) -> None:
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
