"""Each role's quarters in a seeded world: sellers, development reps, account managers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tools.demo.agreements import agree_target, submit_forecast
from tools.demo.books import Book, record_book
from tools.demo.cast import PRODUCTS
from tools.demo.kinds import Kind
from tools.demo.prospecting import Prospecting, record_prospecting
from tools.demo.records import Ledger, quarter
from tools.demo.selling import Seller, close_quarter, closings, leave_slipped, open_pipeline, seller
from tools.periods import Period

_THIS, _NEXT = "2026-Q2", "2026-Q3"
# What a usual deal of each role is worth, how many days it takes, and how many are won and lost in a quarter.
_SELLING = {
    "sales_rep": (18_000, 32, (6, 10), (11, 18)),
    "account_executive": (41_000, 58, (5, 9), (9, 16)),
    "enterprise_account_executive": (190_000, 84, (4, 6), (6, 9)),
}
_SEGMENTS = {"account_executive": "mid_market", "enterprise_account_executive": "enterprise"}


@dataclass(frozen=True)
class Person:
    """Somebody in a seeded world; `growth` is this quarter as a multiple of a usual one."""

    id: str
    name: str
    role: str
    growth: float
    ramping: bool

    @property
    def segment(self) -> str | None:
        """The segment served: sales reps serve all of them."""
        return _SEGMENTS.get(self.role)


def record_seller(ledger: Ledger, person: Person, shape: Kind, names: Iterator[str]) -> None:
    """Closed quarters with quota, targets and forecasts; what slipped; what stands open."""
    rng = ledger.random
    size, cycle, won_range, lost_range = _SELLING[person.role]
    by = seller(ledger, person.id, person.segment or "smb", PRODUCTS, names, accounts=16)
    usual_won, usual_lost = rng.randint(*won_range), rng.randint(*lost_range)
    size = round(size * rng.uniform(0.8, 1.25))
    for label in shape.quarters:
        growth = person.growth if label == _THIS else rng.uniform(0.92, 1.08)
        # A better quarter has more wins, fewer losses, larger deals and shorter cycles, each a little.
        won, lost = max(2, round(usual_won * growth)), max(3, round(usual_lost / growth**0.5))
        revenue = round(won * size * growth**0.3 / 500) * 500
        days = round(won * cycle / growth**0.4)
        _close(ledger, by, quarter(label), won, lost, revenue, days, shape)
        _agree(ledger, person, quarter(label), shape, revenue, won / (won + lost))
        error = rng.uniform(*shape.error) if label == _THIS else rng.uniform(-0.1, 0.12)
        submit_forecast(ledger, quarter(label), round(revenue * (1 + error) / 500) * 500, person=person.id)
    if not shape.has_results:
        _agree(ledger, person, quarter(_THIS), shape, usual_won * size, usual_won / (usual_won + usual_lost))
    if shape.asked is not None:
        agree_target(ledger, person.id, "quota", quarter(_NEXT), round(usual_won * size / 1000) * 1000)
    _leave_open(ledger, by, shape, size, cycle)


def _close(
    ledger: Ledger, by: Seller, period: Period, won: int, lost: int, revenue: int, days: int, shape: Kind
) -> None:
    """The quarter's closings, a third of them in the second currency where there is one."""
    abroad = 0 if shape.second_currency is None else max(1, won // 3)
    if abroad:
        part = revenue * abroad // won
        here = replace(by, currency=shape.second_currency)
        close_quarter(ledger, here, period, closings(ledger, abroad, lost // 3, part, days * abroad // won))
        won, lost, revenue, days = won - abroad, lost - lost // 3, revenue - part, days - days * abroad // won
    close_quarter(
        ledger, by, period, closings(ledger, won, lost, revenue, days, late_losses=lost // 3, overdue_at_start=1)
    )


def _agree(ledger: Ledger, person: Person, period: Period, shape: Kind, revenue: int, win_rate: float) -> None:
    """Targets around the results: all above them, all below, or on both sides."""
    if shape.asked is None:
        return
    rng = ledger.random
    quota = round(revenue * rng.uniform(*shape.asked) / 500) * 500
    halved = {"adjusted": quota, "adjustment": "Ramp"} if person.ramping else {}
    agree_target(ledger, person.id, "quota", period, quota * 2 if person.ramping else quota, **halved)
    agree_target(ledger, person.id, "win_rate", period, _asked(rng.uniform(*shape.asked), win_rate, 100))
    agree_target(ledger, person.id, "forecast_accuracy", period, rng.choice((0.82, 0.85, 0.88)))
    agree_target(ledger, person.id, "slipped_deals", period, shape.slips_allowed)


def _asked(factor: float, actual: float, per: int = 1) -> float:
    """A target on the side of the result that the factor says, in whole units, or whole percent with `per` 100."""
    return (math.ceil if factor > 1 else math.floor)(actual * factor * per) / per


def _leave_open(ledger: Ledger, by: Seller, shape: Kind, size: int, cycle: int) -> None:
    """What is open at the export; in a quarter without results, nobody has touched it since March."""
    rng = ledger.random
    last_work = date(2026, 6, 26) if shape.has_results else date(2026, 3, 30)
    amounts = [round(size * rng.uniform(0.6, 1.7) / 500) * 500 for _ in range(rng.randint(6, 12))]
    open_pipeline(ledger, by, quarter(_NEXT), amounts, late=rng.randint(2, 4), worked_to=last_work, forgetful=0.3,
                  created_from=last_work - timedelta(days=cycle + 25), created_to=last_work)  # fmt: skip
    slipped = [round(size * rng.uniform(0.7, 1.5) / 500) * 500 for _ in range(rng.randint(*shape.slips))]
    leave_slipped(ledger, by, slipped, last_work=last_work)


def record_sdr(ledger: Ledger, person: Person, shape: Kind) -> None:
    """Leads and meetings; the opportunities are deals that others created in the quarter."""
    rng = ledger.random
    usual = rng.randint(56, 96)
    for label in shape.quarters:
        period = quarter(label)
        growth = person.growth if label == _THIS else rng.uniform(0.92, 1.08)
        leads = round(usual * growth)
        booked = round(leads * 0.42)
        missed = round(booked * rng.uniform(0.06, 0.14) / growth)
        candidates = [
            deal for deal in ledger.rows["deals"]
            if period.start + timedelta(days=21) <= deal["created_on"] < period.end and deal["type"] == "new"
        ]  # fmt: skip
        opportunities = min(len(candidates), max(2, round((booked - missed) * 0.14 * growth**0.5)))
        planned = Prospecting(leads, leads // 2, booked, missed, opportunities, round(45 / growth))
        record_prospecting(ledger, person.id, period, planned, rng.sample(candidates, opportunities))
        if shape.asked is not None:
            converted = opportunities / (booked - missed)
            agree_target(ledger, person.id, "qualified_meetings", period, _asked(rng.uniform(*shape.asked), booked))
            asked = _asked(rng.uniform(*shape.asked), converted, 100)
            agree_target(ledger, person.id, "meeting_to_opportunity", period, asked)


def record_account_manager(ledger: Ledger, person: Person, shape: Kind, names: Iterator[str]) -> None:
    """A book of customers, with upsells and churn as the kind of world has it."""
    rng = ledger.random
    usual = rng.randrange(96_000, 240_000, 12_000)
    upsells = {label: round(usual * (person.growth if label == _THIS else 1) / 1200) * 1200 for label in shape.quarters}
    book = Book(
        rng.randint(12, 18), rng.randrange(160_000, 420_000, 1000), lost=rng.randint(*shape.lost_customers),
        falling=rng.randint(*shape.falling), upsells=upsells, commit_error=rng.uniform(*shape.error),
    )  # fmt: skip
    record_book(ledger, names, person.id, book, due_in=shape.quarters)
    if shape.asked is not None and shape.has_results:
        asked = round(upsells[_THIS] * rng.uniform(*shape.asked) / 1000) * 1000
        agree_target(ledger, person.id, "expansion_revenue", quarter(_THIS), asked)
        agree_target(ledger, person.id, "accounts_at_risk", quarter(_THIS), shape.falling_allowed)
