"""Figures opened: the records on both sides of one that holds two things against each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd

from agent.chat.answer import Table
from tests.agent.chat.seller import ADA, Calls, office, publish, talk, use
from tools.workspace import publish_layer

CALL = {"person": "ada", "start_on": date(2026, 4, 1), "end_on": date(2026, 6, 30),
        "submitted_on": date(2026, 4, 20), "category": "commit", "amount": 100_000}  # fmt: skip


def test_a_forecasts_accuracy_opens_to_what_was_won_and_to_what_was_committed(tmp_path: Path) -> None:
    publish(tmp_path)
    publish_layer(tmp_path, "calls", {"forecasts": pd.DataFrame([CALL])}, {}, zone="UTC", proposal="")
    desk = office(tmp_path).begin(ADA, "ada", "2026-Q2")
    for tool in ("why", "records"):
        tables = [block for block in use(desk, tool, metric="forecast_accuracy") if isinstance(block, Table)]
        won, committed = tables[-2:]
        assert (won.title, [row[0].text for row in won.rows]) == ("What was won (2)", ["W1", "W2"])
        assert (committed.title, committed.rows[0][-1].text) == ("What was committed (1)", "$100,000")
        assert "Unvalued" not in committed.header
    talk(desk, Calls("why", metric="forecast_accuracy"), "why is my forecast accuracy so?")
    opened = use(desk, "open", which=committed.rows[0][0].record[1])
    assert opened[0].title.startswith("Forecast ")
