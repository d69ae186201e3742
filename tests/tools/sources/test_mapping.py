"""Mappings: everything a TOML rule can do, and the refusal of what it cannot."""

# ruff: noqa: E501 — rows of exports are as long as they are

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from textwrap import dedent

import pytest

from tools.errors import InputError, NotFound
from tools.sources.mapped import read_mapped
from tools.sources.mapping import load_mapping, parse_mapping, shipped_mappings
from tools.sources.reading import ReadContext, Reading


@pytest.fixture
def mapped(export, tmp_path: Path):
    """Read files through a mapping given as TOML."""

    def read(files: dict[str, str], toml: str, context: ReadContext | None = None) -> Reading:
        file = tmp_path / "own.toml"
        file.write_text(dedent(toml), encoding="utf-8")
        return read_mapped(export(files), context or ReadContext(), str(file))

    return read


def test_every_shipped_mapping_loads():
    assert {"maven", "zoho"} <= set(shipped_mappings())
    for name in shipped_mappings():
        assert load_mapping(name).about


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('colour = "red"', 'unknown key "colour"'),
        ("", "maps no table"),
        ('[[table]]\ninto = "dealz"', 'no table. Did you mean "deals"'),
        ('[[table]]\ninto = "deals"', "neither files nor headers"),
        ('[[table]]\ninto = "deals"\nfiles = "a.csv"\n[table.columns]\nstage = "S"', "does not fill deal_id"),
        (
            '[[table]]\ninto = "deals"\nfiles = "a.csv"\n[table.columns]\ndeal_id = "I"',
            r"does not fill status \(or stage\)",
        ),
        ('[[table]]\ninto = "deals"\nfiles = "a.csv"\n[table.columns]\nammount = "A"', 'Did you mean "amount"'),
        ('[[table]]\ninto = "deals"\nfiles = "a.csv"\n[table.columns]\namount = { frm = "A" }', 'Did you mean "from"'),
        (
            '[[table]]\ninto = "deals"\nfiles = "a.csv"\n[table.columns]\namount = { from = "A", value = "1" }',
            "exactly one of",
        ),
        ('[[table]]\ninto = "deals"\nfiles = "a.csv"\ndate_order = "ymd"', "date_order"),
        ('[[table]]\ninto = "deals"\nfiles = "a.csv"\nzone = "Mars"', "Europe/Stockholm"),
        ('[[table]]\ninto = "deals"\nfiles = 3', "text in quotes"),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(toml: str, says: str):
    with pytest.raises(InputError, match=says):
        parse_mapping(tomllib.loads(toml), "own")


def test_an_unknown_mapping_is_answered_with_the_nearest():
    with pytest.raises(NotFound, match='Did you mean "maven"'):
        load_mapping("mavn")


def test_columns_are_renamed_joined_replaced_and_constant(mapped):
    files = {"a.csv": "Nr,First,Last,State,Product,Sum\n1,Ann,Lee,Yes,GTXPro,2\n2,Bo,,No,GTX Pro,3\n"}
    toml = """
        [[table]]
        into = "deals"
        files = "*.csv"
        currency = "SEK"
        [table.columns]
        deal_id = { from = "Nr", prefix = "x-" }
        owner = { join = ["First", "Last"] }
        status = { from = "State", values = { Yes = "won" }, otherwise = "open" }
        type = { value = "renewal" }
        product = { from = "Product", values = { GTXPro = "GTX Pro" } }
        amount = { from = "Sum", scale = 1000 }
    """
    reading = mapped(files, toml)
    deals = reading.tables["deals"]
    assert deals["deal_id"].tolist() == ["x-1", "x-2"]
    assert deals["owner"].tolist() == ["Ann Lee", "Bo"]
    assert deals["status"].tolist() == ["won", "open"]
    assert deals["type"].tolist() == ["renewal", "renewal"]
    assert deals["product"].tolist() == ["GTX Pro", "GTX Pro"]
    assert deals["amount"].tolist() == [2000, 3000]
    assert deals["currency"].tolist() == ["SEK", "SEK"]


def test_nought_means_no_amount_only_where_the_mapping_says(mapped, notes_of):
    toml = """
        [[table]]
        into = "deals"
        files = "*.csv"
        [table.columns]
        deal_id = "Nr"
        status = "State"
        amount = { from = "Sum", empty = ["0"], empty_when = { State = ["Lost"] } }
        closed_on = { from = "Close", only_when = { State = ["Lost", "Won"] } }
        expected_close_on = { from = "Close", empty_when = { State = ["Lost", "Won"] } }
    """
    files = {"a.csv": "Nr,State,Sum,Close\n1,Lost,0,2026-01-01\n2,Won,0,2026-01-02\n3,Open,0,2026-01-03\n"}
    reading = mapped(files, toml)
    deals = reading.tables["deals"]
    assert deals["amount"].isna().tolist() == [True, False, False]
    assert deals["closed_on"].tolist() == [date(2026, 1, 1), date(2026, 1, 2), None]
    assert deals["expected_close_on"].tolist() == [None, None, date(2026, 1, 3)]
    assert ("changed", "amount", 1) in notes_of(reading.report)


def test_rows_are_chosen_and_the_others_counted(mapped):
    toml = """
        [[table]]
        into = "deals"
        files = "*.csv"
        where = [{ column = "Kind", is = ["deal"] }]
        unless = [{ column = "Gone", because = "deleted in the CRM" }]
        [table.columns]
        deal_id = "Nr"
        status = "State"
    """
    files = {"a.csv": "Nr,State,Kind,Gone\n1,won,Deal,\n2,won,lead,\n3,won,deal,yes\n"}
    reading = mapped(files, toml)
    assert reading.tables["deals"]["deal_id"].tolist() == ["1"]
    reasons = {note.reason: note.count for note in reading.report.notes if note.kind == "left_out"}
    assert reasons == {"Kind is not deal": 1, "deleted in the CRM": 1}


def test_a_row_test_on_a_column_that_is_not_there_is_refused(mapped):
    toml = """
        [[table]]
        into = "deals"
        files = "*.csv"
        where = [{ column = "Kindd", is = ["deal"] }]
        [table.columns]
        deal_id = "Nr"
        status = "State"
    """
    with pytest.raises(InputError, match='no column "Kindd".*Did you mean "Kind"'):
        mapped({"a.csv": "Nr,State,Kind\n1,won,deal\n"}, toml)


def test_another_file_is_looked_up(mapped):
    toml = """
        [[table]]
        into = "deals"
        files = "deals*.csv"
        [table.columns]
        deal_id = "Nr"
        status = "State"
        owner = { from = "Owner", lookup = { files = "users.csv", key = "Id", take = "Name" } }
    """
    files = {
        "deals1.csv": "Nr,State,Owner\n1,won,7\n",
        "deals2.csv": "Nr,State,Owner\n2,won,8\n",
        "users.csv": "Id,Name\n7,Ann\n",
    }
    deals = mapped(files, toml).tables["deals"]
    assert deals["owner"].tolist() == ["Ann", None]


def test_a_derived_id_is_the_same_at_every_import(mapped):
    toml = """
        [[table]]
        into = "deals"
        files = "*.csv"
        [table.columns]
        deal_id = { from = "Id", hash = ["Name", "Created"] }
        status = "State"
    """
    first = mapped({"a.csv": "Name,Created,State\nA,2026-01-01,open\nB,2026-01-01,open\n"}, toml).tables["deals"]
    again = mapped({"a.csv": "Name,Created,State\nB,2026-01-01,won\nA,2026-01-01,lost\n"}, toml).tables["deals"]
    assert first["deal_id"].tolist() == again["deal_id"].tolist()[::-1]
    assert first["deal_id"].nunique() == 2


def test_a_target_ends_where_the_next_begins(mapped):
    toml = """
        [[table]]
        into = "targets"
        files = "*.csv"
        [table.columns]
        person = "Who"
        metric = { value = "quota" }
        start_on = "From"
        end_on = { until_next = "start_on", per = ["person"], last_months = 3 }
        value = "Sum"
    """
    files = {"q.csv": "Who,From,Sum\nAnn,2026-04-01,2\nAnn,2026-01-01,1\nBo,2026-01-01,3\n"}
    targets = mapped(files, toml).tables["targets"]
    assert targets["end_on"].tolist() == [date(2026, 6, 30), date(2026, 3, 31), date(2026, 3, 31)]


def test_what_repeats_is_named_once(mapped):
    toml = """
        [[table]]
        into = "people"
        files = "*.csv"
        distinct = true
        [table.columns]
        person_id = "Boss"
        role = { value = "sales_manager" }
    """
    reading = mapped({"a.csv": "Rep,Boss\nAnn,Zed\nBo,Zed\nCy,\n"}, toml)
    assert reading.tables["people"]["person_id"].tolist() == ["Zed"]
    assert reading.report.added == {"people": 1}


def test_the_mapping_settles_dates_and_decimals(mapped):
    toml = """
        date_order = "mdy"
        decimal = ","
        [[table]]
        into = "deals"
        files = "*.csv"
        [table.columns]
        deal_id = "Nr"
        status = "State"
        amount = "Sum"
        closed_on = "Close"
    """
    deals = mapped({"a.csv": "Nr;State;Sum;Close\n1;won;1.234;03/04/2026\n"}, toml).tables["deals"]
    assert deals["amount"].tolist() == [1234]
    assert deals["closed_on"].tolist() == [date(2026, 3, 4)]


def test_a_mapping_that_fits_no_file_says_what_it_saw(mapped):
    toml = '[[table]]\ninto = "deals"\nfiles = "deals.csv"\n[table.columns]\ndeal_id = "Nr"\nstatus = "State"'
    with pytest.raises(InputError, match=r"reads deals.csv\); files seen: a.csv"):
        mapped({"a.csv": "Nr,State\n1,won\n"}, toml)


def test_a_lookup_climbs_an_organisation_chart(mapped):
    reading = mapped(
        {
            "people.csv": "Id,Login\n1,ann\n2,ben\n3,cy\n",
            "chart.csv": "Login,Node\nann,/1/\nben,/1/1/\ncy,/1/1/1/\n",
            "ids.csv": "Node,Id\n/1/,1\n/1/1/,2\n/1/1/1/,3\n",
        },
        """
        [[table]]
        into = "people"
        files = "people.csv"
        [table.columns]
        person_id = "Id"
        [table.columns.manager]
        from = "Login"
        lookup = [
            { files = "chart.csv", key = "Login", take = "Node" },
            { files = "ids.csv", key = "Node", take = "Id", parent_of = "/" },
        ]
        """,
    )
    assert reading.tables["people"]["manager"].tolist() == [None, "1", "2"]
    assert reading.report.unread_files == {}  # files looked up in are no unread files


def test_a_last_day_becomes_the_first_day_after(mapped):
    reading = mapped(
        {"t.csv": "Who,Team,Until\nann,East,2026-03-31\nann,West,\n"},
        """
        [[table]]
        into = "memberships"
        files = "t.csv"
        [table.columns]
        person = "Who"
        team = "Team"
        to_on = { from = "Until", plus_days = 1 }
        """,
    )
    assert reading.tables["memberships"]["to_on"].tolist() == [date(2026, 4, 1), None]
