"""What is worked out once per import gives the same sheets, is never stale, and where it cannot be, is not missed."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from tests.benchmarks.organisation import AS_OF, PERIOD, Size, write_organisation
from tools import prepared
from tools.demo.publish import publish_demo
from tools.facts import FactSheet
from tools.importing import import_source
from tools.metrics.build import build_all, build_facts, build_many
from tools.reports.build import build_report
from tools.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_organisation(Size("tiny", 20, 600), tmp_path_factory.mktemp("generated"))


@pytest.fixture
def path(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of its own in which even little is prepared."""
    monkeypatch.setattr(prepared, "_WORTHWHILE", 0)
    shutil.copytree(made, tmp_path / "workspace")
    return tmp_path / "workspace"


def _sheets(path: Path, period: str = PERIOD) -> list[FactSheet]:
    return build_many(Workspace.open(path), ["p00003", "p00010"], period, as_of=AS_OF)


def _fresh(path: Path, monkeypatch: pytest.MonkeyPatch, period: str = PERIOD) -> list[FactSheet]:
    with monkeypatch.context() as patch:
        patch.setattr(prepared, "_WORTHWHILE", 2**40)
        return _sheets(path, period)


def _keys(path: Path) -> set[str]:
    return {folder.name for folder in (path / "prepared").iterdir() if folder.is_dir()}


def test_sheets_are_the_same_prepared_or_not(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again = _sheets(path), _sheets(path)
    assert len(_keys(path)) == 1
    assert first == again == _fresh(path, monkeypatch)


def test_everybody_of_the_demo_has_the_same_sheet_prepared_or_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_demo(tmp_path)
    plain = build_all(Workspace.open(tmp_path), PERIOD, as_of=AS_OF)
    monkeypatch.setattr(prepared, "_WORTHWHILE", 0)
    # What one person's sheet leaves behind about their group serves the others'.
    assert build_facts(Workspace.open(tmp_path), plain[1].person_id, PERIOD, as_of=AS_OF) == plain[1]
    assert build_all(Workspace.open(tmp_path), PERIOD, as_of=AS_OF) == plain


def test_other_settings_are_never_answered_from_what_was_prepared(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _sheets(path)
    before = _keys(path)
    settings = path / "workspace.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[rules]\nstalled_days = 3\n", encoding="utf-8")
    assert _sheets(path) == _fresh(path, monkeypatch)
    assert len(_keys(path)) == 1
    assert _keys(path) != before


def test_another_import_is_never_answered_from_what_was_prepared(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _sheets(path)
    before = _keys(path)
    deals = next(path.glob("layers/*/deals.parquet"))
    for gone in deals.parent.glob("activities.parquet"):
        gone.unlink()
    assert _sheets(path) == _fresh(path, monkeypatch)
    assert _keys(path) != before


def test_a_workspace_that_cannot_be_written_to_works_all_the_same(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (path / "prepared").write_text("in the way", encoding="utf-8")
    assert _sheets(path) == _fresh(path, monkeypatch)


def test_other_key_figures_are_placed_among_comparable_people_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def sheet(*kpis: str) -> FactSheet:
        asked = {"account_executive": kpis}
        return build_facts(Workspace.open(path), "p00003", PERIOD, as_of=AS_OF, kpis=asked)

    sheet("win_rate")
    found = sheet("win_rate", "calls")
    assert found.fact("rep_distribution[metric=calls]") is not None
    monkeypatch.setattr(prepared, "_WORTHWHILE", 2**40)
    assert found == sheet("win_rate", "calls")


def test_what_was_prepared_may_be_removed_at_any_time(path: Path) -> None:
    first = _sheets(path)
    with Workspace.open(path).database() as database:
        shutil.rmtree(path / "prepared")
        assert build_many(database, ["p00003", "p00010"], PERIOD, as_of=AS_OF) == first
    assert _sheets(path) == first


def test_an_import_works_it_out_before_anybody_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepared, "_WORTHWHILE", 0)
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "deals.csv").write_text(
        "deal_id,owner,status,amount,closed_on\nd1,Ann,won,100,2026-05-04\n", encoding="utf-8"
    )
    import_source(tmp_path / "export", "csv", tmp_path / "workspace")
    assert (tmp_path / "workspace" / "prepared" / _keys(tmp_path / "workspace").pop() / prepared.FILE).is_file()


def test_what_a_killed_process_left_half_way_is_swept_away(path: Path) -> None:
    (path / "prepared" / ".part-killed").mkdir(parents=True)
    _sheets(path)
    assert not (path / "prepared" / ".part-killed").exists()


def test_a_database_kept_open_answers_several_threads(path: Path) -> None:
    with Workspace.open(path).database() as database, ThreadPoolExecutor(4) as threads:
        asked = [(who, period) for period in (PERIOD, "2026-05") for who in ("p00003", "p00010")]
        found = list(threads.map(lambda each: build_facts(database, *each, as_of=AS_OF), asked))
    assert found == [build_facts(Workspace.open(path), *each, as_of=AS_OF) for each in asked]


def test_a_report_over_some_deals_only_sees_those(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def report() -> object:
        workspace = Workspace.open(path)
        return build_report(workspace, "deal_funnel", PERIOD, as_of=AS_OF, where=[("source", "web")])

    _sheets(path)
    found = report()
    monkeypatch.setattr(prepared, "_WORTHWHILE", 2**40)
    assert found == report()


def test_a_day_later_is_another_day(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_facts(Workspace.open(path), "p00003", PERIOD, as_of=date(2026, 5, 20))
    assert _sheets(path) == _fresh(path, monkeypatch)
