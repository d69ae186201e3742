"""What is measured, each in a process of its own: `python -m tests.benchmarks.jobs JOB WORKSPACE`."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from prompts.loader import PromptSet
from tests.benchmarks.measure import measured
from tests.benchmarks.organisation import AS_OF, PERIOD, PERSON
from tests.benchmarks.vectorised import COLUMNS, METRICS, metrics_of_all, metrics_one_by_one, read_tables
from tools.database import Database, connect
from tools.metrics.build import build_facts, open_engine
from tools.metrics.given import comparable_periods
from tools.metrics.subjects import active_subjects
from tools.periods import parse_period
from tools.prepared import FOLDER
from tools.workspace import Workspace

Values = dict[str, dict[str, float | None]]


def floor(workspace: Path) -> int:
    """Read and hash the columns that the main metrics need, once: no engine can be faster."""
    total = 0
    with connect() as connection:
        for name, columns in COLUMNS.items():
            file = workspace / "layers" / "generated" / f"{name}.parquet"
            found = connection.execute(f"SELECT bit_xor(hash({columns})) FROM read_parquet('{file}')").fetchone()
            total ^= found[0]
    return total


def prepare(workspace: Path) -> list[str]:
    """Work out what an import says whoever asks; the relations that are kept."""
    with Workspace.open(workspace).database() as database:
        return sorted(database.kept)


def sheet(source: Path | Database) -> int:
    """One person's fact sheet; how many facts it has."""
    opened = source if isinstance(source, Database) else Workspace.open(source)
    return len(build_facts(opened, PERSON, PERIOD, as_of=AS_OF, kpis=PromptSet.load().kpis()).facts)


def everybody(workspace: Path) -> int:
    """All metrics for everybody and three periods, with team values, dimensions and records; how many values."""
    with open_engine(Workspace.open(workspace), PERIOD, as_of=AS_OF) as engine:
        figures = engine.compute(engine.metrics, active_subjects(engine.database, engine.period))
        return sum(len(cells) for cells in figures.cells.values())


def engine(workspace: Path) -> Values:
    """The main metrics for everybody and three periods, by the metric layer."""
    with open_engine(Workspace.open(workspace), PERIOD, as_of=AS_OF) as opened:
        chosen = [metric for metric in opened.metrics if metric.id in METRICS]
        subjects = active_subjects(opened.database, opened.period)
        figures = opened.compute(chosen, subjects, records=False)
        return {
            f"{subject.key} {period}": {
                metric: _plain(figures.cell(metric, subject.key, period).value) for metric in METRICS
            }
            for subject in subjects
            if subject.kind == "person"
            for period in opened.periods
        }


def vectorised(workspace: Path) -> Values:
    """The same by vectorised pandas."""
    return _values(metrics_of_all(read_tables(workspace / "layers" / "generated"), _periods()))


def loop(workspace: Path) -> Values:
    """The same by a pandas loop over people."""
    return _values(metrics_one_by_one(read_tables(workspace / "layers" / "generated"), _periods()))


def _as_it_is(workspace: Path) -> Path:
    return workspace


def _just_imported(workspace: Path) -> Path:
    """Nothing has been worked out yet."""
    shutil.rmtree(workspace / FOLDER, ignore_errors=True)
    return workspace


def _not_asked_yet(workspace: Path) -> Path:
    """What an import says is worked out, but nobody asked for the period."""
    for kept in workspace.glob(f"{FOLDER}/*/*/"):
        shutil.rmtree(kept)
    return workspace


def _kept_open(workspace: Path) -> Database:
    """A database that has answered before, as a server keeps it."""
    database = Workspace.open(workspace).database()
    sheet(database)
    return database


# What is done before the clock starts, and what is measured.
JOBS: Mapping[str, tuple[Callable[[Path], Any], Callable[[Any], Any]]] = {
    "floor": (_as_it_is, floor),
    "prepare": (_just_imported, prepare),
    "engine": (_not_asked_yet, engine),
    "vectorised": (_as_it_is, vectorised),
    "loop": (_as_it_is, loop),
    "everybody": (_not_asked_yet, everybody),
    "first_sheet": (_not_asked_yet, sheet),
    "sheet": (_as_it_is, sheet),
    "open_sheet": (_kept_open, sheet),
}


def _periods() -> Mapping[str, Any]:
    return comparable_periods(parse_period(PERIOD, as_of=AS_OF, fiscal_year_start=1))


def _values(found: pd.DataFrame) -> Values:
    return {
        f"{person} {row['period']}": {metric: _plain(row[metric]) for metric in METRICS}
        for person, row in found.iterrows()
    }


def _plain(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


if __name__ == "__main__":
    ready, work = JOBS[sys.argv[1]]
    source = ready(Path(sys.argv[2]))
    print(json.dumps(measured(lambda: work(source))._asdict()))
