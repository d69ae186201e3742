"""An account manager's book: subscriptions, renewals, usage and what was sold on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from tools.demo.deals import DISCOVERY, EVALUATION, NEGOTIATION, NEXT_STEPS, Opportunity, record_deal
from tools.demo.records import Ledger, at_work, spread_days, working_days
from tools.periods import Period


@dataclass(frozen=True)
class Renewal:
    """A contract that came or comes due: `outcome` is renewed, churned or pending, `less` the MRR given up in it."""

    due: date
    decided: date | None = None
    outcome: str = "pending"
    less: float = 0


@dataclass
class Customer:
    """One customer: MRR before all changes, the changes by day (gains positive), renewals, and how usage moves.

    `usage_from` holds a day and a factor: from then on the customer uses that much of what it used before.
    """

    segment: str
    mrr: float
    changes: dict[date, float] = field(default_factory=dict)
    renewals: list[Renewal] = field(default_factory=list)
    since: date | None = None
    ended: date | None = None
    end_reason: str | None = None
    usage_from: tuple[date, float] | None = None
    account: str = ""

    def renew(self, due: date, *, less: float = 0, also_before: bool = True) -> None:
        """Renewed four days before it was due, on or before a Friday; the year before as well, unless told."""
        decided = due - timedelta(days=4)
        decided -= timedelta(days=max(0, decided.weekday() - 4))
        self.renewals.append(Renewal(due, decided, "renewed", less))
        if also_before and self.since is None:
            self.renewals.append(Renewal(due - timedelta(days=364), decided - timedelta(days=364), "renewed"))
        if less:
            self.changes[due] = -less

    def leave(self, due: date, reason: str) -> None:
        """Not renewed: decided a week before, and paid until the day it was due."""
        self.renewals.append(Renewal(due, due - timedelta(days=7), "churned"))
        self.ended, self.end_reason = due, reason


def open_account(ledger: Ledger, owner: str, customer: Customer, name: str) -> None:
    """Give the customer its account."""
    customer.account = ledger.account(name, owner=owner, segment=customer.segment)


def record_customer(ledger: Ledger, owner: str, customer: Customer) -> None:
    """The customer's subscription spans, renewals and weekly usage, once all its changes are known."""
    subscription = ledger.new_id("SUB")
    _record_spans(ledger, owner, customer, subscription)
    for renewal in customer.renewals:
        mrr = _mrr_on(customer, renewal.decided or ledger.exported_on)
        ledger.add(
            "renewals", renewal_id=ledger.new_id("R"), account=customer.account, owner=owner, subscription=subscription,
            due_on=renewal.due, mrr=mrr, renewed_mrr=mrr - renewal.less if renewal.outcome == "renewed" else None,
            currency=ledger.currency, outcome=renewal.outcome, closed_on=renewal.decided,
        )  # fmt: skip
    _record_usage(ledger, customer)


def _record_spans(ledger: Ledger, owner: str, customer: Customer, subscription: str) -> None:
    """One row per span of unchanged MRR, the last one open unless the customer left."""
    begun = customer.since or date(2022, 9, 5) + timedelta(days=ledger.random.randrange(700))
    starts = [begun, *sorted(customer.changes)]
    for start, following in zip(starts, [*starts[1:], customer.ended], strict=True):
        ledger.add(
            "subscriptions", subscription_id=subscription, account=customer.account, owner=owner, product="Dispatch",
            start_on=start, end_on=following, mrr=_mrr_on(customer, start), currency=ledger.currency,
            end_reason=customer.end_reason if following == customer.ended else None,
        )  # fmt: skip


def _mrr_on(customer: Customer, day: date) -> float:
    """What the customer pays on `day`, the changes of that day included."""
    return customer.mrr + sum(change for on, change in customer.changes.items() if on <= day)


def _record_usage(ledger: Ledger, customer: Customer) -> None:
    """Active users, measured on Mondays from April 2025 on, growing slowly."""
    level = customer.mrr / 180
    day = max(date(2025, 4, 7), customer.since or date.min)
    day += timedelta(days=-day.weekday() % 7)
    while day <= (customer.ended or ledger.exported_on):
        value = level * (1 + 0.002 * ((day - date(2025, 4, 7)).days // 7)) * ledger.random.uniform(0.98, 1.02)
        if customer.usage_from is not None and day >= customer.usage_from[0]:
            value *= customer.usage_from[1]
        ledger.add("usage", account=customer.account, product="Dispatch", on=day, value=round(value))
        day += timedelta(days=7)


def sell_more(ledger: Ledger, owner: str, customer: Customer, closed: date, yearly: int) -> None:
    """An upsell won on that day: the deal, and a twelfth of it on the customer's MRR from then on."""
    customer.changes[closed] = customer.changes.get(closed, 0) + yearly / 12
    record_deal(ledger, _expansion(ledger, owner, customer.account, yearly, closed, won=True), touches=False)


def offer_in_vain(ledger: Ledger, owner: str, customers: Sequence[Customer], period: Period, count: int) -> None:
    """Upsells that were offered and declined in the period."""
    for closed in spread_days(ledger.random, working_days(period.start, period.end), count):
        customer = ledger.random.choice(customers)
        amount = ledger.random.randrange(9_000, 36_000, 1000)
        record_deal(ledger, _expansion(ledger, owner, customer.account, amount, closed, won=False), touches=False)


def offer(ledger: Ledger, owner: str, customers: Sequence[Customer], due_in: Period, count: int) -> None:
    """Upsells still open at the export, due in the next period."""
    for due in spread_days(ledger.random, working_days(due_in.start + timedelta(days=14), due_in.end), count):
        created = ledger.exported_on - timedelta(days=ledger.random.randint(20, 70))
        record_deal(ledger, Opportunity(
            owner, ledger.random.choice(customers).account, "customer", ledger.random.randrange(10_000, 48_000, 1000),
            created, due, reached=ledger.random.choice((DISCOVERY, EVALUATION, NEGOTIATION)), type="expansion",
            worked_until=max(created, date(2026, 6, 19)), product="Insight",
            next_step=ledger.random.choice(NEXT_STEPS), next_step_on=date(2026, 7, 15),
        ), touches=False)  # fmt: skip


def _expansion(ledger: Ledger, owner: str, account: str, amount: int, closed: date, *, won: bool) -> Opportunity:
    created = closed - timedelta(days=ledger.random.randint(24, 60))
    return Opportunity(
        owner, account, "customer", amount, created, closed, closed, won,
        reached=NEGOTIATION if won else EVALUATION, type="expansion",
        product=ledger.random.choice(("Insight", "Connect")), lost_reason=None if won else "No budget this year",
    )  # fmt: skip


def visit(ledger: Ledger, owner: str, customers: Sequence[Customer], period: Period, kinds: dict[str, int]) -> None:
    """So many calls, meetings and business reviews with customers, spread over the period."""
    for kind, count in kinds.items():
        for day in spread_days(ledger.random, working_days(period.start, period.end), count):
            ledger.add(
                "activities", activity_id=ledger.new_id("A"), type=kind, owner=owner, status="completed",
                at=at_work(day, ledger.random.randint(0, 180)), account=ledger.random.choice(customers).account,
                minutes=ledger.random.choice((20, 30, 45, 60)),
            )  # fmt: skip
