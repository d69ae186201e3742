"""Workspaces: layers are swapped in whole, settings are the owner's, people are found however they are named."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pandas as pd
import pytest

from tools.errors import InputError, NotFound, SettingsError
from tools.organisation import Settings, parse_settings
from tools.workspace import Workspace, publish_layer

PEOPLE = pd.DataFrame({"person_id": ["u1", "u2"], "name": ["Ann Lee", "Bo Ek"], "email": ["ann@x.io", None]})


def _deals(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({"deal_id": ["d1", "d2"], "status": ["won", "open"], **columns})


def _publish(path: Path, name: str = "crm", **tables: pd.DataFrame) -> bool:
    return publish_layer(path, name, tables, {"rows": 1}, zone="UTC", proposal="# mine\n")


def test_importing_twice_changes_nothing(tmp_path: Path) -> None:
    assert _publish(tmp_path, deals=_deals())
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert not _publish(tmp_path, deals=_deals())
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before


def test_a_second_export_replaces_its_own_layer_only(tmp_path: Path) -> None:
    _publish(tmp_path, "crm", deals=_deals())
    _publish(tmp_path, "hr", people=PEOPLE)
    _publish(tmp_path, "crm", deals=_deals(owner=["u1", "u1"]))
    with Workspace.open(tmp_path).database() as database:
        assert database.rows("SELECT owner FROM deals") == [("u1",), ("u1",)]
        assert database.rows("SELECT count(*) FROM people") == [(2,)]


def test_the_later_layer_speaks_for_a_row_that_two_have(tmp_path: Path) -> None:
    _publish(tmp_path, "crm", deals=_deals(name=["old", "kept"]))
    _publish(tmp_path, "fix", deals=pd.DataFrame({"deal_id": ["d1"], "status": ["lost"], "name": ["new"]}))
    with Workspace.open(tmp_path).database() as database:
        assert database.rows("SELECT deal_id, name FROM deals ORDER BY 1") == [("d1", "new"), ("d2", "kept")]


def test_settings_are_proposed_once_and_never_rewritten(tmp_path: Path) -> None:
    _publish(tmp_path, deals=_deals())
    (tmp_path / "workspace.toml").write_text("# edited\n")
    _publish(tmp_path, deals=_deals(owner=["u1", None]))
    assert (tmp_path / "workspace.toml").read_text() == "# edited\n"


@pytest.mark.parametrize("written", ["u1", "U1 ", "ann@X.io", "Ann Lee", "ann lee", "AL"])
def test_an_owner_is_found_by_id_e_mail_name_or_alias(written: str) -> None:
    settings = parse_settings({"people": [{"name": "Ann Lee", "aliases": ["AL"]}]}, "test")
    with Workspace.of({"people": PEOPLE, "deals": _deals(owner=[written, None])}, settings).database() as database:
        assert database.rows("SELECT owner FROM deals WHERE deal_id = 'd1'") == [("u1",)]


def test_a_name_that_two_people_bear_names_nobody() -> None:
    twins = pd.DataFrame({"person_id": ["u1", "u2"], "name": ["Ann Lee", "Ann Lee"]})
    with Workspace.of({"people": twins, "deals": _deals(owner=["Ann Lee", None])}).database() as database:
        assert database.rows("SELECT owner FROM deals WHERE deal_id = 'd1'") == [("Ann Lee",)]


def test_settings_say_what_the_source_does_not() -> None:
    settings = parse_settings({"people": [{"name": "Bo Ek", "role": "sdr"}, {"name": "New One"}]}, "test")
    with Workspace.of({"people": PEOPLE}, settings).database() as database:
        rows = database.rows("SELECT name, role FROM people ORDER BY name")
    assert rows == [("Ann Lee", "sales_rep"), ("Bo Ek", "sdr"), ("New One", "sales_rep")]


def test_targets_may_lie_in_a_file_beside_the_settings(tmp_path: Path) -> None:
    _publish(tmp_path, people=PEOPLE)
    (tmp_path / "workspace.toml").write_text('[files]\ntargets = "targets.csv"\n')
    (tmp_path / "targets.csv").write_text(
        "person,metric,start_on,end_on,value\nAnn Lee,quota,2026-04-01,2026-06-30,504500\n"
    )
    with Workspace.open(tmp_path).database() as database:
        assert database.rows("SELECT person, value FROM targets") == [("u1", 504500.0)]


def test_a_targets_file_without_a_needed_column_says_which(tmp_path: Path) -> None:
    _publish(tmp_path, people=PEOPLE)
    (tmp_path / "workspace.toml").write_text('[files]\ntargets = "targets.csv"\n')
    (tmp_path / "targets.csv").write_text("person,metric\nAnn Lee,quota\n")
    with pytest.raises(InputError, match="no column start_on, end_on, value"):
        Workspace.open(tmp_path).database()


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="salesbrief import"):
        Workspace.open(tmp_path)


def test_days_cut_in_another_zone_are_not_read_silently(tmp_path: Path) -> None:
    _publish(tmp_path, deals=_deals())
    (tmp_path / "workspace.toml").write_text('[organisation]\nzone = "Europe/Stockholm"\n')
    with pytest.raises(InputError, match="import it again"):
        Workspace.open(tmp_path)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"organisation": {"currencie": "EUR"}}, 'Did you mean "currency"'),
        ({"organisation": {"zone": "Mars/Base"}}, "no time zone"),
        ({"people": [{"nam": "x"}]}, 'Did you mean "name"|Field required'),
        ({"rules": {"stalled_day": 3}}, 'Did you mean "stalled_days"'),
        ({"files": {"quotas": "q.csv"}}, "is no table"),
    ],
)
def test_a_typing_mistake_in_the_settings_is_told_with_the_nearest_key(raw: dict, said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        parse_settings(raw, "workspace.toml")


def test_an_import_killed_at_any_moment_leaves_a_whole_workspace(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import sys, pathlib, pandas as pd
        from tools.workspace import publish_layer
        print("ready", flush=True)
        for n in range(10_000):
            deals = pd.DataFrame({"deal_id": [str(i) for i in range(n, n + 50)], "status": ["won"] * 50})
            publish_layer(pathlib.Path(sys.argv[1]), "crm", {"deals": deals}, {}, zone="UTC", proposal="")
    """)
    for delay in (0.05, 0.11, 0.17, 0.29):
        child = subprocess.Popen([sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE)
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(timeout=delay)
        except subprocess.TimeoutExpired:
            os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        if (tmp_path / "current.json").exists():
            with Workspace.open(tmp_path).database() as database:
                assert database.rows("SELECT count(*) FROM deals") == [(50,)]


def test_defaults_are_settings_too() -> None:
    assert Settings().organisation.currency == "USD"


def test_a_targets_file_that_no_setting_names_is_hinted_at(tmp_path: Path) -> None:
    _publish(tmp_path, people=PEOPLE)
    (tmp_path / "workspace.toml").write_text("")
    (tmp_path / "targets.csv").write_text("person,metric,start_on,end_on,value\n")
    with Workspace.open(tmp_path).database() as database:
        assert database.present == {"people"}
        assert database.hints == (
            'targets.csv lies beside workspace.toml but is not used: add targets = "targets.csv" under [files]',
        )
