"""A slow, obvious replay of a deal's history: change after change, as a person with a pencil would do it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any


def value_on(deal: dict[str, Any], changes: list[dict[str, Any]], field: str, day: date) -> Any:
    """A tracked field at the end of a day (in UTC): undo, from today's value, everything that came later."""
    own = sorted((each for each in changes if each["deal"] == deal["deal_id"] and each["field"] == field), key=_at)
    value = deal.get(field)
    if own:
        value = own[-1]["new"]
    for change in reversed(own):
        if _at(change).date() > day:
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
