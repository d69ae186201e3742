"""A slow, obvious replay of a deal's history: change after change, as a person with a pencil would do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any


def value_on(deal: dict[str, Any], changes: list[dict[str, Any]], field: str, day: date) -> Any:
    """A tracked field at the end of a day (in UTC): undo, from today's value, everything that came later."""
    return value_at(deal, changes, field, datetime(day.year, day.month, day.day) + timedelta(days=1))


def value_at(deal: dict[str, Any], changes: list[dict[str, Any]], field: str, moment: datetime) -> Any:
    """A tracked field right before a moment."""
    own = sorted((each for each in changes if each["deal"] == deal["deal_id"] and each["field"] == field), key=_at)
    value = deal.get(field)
    if own:
        value = own[-1]["new"]
    for change in reversed(own):
        if _at(change) >= moment:
            value = change["old"]
    return value


def was_open(deal: dict[str, Any], changes: list[dict[str, Any]], day: date, closed_stages: set[str]) -> bool:
    """Whether the deal stood open at the end of the day."""
    if date.fromisoformat(deal["created_on"]) > day:
        return False
    if deal["status"] != "open" and date.fromisoformat(deal["closed_on"]) <= day:
        return False
    tracked = any(each["deal"] == deal["deal_id"] and each["field"] == "stage" for each in changes)
    return not (tracked and value_on(deal, changes, "stage", day) in closed_stages)


def _at(change: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(change["at"])


@dataclass(frozen=True)
class Window:
    """A period from `begin` to `until`, both included, seen at the end of `last`. `rate`: a currency's on a day.

    `all_deals`: the whole open pipeline moves, not only what is due in the period.
    """

    begin: date
    until: date
    last: date
    rate: Callable[[str | None, date], Decimal]
    all_deals: bool = False

    def due(self, day: date) -> bool:
        return self.all_deals or self.begin <= day <= self.until


def share_of(person: str, owner: str, named: Mapping[str, Decimal]) -> Decimal:
    """A person's part of a deal: as named, or what the named leave to an owner who is not among them."""
    if person in named:
        return named[person]
    return max(1 - sum(named.values(), Decimal(0)), Decimal(0)) if person == owner else Decimal(0)


def waterfall(
    deals: list[dict[str, Any]], changes: list[dict[str, Any]], splits: Mapping[str, Mapping[str, Decimal]],
    person: str, window: Window,
) -> dict[str, Decimal]:  # fmt: skip
    """Every step of a person's pipeline due in the window, deal after deal."""
    steps: dict[str, Decimal] = {}
    for deal in deals:
        for step, change in _steps(deal, changes, splits.get(deal["deal_id"], {}), person, window).items():
            steps[step] = steps.get(step, Decimal(0)) + change
    return steps


def _steps(
    deal: dict[str, Any], changes: list[dict[str, Any]], named: Mapping[str, Decimal], person: str, window: Window
) -> dict[str, Decimal]:
    created, closed_on = (
        date.fromisoformat(deal["created_on"]),
        deal["closed_on"] and date.fromisoformat(deal["closed_on"]),
    )
    if created > window.last or (closed_on and closed_on < window.begin):
        return {}
    before = window.begin - timedelta(days=1)
    existed = created <= before
    # As it stood when the period began, or was created.
    first_day = before if existed else created
    owner, amount, due = (
        value_on(deal, changes, field, first_day) for field in ("owner", "amount", "expected_close_on")
    )
    stood_open = existed and was_open(deal, changes, before, {"Won", "Lost"})
    was_in = stood_open and window.due(date.fromisoformat(due))
    came_in = not existed and window.due(date.fromisoformat(due))
    # As it ended: at its closing, or at the end of the last day.
    closed = closed_on is not None and closed_on <= window.last
    stands_open = not closed and was_open(deal, changes, window.last, {"Won", "Lost"})
    last_day = closed_on if closed else window.last
    last_due = date.fromisoformat(value_on(deal, changes, "expected_close_on", window.last))
    last_owner = value_at(deal, changes, "owner", _closing(deal, changes)) if closed else (
        value_on(deal, changes, "owner", window.last))  # fmt: skip
    last_amount = deal["amount"] if closed else value_on(deal, changes, "amount", window.last)
    is_in = stands_open and (window.all_deals or window.last < last_due <= window.until)
    fell_due = stands_open and window.begin <= last_due <= window.last
    counts = closed and (deal["status"] == "won" or window.due(last_due))
    if not (was_in or came_in or is_in or fell_due or counts):
        return {}
    entry = "start" if was_in else "created" if not existed else "pulled_in" if stood_open else "reopened"
    outcome = deal["status"] if closed else {"Won": "won", "Lost": "lost"}.get(
        value_on(deal, changes, "stage", window.last))  # fmt: skip
    leaves = None if is_in else "pushed_out" if stands_open else outcome
    at_start = Decimal(amount or 0) * window.rate(deal["currency"], before)
    at_first = Decimal(amount or 0) * window.rate(deal["currency"], last_day)
    at_last = Decimal(last_amount or 0) * window.rate(deal["currency"], last_day)
    mine, mine_then = share_of(person, owner, named), share_of(person, last_owner, named)
    steps = {entry: mine * (at_start if was_in else at_first)}
    if was_in:
        steps["currency"] = mine * (at_first - at_start)
    steps["transferred_in" if mine_then > mine else "transferred_out"] = (mine_then - mine) * at_first
    steps["increased" if at_last > at_first else "decreased"] = mine_then * (at_last - at_first)
    if leaves is None:
        steps["end"] = mine_then * at_last
    else:
        steps[leaves] = -mine_then * at_last
    return steps


def _closing(deal: dict[str, Any], changes: list[dict[str, Any]]) -> datetime:
    """The moment right after a deal closed: its change of that day into its stage, else the end of the day."""
    day = deal["closed_on"]
    closings = [
        _at(each) for each in changes
        if each["deal"] == deal["deal_id"] and each["field"] == "stage" and each["new"] == deal["stage"]
        and each["at"][:10] == day
    ]  # fmt: skip
    if closings:
        return max(closings) + timedelta(microseconds=1)
    return datetime.fromisoformat(day) + timedelta(days=1)
