"""A seller's quarter: what was won and lost and what stands open, turned into deals on believable days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from tools.demo.deals import (
    DISCOVERY,
    EVALUATION,
    NEGOTIATION,
    NEXT_STEPS,
    PROPOSAL,
    QUALIFICATION,
    Opportunity,
    record_deal,
)
from tools.demo.names import INDUSTRIES
from tools.demo.records import Ledger, in_turn, split, spread_days, working_days
from tools.periods import Period

_SOURCES = ("Inbound", "Webinar", "Referral", "Outbound", "Partner", "Trade fair")
_SLIP_REASONS = ("Legal review", "Procurement", "Budget moved", "Signatory on leave")
_MARKETING_SOURCES = ("Inbound", "Webinar", "Trade fair")


@dataclass
class Seller:
    """Whose deals these are, what kind of customer they serve, and the accounts they work in turn."""

    person: str
    segment: str
    accounts: Iterator[str]
    products: Sequence[str]
    currency: str | None = None


@dataclass(frozen=True)
class Closings:
    """What a seller closed in one quarter.

    `won` and `lost` are amounts; `cycles` are the days from creation to won, deal by deal. `last_month` says how many
    of the won and of the lost closed in the quarter's last month (a third, unless told), `late_losses` how many were
    lost from a late stage, `overdue_at_start` how many had been due in the quarter before, and `taken_over` from whom,
    on which day and how many of the later ones.
    """

    won: Sequence[int]
    cycles: Sequence[int]
    lost: Sequence[int]
    last_month: tuple[int, int] | None = None
    late_losses: int = 0
    overdue_at_start: int = 0
    taken_over: tuple[str, date, int] | None = None


def seller(
    ledger: Ledger, person: str, segment: str, products: Sequence[str], names: Iterator[str], *, accounts: int = 24
) -> Seller:  # fmt: skip
    """A seller with so many accounts of their own."""
    owned = [
        ledger.account(next(names), owner=person, segment=segment, industry=ledger.random.choice(INDUSTRIES))
        for _ in range(accounts)
    ]
    return Seller(person, segment, in_turn(owned), products)


def closings(
    ledger: Ledger, won: int, lost: int, revenue: int, days: int, *, step: int = 100, **more: Any
) -> Closings:  # fmt: skip
    """Ordinary closings: amounts adding up to `revenue`, cycles adding up to `days`, losses about as large as wins."""
    typical = revenue // max(1, won)
    return Closings(
        won=split(ledger.random, revenue, won, step=step),
        cycles=split(ledger.random, days, won),
        lost=[round(typical * ledger.random.uniform(0.6, 1.5) / 500) * 500 for _ in range(lost)],
        **more,
    )


def close_quarter(ledger: Ledger, by: Seller, period: Period, closings: Closings) -> None:
    """Record the quarter's won and lost deals. All were due in it, but for those overdue at its start."""
    won_late, lost_late = closings.last_month or (len(closings.won) // 3, len(closings.lost) // 3)
    won_days = _closing_days(ledger, period, len(closings.won), won_late)
    lost_days = _closing_days(ledger, period, len(closings.lost), lost_late)
    deals = [
        _draw(ledger, by, amount, closed, closed - timedelta(days=cycle), period, won=True)
        for amount, closed, cycle in zip(closings.won, won_days, closings.cycles, strict=True)
    ]
    late = set(ledger.random.sample(range(len(closings.lost)), closings.late_losses))
    typical = max(20, round(sum(closings.cycles) / max(1, len(closings.cycles))))
    for n, (amount, closed) in enumerate(zip(closings.lost, lost_days, strict=True)):
        created = closed - timedelta(days=ledger.random.randint(typical // 3, typical * 5 // 4))
        reached = ledger.random.choice((PROPOSAL, NEGOTIATION) if n in late else (QUALIFICATION, DISCOVERY, EVALUATION))
        deals.append(replace(_draw(ledger, by, amount, closed, created, period, won=False), reached=reached))
    deals = _with_overdue(ledger, deals, period, closings.overdue_at_start)
    deals = _with_taken_over(deals, closings.taken_over)
    for deal in deals:
        record_deal(ledger, deal)


def open_pipeline(
    ledger: Ledger, by: Seller, due_in: Period, amounts: Sequence[int | None], *, created_from: date, created_to: date,
    late: int = 2, worked_to: date | None = None, forgetful: float = 0,
) -> None:  # fmt: skip
    """Deals still open at the export: created in the given days, due in `due_in`, so many of them in a late stage.

    The last work on them lies at least a week before the export, or on `worked_to`; `forgetful` is the share of
    deals without a next step.
    """
    created_days = spread_days(ledger.random, working_days(created_from, created_to), len(amounts))
    due_days = working_days(max(due_in.start, ledger.exported_on) + timedelta(days=7), due_in.end)
    for n, (amount, created) in enumerate(zip(amounts, created_days, strict=True)):
        due = ledger.random.choice(due_days)
        # Most were touched within the month; a few have been left alone for longer.
        idle = ledger.random.randint(35, 50) if ledger.random.random() < 0.08 else ledger.random.randint(0, 24)
        worked_until = max(created, (worked_to or ledger.exported_on - timedelta(days=7)) - timedelta(days=idle))
        reached = ledger.random.choice((PROPOSAL, NEGOTIATION)) if n < late else n % 3
        next_step = None if ledger.random.random() < forgetful else ledger.random.choice(NEXT_STEPS)
        step_on = ledger.exported_on + timedelta(days=ledger.random.randint(2, 20))
        record_deal(ledger, Opportunity(
            by.person, next(by.accounts), by.segment, amount, created, due, reached=reached,
            worked_until=worked_until, next_step=next_step, next_step_on=None if next_step is None else step_on,
            currency=by.currency, product=ledger.random.choice(by.products), **_origin(ledger),
        ))  # fmt: skip


def leave_slipped(ledger: Ledger, by: Seller, amounts: Sequence[int], *, last_work: date = date(2026, 6, 26)) -> None:
    """Deals promised for June 2026 that are still open at the export, in negotiation with a next step.

    Their close dates were moved to July, unless the last work on them lies before June: then they are overdue.
    """
    for n, amount in enumerate(amounts):
        first_due = date(2026, 6, 12) + timedelta(days=4 * n)
        moved = first_due - timedelta(days=1) if first_due < last_work else None
        record_deal(ledger, Opportunity(
            by.person, next(by.accounts), by.segment, amount, date(2026, 2, 10) + timedelta(days=9 * n),
            first_due if moved is None else first_due + timedelta(days=38), first_due=first_due, due_moved=moved,
            reached=NEGOTIATION, worked_until=last_work, next_step=ledger.random.choice(NEXT_STEPS),
            next_step_on=date(2026, 7, 16), currency=by.currency, product=ledger.random.choice(by.products),
            slip_reason=ledger.random.choice(_SLIP_REASONS), **_origin(ledger),
        ))  # fmt: skip


def _draw(
    ledger: Ledger, by: Seller, amount: int, closed: date, created: date, period: Period, *, won: bool
) -> Opportunity:
    """A closed deal, due on or after its closing day and still in the quarter; one in five had another day at first."""
    rng = ledger.random
    last = period.end - timedelta(days=1)
    due = min(last, closed + timedelta(days=rng.randint(0, 12)))
    first_due = due_moved = first_amount = None
    if rng.random() < 0.2 and (closed - created).days > 12:
        first_due = max(closed, period.start) + (last - closed) * rng.random()
        due_moved = closed - timedelta(days=rng.randint(2, 9))
    if rng.random() < 0.15 and (closed - created).days > 12:
        first_amount = round(amount * rng.uniform(0.88, 1.18) / 100) * 100
    return Opportunity(
        by.person, next(by.accounts), by.segment, amount, created, due, closed, won, NEGOTIATION, first_due, due_moved,
        first_amount, currency=by.currency, product=rng.choice(by.products), **_origin(ledger),
        next_step=rng.choice(NEXT_STEPS) if rng.random() < 0.93 else None,
    )  # fmt: skip


def _with_overdue(ledger: Ledger, deals: list[Opportunity], period: Period, count: int) -> list[Opportunity]:
    """Of the deals old enough, `count` were first due in the quarter before and moved when that day came near."""
    old_enough = [n for n, deal in enumerate(deals) if deal.created < period.start - timedelta(days=21)][:count]
    for n in old_enough:
        first_due = period.start - timedelta(days=ledger.random.randint(2, 14))
        moved = first_due - timedelta(days=1)
        deals[n] = replace(deals[n], first_due=first_due, due_moved=moved, slip_reason="Buyer moved the decision")
    return deals


def _with_taken_over(deals: list[Opportunity], taken: tuple[str, date, int] | None) -> list[Opportunity]:
    """`(former owner, day, count)`: that many deals closing after the day belonged to somebody else until then."""
    if taken is None:
        return deals
    former, day, count = taken
    later = [
        n for n, deal in enumerate(deals)
        if deal.closed is not None and deal.closed > day and deal.created < day - timedelta(days=14)
    ][:count]  # fmt: skip
    for n in later:
        deals[n] = replace(deals[n], former_owner=former, handed_over=day)
    return deals


def _closing_days(ledger: Ledger, period: Period, count: int, in_last_month: int) -> list[date]:
    """Days in the quarter, so many of them in its last month, in a random order."""
    last_month = (period.end - timedelta(days=1)).replace(day=1)
    days = spread_days(ledger.random, working_days(period.start, last_month), count - in_last_month)
    days += spread_days(ledger.random, working_days(last_month, period.end), in_last_month)
    ledger.random.shuffle(days)
    return days


def _origin(ledger: Ledger) -> dict[str, str]:
    source = ledger.random.choice(_SOURCES)
    return {"source": source, "origin": "marketing" if source in _MARKETING_SOURCES else "sales"}
