"""An organisation worked out in parts gives the figures of the whole: what reads across owners is known, and listed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.benchmarks.organisation import AS_OF, Size, write_organisation
from tools.demo.publish import publish_demo
from tools.metrics.build import open_engine
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.engine import Engine, Figures
from tools.metrics.queries import ASKED, asked_by, relations
from tools.metrics.shared import SHARED, records_of, write_shared
from tools.metrics.subjects import active_subjects
from tools.workspace import Workspace


@pytest.fixture(scope="module", params=["demo", "generated"])
def workspace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "demo":
        publish_demo(folder)
        return Workspace.open(folder)
    return Workspace.open(write_organisation(Size("tiny", 20, 600), folder))


def _values(figures: Figures) -> dict[tuple, object]:
    """Every value with the records behind it, by subject, period, metric and dimension."""
    whole = {
        (*key, metric): (cell.value, cell.records, cell.unvalued, cell.remarks)
        for key, cells in figures.cells.items()
        for metric, cell in cells.items()
    }
    parts = {
        (*key, metric, value): (cell.value, cell.records)
        for key, cells in figures.split.items()
        for metric, by_value in cells.items()
        for value, cell in by_value.items()
    }
    return whole | parts


def test_people_worked_out_in_parts_have_the_figures_of_the_whole(workspace: Workspace, tmp_path: Path) -> None:
    shared = tmp_path / "shared.duckdb"
    with open_engine(workspace, "2026-Q2", as_of=AS_OF) as engine:
        write_shared(engine, shared)
        people = [
            replace(subject, peers=None, kind="person") for subject in active_subjects(engine.database, engine.period)
        ]
        # Neighbours work on each other's deals: every third is a part, and none of them meets all of a deal's owners.
        parts = [(people[n::3], records_of(engine.database, [each.key for each in people[n::3]])) for n in range(3)]
        whole = _values(engine.compute(engine.metrics, people))
        deals = engine.database.rows("SELECT count(*) FROM deals")[0][0]
    found: dict[tuple, object] = {}
    for members, tables in parts:
        assert len(tables["deals"]) < deals
        with Workspace.of(tables, workspace.settings).database() as database:
            part = Engine(database, engine.period, AS_OF, ROWS, metrics_of(workspace.settings), shared=shared)
            found |= _values(part.compute(part.metrics, members))
    assert found.keys() == whole.keys()
    assert [key for key in found if found[key] != whole[key]] == []


def test_what_is_shared_is_the_same_whoever_is_asked_for() -> None:
    assert {name for name in SHARED if asked_by(name) & {"subjects", "scope", "reports", "peer_members"}} == set()
    assert set(SHARED) <= relations().keys()
    assert {source for relation in relations().values() for source in relation.sources} >= ASKED
