"""Fact sheets: for one person or team, or for everybody, from a workspace or from pandas frames.

    build_facts(source, "Moses Frase", "2017-Q3", as_of=date(2017, 12, 31))    one sheet
    build_many(source, ["Moses Frase", "East"], …), build_all(source, …)       several, everybody: the same queries
    explain(source, "Moses Frase", "2017-Q3", "win_rate", as_of=…)             one number, opened

`who` is an id, an e-mail, a name or an unambiguous part of one, or a team. `as_of` is the last day that counts: a
period still running ends with it. `kpis` names per role the metrics that a summary must not hide; the workspace's own
settings speak louder.

Whoever asks often keeps a database open and gives that: `with workspace.database() as source: …`. Threads may share it,
for every call works at a cursor of its own; it shows the workspace as it was when it was opened.

All raise `NotFound` for an unknown person or metric and `InputError` for an impossible period.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tools.database import Database
from tools.errors import NotFound
from tools.facts import FactSheet
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.engine import Engine
from tools.metrics.explanation import Explanation, find_fact, open_fact
from tools.metrics.sheets import Sheets
from tools.metrics.subjects import Subject, active_subjects, find_subject
from tools.organisation import Settings
from tools.periods import parse_period
from tools.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    Source = Workspace | Database | Mapping[str, pd.DataFrame]
    Kpis = Mapping[str, Sequence[str]]


def build_facts(
    source: Source, who: str, period: str, *, as_of: date, kpis: Kpis | None = None, settings: Settings | None = None
) -> FactSheet:
    """The fact sheet of one person or team."""
    return build_many(source, [who], period, as_of=as_of, kpis=kpis, settings=settings)[0]


def build_many(
    source: Source, who: Sequence[str], period: str, *, as_of: date, kpis: Kpis | None = None,
    settings: Settings | None = None,
) -> list[FactSheet]:  # fmt: skip
    """The fact sheets of several people or teams, in the order asked for."""
    with open_engine(source, period, as_of=as_of, settings=settings) as engine:
        subjects = [find_subject(engine.database, each, engine.period) for each in who]
        return _sheets(engine, subjects, kpis)


def build_all(
    source: Source, period: str, *, as_of: date, kpis: Kpis | None = None, settings: Settings | None = None
) -> list[FactSheet]:
    """The fact sheets of everybody active in the period, by person id, computed in one set-based pass."""
    with open_engine(source, period, as_of=as_of, settings=settings) as engine:
        return _sheets(engine, active_subjects(engine.database, engine.period), kpis)


def require_records(sheet: FactSheet) -> None:
    """Raise `NotFound` for a sheet without a single fact because its period lies before or after all records."""
    outside = [each.reason for each in sheet.absent if " on record begin on " in each.reason or
               " on record end on " in each.reason]  # fmt: skip
    if not sheet.facts and outside:
        raise NotFound(f"Nothing is on record of {sheet.person} for {sheet.period}: {outside[0]}.")


def explain(
    source: Source, who: str, period: str, fact_id: str, *, as_of: date, kpis: Kpis | None = None,
    settings: Settings | None = None,
) -> Explanation:  # fmt: skip
    """One number opened: what it means, the formula and the numbers in it, and the records behind it."""
    with open_engine(source, period, as_of=as_of, settings=settings) as engine:
        opened = find_fact(fact_id, engine.metrics)
        subject = find_subject(engine.database, who, engine.period)
        # Why it does not apply to somebody is an explanation, too.
        metric = replace(opened.metric, subjects=("person", "team"))
        figures = engine.compute([metric], [subject])
        found = Sheets(engine, [metric], figures, kpis or {}).facts(subject)
        return open_fact(engine, subject, opened._replace(metric=metric), figures, found)


@contextmanager
def open_engine(source: Source, period: str, *, as_of: date, settings: Settings | None = None) -> Iterator[Engine]:
    """An engine over the source's tables for that period; what it made is gone afterwards."""
    if not isinstance(source, Workspace | Database):
        source = Workspace.of(source, settings)
    fiscal_year_start = source.settings.organisation.fiscal_year_start
    parsed = parse_period(period, as_of=as_of, fiscal_year_start=fiscal_year_start)
    with source.cursor() if isinstance(source, Database) else source.database() as database:
        yield Engine(database, parsed, as_of, ROWS, metrics_of(source.settings))


def _sheets(engine: Engine, subjects: Sequence[Subject], kpis: Kpis | None) -> list[FactSheet]:
    figures = engine.compute(engine.metrics, list({subject.key: subject for subject in subjects}.values()))
    sheets = Sheets(engine, engine.metrics, figures, kpis or {})
    return [sheets.sheet(subject) for subject in subjects]
