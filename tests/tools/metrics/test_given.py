"""The organisation's calendar, written out for speed, is that of the zone's own rules."""

from __future__ import annotations

import pytest

from tools.database import Database
from tools.metrics.given import create_rules
from tools.organisation import parse_settings
from tools.workspace import Workspace

_ZONES = ("UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe",
          "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut")  # fmt: skip


@pytest.fixture(params=_ZONES)
def database(request: pytest.FixtureRequest) -> Database:
    settings = parse_settings({"organisation": {"zone": request.param}}, "workspace.toml")
    with Workspace.of({}, settings).database() as database:
        create_rules(database)
        yield database


def test_an_instant_falls_on_the_day_that_it_was_in_the_zone(database: Database) -> None:
    # Every 25 minutes from 2012 to 2025, so that no change of the clock is missed.
    wrong = database.rows(
        "SELECT count(*), count(*) FILTER (local_day(t) <> CAST(timezone(zone, timezone('UTC', t)) AS DATE)) "
        "FROM (SELECT unnest(range(TIMESTAMP '2012-01-01', TIMESTAMP '2026-01-01', INTERVAL 25 MINUTE)) AS t), rules"
    )
    assert wrong == [(294567, 0)]


def test_a_day_begins_at_midnight_in_the_zone(database: Database) -> None:
    wrong = database.rows(
        "SELECT count(*), list(d) FILTER (midnight(d) <> timezone('UTC', timezone(zone, CAST(d AS TIMESTAMP)))) "
        "FROM (SELECT CAST(unnest(range(DATE '1996-01-01', DATE '2026-01-01', INTERVAL 1 DAY)) AS DATE) AS d), rules"
    )
    assert wrong[0][1] is None
