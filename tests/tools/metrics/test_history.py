"""Snapshots rebuilt from history agree with an obvious replay, whatever happened to the deals."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.metrics.replay import value_on, was_open
from tests.tools.metrics.worlds import sheet, table

STAGES = table("stage position kind\nTalk 1 open\nOffer 2 open\nWon 3 won\nLost 4 lost")
START, DAYS = date(2026, 1, 1), 240
FIELDS = {
    "stage": ["Talk", "Offer", "Lost", "Won"],
    "amount": ["100", "250", "999.5", None],
    "owner": ["Ann", "Ben"],
}

days = st.integers(0, DAYS).map(lambda offset: START + timedelta(days=offset))


@st.composite
def deals_with_history(draw: st.DrawFn) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A few deals, each with consistent changes at distinct instants; the last value is the deal's own."""
    deals, changes = [], []
    for number in range(draw(st.integers(1, 4))):
        deal = {"deal_id": f"d{number}", "created_on": draw(days).isoformat(), "closed_on": None}
        for field, values in FIELDS.items():
            path = draw(st.lists(st.sampled_from(values), min_size=1, max_size=4))
            hours = draw(st.lists(st.integers(0, DAYS * 24), min_size=len(path), max_size=len(path), unique=True))
            instants = [datetime(2026, 1, 1) + timedelta(hours=hour, minutes=1) for hour in sorted(hours)]
            for old, new, at in zip(path, path[1:], instants, strict=False):
                changes.append({"deal": deal["deal_id"], "field": field, "old": old, "new": new, "at": at.isoformat()})
            deal[field] = path[-1]
        deal["status"] = {"Won": "won", "Lost": "lost"}.get(deal["stage"], "open")
        if deal["status"] != "open":
            deal["closed_on"] = draw(days).isoformat()
        deals.append(deal)
    return deals, changes


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deals_with_history(), st.integers(40, 200))
def test_the_pipeline_on_any_day_is_what_a_replay_says(history: Any, offset: int) -> None:
    deals, changes = history
    day = START + timedelta(days=offset)
    frames = {
        "people": table("person_id\nAnn\nBen"),
        "stages": STAGES,
        "deals": pd.DataFrame(deals, dtype="object"),
        "deal_changes": pd.DataFrame(changes, columns=["deal", "field", "old", "new", "at"], dtype="object"),
    }
    period = f"{day - timedelta(days=3)}..{day}"
    expected = {
        deal["deal_id"]: value_on(deal, changes, "amount", day)
        for deal in deals
        if was_open(deal, changes, day, {"Won", "Lost"}) and value_on(deal, changes, "owner", day) == "Ann"
    }
    found = sheet(frames, "Ann", period)
    open_deals = found.fact("pipeline_deals")
    assert set(open_deals.records if open_deals is not None else ()) == set(expected)
    value = found.fact("pipeline_value")
    if value is not None:
        assert value.value == sum(float(amount) for amount in expected.values() if amount is not None)
