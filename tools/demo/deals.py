"""One opportunity's life: its row, the history of its stage, close date and amount, and the touches on the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tools.demo.records import Ledger, at_work


@dataclass(frozen=True)
class Stage:
    """A stage as `workspace.toml` describes it."""

    name: str
    position: int
    kind: str
    probability: float
    late: bool
    category: str


STAGES = (
    Stage("Qualification", 1, "open", 0.10, False, "pipeline"),
    Stage("Discovery", 2, "open", 0.20, False, "pipeline"),
    Stage("Evaluation", 3, "open", 0.40, False, "best_case"),
    Stage("Proposal", 4, "open", 0.60, True, "best_case"),
    Stage("Negotiation", 5, "open", 0.80, True, "commit"),
    Stage("Closed Won", 6, "won", 1.0, False, "closed"),
    Stage("Closed Lost", 7, "lost", 0.0, False, "omitted"),
)
QUALIFICATION, DISCOVERY, EVALUATION, PROPOSAL, NEGOTIATION, CLOSED_WON, CLOSED_LOST = range(7)

# Reasons buyers give, by how far the deal had come.
EARLY_LOSSES = ("No budget this year", "No clear problem to solve", "Went silent", "Kept the current system")
LATE_LOSSES = ("Chose a competitor", "Price", "Security review not passed", "Project postponed")
NEXT_STEPS = (
    "Walk the operations lead through the business case",
    "Send the revised order form",
    "Agree the rollout plan with the site managers",
    "Set up the security questionnaire call",
    "Confirm the signature path with the finance lead",
    "Book the demo for the second site",
)


@dataclass(frozen=True)
class Opportunity:
    """What happened to one deal. `reached` is the furthest open stage, `first_due` the close date before it moved."""

    owner: str | None
    account: str
    segment: str
    amount: float | None
    created: date
    due: date
    closed: date | None = None
    won: bool = False
    reached: int = NEGOTIATION
    first_due: date | None = None
    due_moved: date | None = None
    first_amount: float | None = None
    worked_until: date | None = None
    former_owner: str | None = None
    handed_over: date | None = None
    next_step: str | None = None
    next_step_on: date | None = None
    type: str = "new"
    currency: str | None = None
    product: str | None = None
    source: str | None = None
    origin: str | None = None
    lost_reason: str | None = None
    slip_reason: str | None = None

    @property
    def status(self) -> str:
        return "open" if self.closed is None else "won" if self.won else "lost"

    @property
    def last_touch(self) -> date | None:
        """The day of the last touch or stage change, where the deal is closed or was left alone."""
        return self.closed if self.closed is not None else self.worked_until

    def stage_path(self) -> list[str]:
        """The stages in order, the closing one included."""
        names = [stage.name for stage in STAGES[: self.reached + 1]]
        if self.closed is not None:
            names.append(STAGES[CLOSED_WON if self.won else CLOSED_LOST].name)
        return names


def record_stages(ledger: Ledger) -> None:
    """The organisation's stages, as its export would list them."""
    for stage in STAGES:
        ledger.add(
            "stages", stage=stage.name, label=stage.name, position=stage.position, kind=stage.kind,
            probability=stage.probability, late=stage.late, category=stage.category,
        )  # fmt: skip


def record_deal(ledger: Ledger, deal: Opportunity, *, touches: bool = True) -> str:
    """Write down the deal, its changes and, with `touches`, the owner's calls and meetings. Returns the deal's id."""
    deal_id = ledger.new_id("D")
    stage = STAGES[deal.reached if deal.closed is None else CLOSED_WON if deal.won else CLOSED_LOST]
    until = deal.last_touch or max(deal.created, ledger.exported_on - timedelta(days=8))
    ledger.add(
        "deals", deal_id=deal_id, name=f"{_account_name(ledger, deal.account)}: {deal.product or 'subscription'}",
        account=deal.account, owner=deal.owner, stage=stage.name, status=deal.status, amount=deal.amount,
        currency=deal.currency or ledger.currency, created_on=deal.created, expected_close_on=deal.due,
        closed_on=deal.closed,
        first_contact_on=deal.created - timedelta(days=ledger.random.randint(1, 12)), probability=stage.probability,
        forecast_category=stage.category, type=deal.type, segment=deal.segment, source=deal.source, origin=deal.origin,
        product=deal.product, next_step=deal.next_step, next_step_on=deal.next_step_on, last_activity_on=until,
        lost_reason=_lost_reason(ledger, deal), slip_reason=deal.slip_reason,
    )  # fmt: skip
    _record_stage_changes(ledger, deal_id, deal, until)
    _record_field_changes(ledger, deal_id, deal)
    if touches:
        _record_touches(ledger, deal_id, deal, until)
    return deal_id


def _record_stage_changes(ledger: Ledger, deal_id: str, deal: Opportunity, until: date) -> None:
    path = deal.stage_path()
    span = (until - deal.created).days
    for step, (old, new) in enumerate(zip(path, path[1:], strict=False), start=1):
        day = deal.created + timedelta(days=span * step // len(path))
        if new == path[-1] and deal.closed is not None:
            day = deal.closed
        # Minutes grow with the step, so that stages passed on one day keep their order.
        at = at_work(day, 25 * step)
        ledger.add("deal_changes", deal=deal_id, field="stage", old=old, new=new, at=at, by=_worker(deal, day))


def _record_field_changes(ledger: Ledger, deal_id: str, deal: Opportunity) -> None:
    def change(field: str, old: Any, new: Any, at: datetime) -> None:
        ledger.add("deal_changes", deal=deal_id, field=field, old=old, new=new, at=at, by=_worker(deal, at.date()))

    if deal.first_due is not None and deal.due_moved is not None and deal.first_due != deal.due:
        change("expected_close_on", deal.first_due.isoformat(), deal.due.isoformat(), at_work(deal.due_moved, 10))
    if deal.first_amount is not None and deal.amount is not None and deal.first_amount != deal.amount:
        middle = deal.created + ((deal.last_touch or deal.created) - deal.created) // 2
        change("amount", f"{deal.first_amount:.0f}", f"{deal.amount:.0f}", at_work(middle, 5))
    if deal.former_owner is not None and deal.handed_over is not None:
        change("owner", deal.former_owner, deal.owner, at_work(deal.handed_over))


def _record_touches(ledger: Ledger, deal_id: str, deal: Opportunity, until: date) -> None:
    """A call to begin with, then what the stages reached suggest."""
    kinds = ["call", "meeting"] if deal.reached > QUALIFICATION else ["call"]
    if deal.reached >= EVALUATION:
        kinds.append("demo")
    if deal.reached >= PROPOSAL:
        kinds += ["follow_up", "email"]
    span = (until - deal.created).days
    for step, kind in enumerate(kinds):
        day = deal.created + timedelta(days=span * step // len(kinds))
        day -= timedelta(days=max(0, day.weekday() - 4))
        ledger.add(
            "activities", activity_id=ledger.new_id("A"), type=kind, owner=_worker(deal, day), status="completed",
            at=at_work(max(day, deal.created), ledger.random.randint(0, 150)), deal=deal_id, account=deal.account,
            booked_at=at_work(max(day - timedelta(days=4), deal.created), -60) if kind in ("meeting", "demo") else None,
            minutes=ledger.random.choice((15, 25, 30, 45)),
        )  # fmt: skip


def _worker(deal: Opportunity, day: date) -> str | None:
    """Who owned the deal on that day."""
    if deal.former_owner is not None and deal.handed_over is not None and day < deal.handed_over:
        return deal.former_owner
    return deal.owner


def _lost_reason(ledger: Ledger, deal: Opportunity) -> str | None:
    if deal.status != "lost":
        return None
    return deal.lost_reason or ledger.random.choice(LATE_LOSSES if deal.reached >= PROPOSAL else EARLY_LOSSES)


def _account_name(ledger: Ledger, account: str) -> str:
    return ledger.account_names.get(account, account)
