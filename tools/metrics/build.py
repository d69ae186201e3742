"""Fact sheets: for one person or team, or for everybody, from a workspace or from pandas frames.

build_facts(source, "Moses Frase", "2017-Q3", as_of=date(2017, 12, 31))    one sheet
build_all(source, "2017-Q3", as_of=…)                                      everybody active, in the same queries
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from tools.facts import FactSheet
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.engine import Engine
from tools.metrics.sheets import Sheets
from tools.metrics.subjects import active_subjects, find_subject
from tools.organisation import Settings
from tools.periods import parse_period
from tools.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

Kpis = Mapping[str, Sequence[str]]


def build_facts(
    source: Workspace | Mapping[str, pd.DataFrame],
    who: str,
    period: str,
    *,
    as_of: date,
    kpis: Kpis | None = None,
    settings: Settings | None = None,
) -> FactSheet:
    """The fact sheet of one person or team.

    `who` is an id, an e-mail, a name or an unambiguous part of one, or a team. `as_of` is the last day that counts: a
    period still running ends with it. `kpis` names per role the metrics that a summary must not hide; the workspace's
    own settings speak louder. Raises `NotFound` for an unknown person, `InputError` for an impossible period.
    """
    with open_engine(source, period, as_of=as_of, settings=settings) as engine:
        subject = find_subject(engine.database, who, engine.period)
        metrics = metrics_of(engine.database.settings)
        figures = engine.compute(metrics, [subject])
        return Sheets(engine, metrics, figures, kpis or {}).sheet(subject)


def build_all(
    source: Workspace | Mapping[str, pd.DataFrame],
    period: str,
    *,
    as_of: date,
    kpis: Kpis | None = None,
    settings: Settings | None = None,
) -> list[FactSheet]:
    """The fact sheets of everybody active in the period, by person id, computed in one set-based pass."""
    with open_engine(source, period, as_of=as_of, settings=settings) as engine:
        subjects = active_subjects(engine.database, engine.period)
        metrics = metrics_of(engine.database.settings)
        figures = engine.compute(metrics, subjects)
        sheets = Sheets(engine, metrics, figures, kpis or {})
        return [sheets.sheet(subject) for subject in subjects]


@contextmanager
def open_engine(
    source: Workspace | Mapping[str, pd.DataFrame], period: str, *, as_of: date, settings: Settings | None = None
) -> Iterator[Engine]:
    """An engine over the source's tables for that period; its database is closed afterwards."""
    workspace = source if isinstance(source, Workspace) else Workspace.of(source, settings)
    fiscal_year_start = workspace.settings.organisation.fiscal_year_start
    parsed = parse_period(period, as_of=as_of, fiscal_year_start=fiscal_year_start)
    with workspace.database() as database:
        yield Engine(database, parsed, ROWS, as_of)
