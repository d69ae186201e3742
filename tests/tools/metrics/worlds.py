"""Tiny organisations written as text, and a slow, obvious reading of them to hold the metric layer against."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from tools.facts import Fact, FactSheet
from tools.metrics.build import build_facts
from tools.organisation import Settings, parse_settings

AS_OF = date(2026, 12, 31)


def table(text: str) -> pd.DataFrame:
    """A frame from aligned text: a header, then rows; `-` is an empty cell."""
    rows = [line.split() for line in text.strip().splitlines()]
    cells = [[None if cell == "-" else cell for cell in row] for row in rows[1:]]
    return pd.DataFrame(cells, columns=rows[0], dtype="object")


def world(**tables: str) -> dict[str, pd.DataFrame]:
    """Canonical tables from text; `people` may be left out."""
    return {name: table(text) for name, text in tables.items()}


def sheet(
    tables: Mapping[str, pd.DataFrame], who: str = "Ann", period: str = "2026-Q2", *, as_of: date = AS_OF, **settings
) -> FactSheet:
    """The fact sheet; `settings` are sections of workspace.toml."""
    parsed: Settings = parse_settings(settings, "workspace.toml")
    return build_facts(dict(tables), who, period, as_of=as_of, settings=parsed)


def fact(tables: Mapping[str, pd.DataFrame], fact_id: str, who: str = "Ann", period: str = "2026-Q2", **more) -> Fact:
    """One fact that must be there."""
    found = sheet(tables, who, period, **more)
    assert found.fact(fact_id) is not None, f"{fact_id} is absent: {why_absent(found, fact_id)}"
    return found.fact(fact_id)


def why_absent(found: FactSheet, metric_id: str) -> str | None:
    """The reason for which a metric is absent."""
    return next((absent.reason for absent in found.absent if absent.id == metric_id), None)
