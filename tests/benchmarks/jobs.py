"""What is measured, each in a process of its own: `python -m tests.benchmarks.jobs JOB WORKSPACE`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from prompts.loader import PromptSet
from tests.benchmarks.measure import measured
from tests.benchmarks.organisation import AS_OF, PERIOD, PERSON
from tests.benchmarks.vectorised import COLUMNS, METRICS, metrics_of_all, metrics_one_by_one, read_tables
from tools.database import connect
from tools.metrics.build import build_facts, open_engine
from tools.metrics.given import comparable_periods
from tools.metrics.subjects import active_subjects
from tools.periods import parse_period
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


def sheet(workspace: Path) -> int:
    """One person's fact sheet; how many facts it has."""
    return len(build_facts(Workspace.open(workspace), PERSON, PERIOD, as_of=AS_OF, kpis=PromptSet.load().kpis()).facts)


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


JOBS: Mapping[str, Callable[[Path], Any]] = {
    job.__name__: job for job in (floor, sheet, everybody, engine, vectorised, loop)
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
    print(json.dumps(measured(lambda: JOBS[sys.argv[1]](Path(sys.argv[2])))._asdict()))
