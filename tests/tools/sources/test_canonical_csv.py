"""`--from csv`: canonical tables as files, and what the report says of every row."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tools.errors import InputError, NotFound
from tools.sources import SOURCES, read_source
from tools.sources.reading import ReadContext

CONTEXT = ReadContext(zone="Europe/Stockholm", currency="EUR")
DEALS = """
    deal_id,name,owner,status,amount,created_on,closed_on,probability
    1,Alpha,Ann,won,100.50,2026-01-02,2026-02-01,1
    2,Beta,Bo,open,,2026-01-03,,0.4
"""


def read(folder, context=CONTEXT):
    return read_source("csv", folder, context)


def test_every_listed_source_can_be_had():
    from importlib import import_module

    for place in SOURCES.values():
        module, _, function = place.partition(":")
        assert callable(getattr(import_module(module), function))


def test_an_unknown_source_is_answered_with_the_nearest():
    with pytest.raises(NotFound, match='Did you mean "hubspot"'):
        read_source("hubspt", None, CONTEXT)


def test_values_come_typed(export):
    deals = read(export({"deals.csv": DEALS})).tables["deals"]
    assert deals["amount"].tolist()[0] == 100.5
    assert deals["closed_on"].tolist() == [date(2026, 2, 1), None]
    assert deals["status"].tolist() == ["won", "open"]
    assert deals["probability"].tolist() == [1.0, 0.4]


def test_rows_read_are_rows_imported_and_left_out(export):
    text = "deal_id,owner,status\n1,Ann,won\n,Bo,lost\n3,Cy,unknown\n4,Di,open\n4,Di,lost\n"
    report = read(export({"deals.csv": text})).report.to_json()["tables"]["deals"]
    assert (report["read"], report["imported"], report["left_out"]) == (5, 2, 3)
    reasons = {note["reason"]: note["count"] for note in report["notes"] if note["kind"] == "left_out"}
    assert reasons == {
        "no deal_id": 1,
        "no status": 1,
        "the same deal_id stands again; the last complete row was taken": 1,
    }


def test_an_example_shows_row_and_raw_value(export):
    text = "deal_id,owner,status,amount\n1,Ann,open,5\n2,Bo,open,five\n"
    (note,) = [note for note in read(export({"deals.csv": text})).report.notes if note.column == "amount"]
    assert str(note.example) == 'row 3 of deals.csv: "five"'
    assert (note.kind, note.count) == ("changed", 1)


def test_the_last_complete_row_of_a_repeated_deal_is_taken(export):
    text = "deal_id,owner,status,amount,closed_on\n1,Ann,won,5,2026-01-01\n1,Ann,won,7,2026-01-01\n1,Ann,won,,\n"
    deals = read(export({"deals.csv": text})).tables["deals"]
    assert deals["amount"].tolist() == [7.0]


def test_contradictory_deals_are_kept_and_counted(export, notes_of):
    text = """
        deal_id,owner,status,amount,created_on,closed_on
        1,Ann,won,5,2026-01-02,
        2,Ann,won,,2026-01-02,2026-01-03
        3,Ann,lost,1,2026-01-05,2026-01-03
        4,,open,1,2026-01-05,
    """
    reading = read(export({"deals.csv": text}))
    assert len(reading.tables["deals"]) == 4
    assert sorted(notes_of(reading.report)) == [
        ("doubtful", "amount", 1),
        ("doubtful", "closed_on", 1),
        ("doubtful", "closed_on", 1),
        ("doubtful", "owner", 1),
    ]


def test_owners_become_people_where_no_list_of_users_is(export):
    reading = read(export({"deals.csv": "deal_id,owner,status\n1,Ann,open\n2,Bo,open\n3,ann ,open\n"}))
    assert reading.tables["people"]["name"].tolist() == ["Ann", "Bo"]
    assert reading.report.to_json()["tables"]["people"]["added"] == 2


def test_an_owner_not_among_the_people_is_kept_and_counted(export, notes_of):
    files = {
        "people.csv": "person_id,name,email\n7,Ann,ann@example.org\n",
        "deals.csv": "deal_id,owner,status\n1,7,open\n2,ANN,open\n3,Ann@example.org,open\n4,Zed,open\n",
    }
    reading = read(export(files))
    assert reading.tables["deals"]["owner"].tolist() == ["7", "ANN", "Ann@example.org", "Zed"]
    assert notes_of(reading.report) == [("doubtful", "owner", 1)]


def test_targets_alone_add_no_people(export):
    text = "owner,metric,start_on,end_on,value\nAnn,quota,2026-01-01,2026-03-31,1000\n"
    assert set(read(export({"targets.csv": text})).tables) == {"targets"}


def test_headers_may_be_spelt_as_people_do(export):
    deals = read(export({"Deals.csv": "Opportunity ID;Sales Rep;Deal Stage;Value\n1;Ann;Closed Won;7,5\n"})).tables[
        "deals"
    ]
    assert deals.iloc[0][["deal_id", "owner", "stage", "status", "amount"]].tolist() == [
        "1",
        "Ann",
        "Closed Won",
        "won",
        7.5,
    ]


def test_unknown_columns_and_files_are_named(export):
    report = read(export({"deals.csv": "deal_id,status,shoe_size\n1,won,43\n", "dealz.csv": "a\n1\n"})).report
    assert report.files[0].unread_columns == ("shoe_size",)
    assert report.unread_files["dealz.csv"].endswith('Did you mean "deals"?')
    assert "columns not used: shoe_size" in report.to_text()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"deals.csv": "dael_id,status\n1,won\n"}, 'no column "deal_id".*Did you mean "dael_id"'),
        ({"deals.csv": "deal_id,amount\n1,5\n"}, 'neither "status" nor "stage"'),
        ({"oppties.csv": "id,stage\n1,won\n"}, "not named after a canonical table"),
        ({"readme.md": "hello"}, "holds no CSV"),
        ({"deals.csv": b""}, "deals.csv is empty"),
        ({"deals.csv": "deal_id,status,Close Date\n1,won,03/04/2026\n"}, "Close Date in deals.csv could be day first"),
    ],
)
def test_a_bad_folder_gets_one_sentence(export, files, says):
    with pytest.raises(InputError, match=says):
        read(export(files))


def test_a_sign_in_the_cell_is_the_rows_currency(export, notes_of):
    text = 'deal_id,owner,status,amount\n1,Ann,won,"$1,200.00"\n2,Ann,won,€5.50\n3,Ann,won,7\n'
    reading = read(export({"deals.csv": text}))
    assert reading.tables["deals"]["currency"].tolist() == ["USD", "EUR", None]
    assert ("doubtful", "currency", 1) in notes_of(reading.report)


def test_a_probability_beyond_all_bounds_is_left_empty(export, notes_of):
    text = "deal_id,owner,status,probability\n1,Ann,open,20\n2,Ann,open,1000\n"
    reading = read(export({"deals.csv": text}))
    assert reading.tables["deals"]["probability"].tolist()[0] == 0.2
    assert ("changed", "probability", 1) in notes_of(reading.report)


def test_a_midnight_instant_belongs_to_the_day_of_the_organisation(export):
    text = "activity_id,type,owner,at\n1,call,Ann,2026-03-31T22:30:00Z\n2,call,Ann,2026-03-31 23:30\n"
    activities = read(export({"activities.csv": text})).tables["activities"]
    assert activities["at"].tolist() == [pd.Timestamp("2026-03-31 22:30"), pd.Timestamp("2026-03-31 21:30")]


def test_reading_twice_gives_the_same(export):
    folder = export({"deals.csv": DEALS})
    first, second = read(folder), read(folder)
    assert first.report.to_json() == second.report.to_json()
    pd.testing.assert_frame_equal(first.tables["deals"], second.tables["deals"])
