"""The demo organisation as a workspace on disk, as an import would leave it."""

from __future__ import annotations

from pathlib import Path

from tools.demo.organisation import DEMO, demo_tables
from tools.organisation import Organisation
from tools.proposal import propose_settings
from tools.workspace import publish_layer


def publish_demo(path: Path) -> None:
    """Make `path` the demo's workspace. Doing it again changes nothing but what somebody spoilt."""
    tables = demo_tables()
    organisation = Organisation(
        name=DEMO.organisation, currency=DEMO.currency, zone=DEMO.zone, amount_basis=DEMO.amount_basis
    )
    report = {"origin": "salesbrief demo", "tables": {name: len(frame) for name, frame in tables.items()}}
    publish_layer(path, "demo", tables, report, zone=DEMO.zone, proposal=propose_settings(organisation, tables))
