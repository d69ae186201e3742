"""The development reps, with Jessica: more and better-kept meetings, of which too few became opportunities."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tools.demo.agreements import agree_target
from tools.demo.cast import CONNOR, ELISE, JESSICA, KENJI, LUCY, MICHAEL, NOOR, OMAR, PRIYA, PRODUCTS, QUARTERS
from tools.demo.deals import DISCOVERY, EVALUATION, NEXT_STEPS, Opportunity, record_deal
from tools.demo.names import INDUSTRIES
from tools.demo.prospecting import Prospecting, record_prospecting, touch
from tools.demo.records import Ledger, quarter, working_days

_REPS = {
    JESSICA: (
        Prospecting(84, 38, 36, 8, 5, 52), Prospecting(88, 41, 38, 7, 5, 49), Prospecting(92, 44, 41, 8, 6, 44),
        Prospecting(104, 54, 47, 8, 6, 41), Prospecting(138, 92, 58, 4, 7, 16),
    ),
    OMAR: (
        Prospecting(70, 30, 30, 6, 4, 61), Prospecting(74, 33, 31, 5, 5, 58), Prospecting(72, 35, 33, 7, 5, 55),
        Prospecting(80, 42, 36, 6, 6, 47), Prospecting(96, 58, 41, 6, 7, 38),
    ),
    LUCY: (
        Prospecting(58, 16, 24, 5, 4, 75), Prospecting(60, 18, 26, 4, 4, 70), Prospecting(62, 17, 25, 5, 5, 66),
        Prospecting(66, 20, 28, 5, 4, 59), Prospecting(72, 28, 31, 4, 5, 54),
    ),
    KENJI: (
        Prospecting(54, 14, 22, 4, 3, 80), Prospecting(57, 15, 24, 5, 4, 77), Prospecting(60, 16, 25, 4, 4, 71),
        Prospecting(61, 18, 27, 6, 5, 66), Prospecting(68, 25, 29, 4, 5, 57),
    ),
}  # fmt: skip
_NOOR = (Prospecting(48, 20, 20, 4, 3, 66), Prospecting(52, 22, 22, 4, 3, 63), Prospecting(50, 22, 21, 5, 3, 60))

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
            record_prospecting(ledger, person, period, planned, sourced)
            if person != JESSICA:
                touch(ledger, person, [deals[label].pop() for _ in range(3)], period)
            if person == JESSICA and label == "2026-Q1":
                touch(ledger, person, [deals[label].pop() for _ in range(5)], period)
                again = [*sourced, *(_open_deal(ledger, names, *deal) for deal in _TAKEN_UP)]
                touch(ledger, person, again, period.next())
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
