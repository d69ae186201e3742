"""Targets as they are typed: an import refuses what would add up to nobody's target, and reports what looks wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.errors import InputError
from tools.importing import import_source
from tools.sources import read_source
from tools.sources.reading import ReadContext

HEADER = "person,metric,start_on,end_on,value\n"
PEOPLE = "person_id,name\nAnn,Ann\nBen,Ben\nCy,Cy\n"


def notes(folder: Path, rows: str) -> dict[str, str]:
    """Reason → column of the doubtful notes on targets."""
    (folder / "targets.csv").write_text(HEADER + rows)
    report = read_source("csv", folder, ReadContext()).report.to_json()
    return {
        note["reason"]: note["column"] for note in report["tables"]["targets"]["notes"] if note["kind"] == "doubtful"
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.csv").write_text(PEOPLE)
    return tmp_path


def test_overlapping_targets_are_refused_with_both_rows(folder: Path) -> None:
    with pytest.raises(
        InputError, match="targets.csv, row 3: the revenue_won target of Ann overlaps with the one in row 2"
    ):
        notes(folder, "Ann,quota,2026-04-01,2026-06-30,6\nAnn,revenue_won,2026-06-01,2026-08-31,7\n")


def test_months_inside_their_quarter_and_other_peoples_targets_stand(folder: Path) -> None:
    rows = "Ann,quota,2026-04-01,2026-06-30,6\nAnn,quota,2026-04-01,2026-04-30,2\nBen,quota,2026-04-01,2026-06-30,6\n"
    assert notes(folder, rows) == {}


def test_what_nobody_can_mean_is_reported(folder: Path) -> None:
    rows = "Ann,quota,2026-04-01,2026-06-30,60000\nBen,quota,2026-04-01,2026-06-30,6e9\n"
    rows += "Cy,quota,2026-04-01,2026-06-30,50000\nAnn,win_rate,2026-04-01,2026-06-30,60\n"
    assert notes(folder, rows) == {"larger than anybody can mean": "value"}


def test_targets_for_somebody_unknown_are_reported(folder: Path, tmp_path: Path) -> None:
    assert notes(folder, "Anne,quota,2026-04-01,2026-06-30,60000\n") == {
        "names no row of people in this import; kept as it stands": "person"
    }
    # Also where the people came with an earlier import.
    deals = tmp_path / "deals"
    deals.mkdir()
    (deals / "people.csv").write_text(PEOPLE)
    (deals / "deals.csv").write_text("deal_id,owner,status\nd1,Ann,open\n")
    import_source(deals, "csv", tmp_path / "work")
    told = import_source(folder / "targets.csv", "csv", tmp_path / "work", layer="targets").text
    assert "for people whom the workspace does not know, so for nobody: Anne" in told
