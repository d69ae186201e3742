"""Spark with two workers of its own says what the embedded engine says: for everybody, every team, every metric."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from prompts.loader import PromptSet
from tests.benchmarks.organisation import AS_OF, PERIOD, SIZES, write_organisation
from tools.demo.organisation import DEMO, demo_tables
from tools.errors import InputError
from tools.facts import FactSheet
from tools.metrics.build import build_many
from tools.organisation import parse_settings
from tools.workspace import Workspace

pytestmark = [pytest.mark.services, pytest.mark.timeout(1500)]


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A cluster of two worker processes with a core and a gigabyte each."""
    if shutil.which("java") is None:
        pytest.fail("java is not installed; install default-jre-headless")
    from tools.distributed.session import start_session

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        session = start_session("local-cluster[2,1,1024]")
        yield session
        session.stop()


def _everybody(source: Workspace | Mapping[str, pd.DataFrame], settings: Any = None) -> list[str]:
    """Every person and every team there is."""
    workspace = source if isinstance(source, Workspace) else Workspace.of(source, settings)
    with workspace.database() as database:
        people = [row[0] for row in database.rows("SELECT person_id FROM people ORDER BY 1")]
        return people + [row[0] for row in database.rows("SELECT DISTINCT team FROM people WHERE team IS NOT NULL")]


def _leaves(value: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Everything that stands in a sheet, by where it stands."""
    if isinstance(value, dict | list | tuple):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(each, (*path, key))
    else:
        yield path, value


def _assert_the_same(found: list[FactSheet], expected: list[FactSheet]) -> None:
    """Numbers to 1e-9, everything else (reasons, records, notes, order …) to the letter."""
    ours = dict(_leaves([sheet.model_dump() for sheet in found]))
    theirs = dict(_leaves([sheet.model_dump() for sheet in expected]))
    assert ours.keys() == theirs.keys()
    numbers = {path for path, leaf in theirs.items() if isinstance(leaf, float)}
    assert [
        (path, ours[path], theirs[path]) for path in theirs if path not in numbers and ours[path] != theirs[path]
    ] == []
    assert {path: ours[path] for path in numbers} == pytest.approx({path: theirs[path] for path in numbers}, rel=1e-9)


def test_everybody_in_the_demo_has_the_same_sheet(spark: Any) -> None:
    from tools.distributed import build

    tables, kpis = demo_tables(), PromptSet.load().kpis()
    who = _everybody(tables)
    expected = build_many(tables, who, DEMO.period, as_of=DEMO.as_of, kpis=kpis)
    assert sum(len(sheet.facts) for sheet in expected) > 3000 and sum(len(sheet.absent) for sheet in expected) > 500
    _assert_the_same(build.build_many(spark, tables, who, DEMO.period, as_of=DEMO.as_of, kpis=kpis), expected)


def test_everybody_in_a_large_workspace_has_the_same_sheet_worked_out_by_several_processes(
    spark: Any, tmp_path: Path
) -> None:
    from tools.distributed.build import fact_rows, sheet_rows

    workspace, kpis = Workspace.open(write_organisation(SIZES["20k"], tmp_path)), PromptSet.load().kpis()
    who = _everybody(workspace)
    expected = build_many(workspace, who, PERIOD, as_of=AS_OF, kpis=kpis)
    rows = sheet_rows(spark, workspace, who, PERIOD, as_of=AS_OF, kpis=kpis).cache()
    found = {row["who"]: FactSheet.model_validate_json(row["sheet"]) for row in rows.collect()}
    in_order = [found[sheet.person_id or f"team:{sheet.scope.team}"] for sheet in expected]
    _assert_the_same(in_order, expected)

    workers = {row["worker"] for row in rows.collect()}
    assert len(workers) >= 2 and str(os.getpid()) not in {worker.split(":")[-1] for worker in workers}

    facts = [row.asDict() for row in fact_rows(rows).collect()]
    assert len(facts) == sum(len(sheet.facts) + len(sheet.absent) for sheet in expected)
    person = expected[3]
    revenue = next(row for row in facts if (row["who"], row["id"]) == (person.person_id, "revenue_won"))
    assert (revenue["value"], revenue["target"]) == (
        person.fact("revenue_won").value, person.fact("revenue_won").target,
    )  # fmt: skip
    missing = next(row for row in facts if row["absent"] is not None and row["who"] == person.person_id)
    assert missing["value"] is None and missing["absent"] in {each.reason for each in person.absent}


# The organisation is in New York, six people of one role in one team; amounts are what floating point cannot add up.
_SETTINGS = parse_settings({"organisation": {"zone": "America/New_York", "currency": "USD"}}, "workspace.toml")
_PEOPLE = [("a", "Ann Orr", None), ("b", "Bob Ray", None), ("c", "Cy Dee", "Cy@x.org")]
# deal, owner as the source spells it, status, amount, created, closed
_DEALS = [
    ("d1", "a", "won", 0.1, date(2026, 4, 1), date(2026, 4, 11)),  # 10 days
    ("d2", "ANN ORR ", "won", 0.2, date(2026, 4, 1), date(2026, 4, 21)),  # 20 days
    ("d3", "a", "won", 0.7, date(2026, 4, 1), date(2026, 5, 1)),  # 30 days
    ("d4", "b", "won", 5.0, date(2026, 4, 1), date(2026, 5, 12)),  # 41 days; Ann's when it closed, Bob's since
    ("d5", "a", "lost", None, date(2026, 4, 1), date(2026, 6, 30)),
    ("d6", "a", "lost", 9.0, date(2026, 4, 1), date(2026, 6, 30)),
    ("d7", "a", "lost", 9.0, date(2026, 4, 1), date(2026, 6, 30)),
    ("d8", "b", "won", 3.0, date(2026, 4, 1), date(2026, 6, 1)),
    ("d9", "cy@X.org", "lost", 3.0, date(2026, 4, 1), date(2026, 6, 1)),
]
# 23:30 on 31 March and on 30 June in New York; 00:00 on 1 April and on 1 July there.
_CALLS = [
    datetime(2026, 4, 1, 3, 30, tzinfo=UTC), datetime(2026, 7, 1, 3, 30, tzinfo=UTC),
    datetime(2026, 4, 1, 4, 0, tzinfo=UTC), datetime(2026, 7, 1, 4, 0, tzinfo=UTC),
]  # fmt: skip
_HANDED_OVER = datetime(2026, 6, 10, 12, tzinfo=UTC)


def _in_spark(spark: Any) -> dict[str, Any]:
    """Rows in another order; amounts as doubles, instants with a zone, in a session that lives in Tokyo."""
    deals = "deal_id string, owner string, status string, amount double, created_on date, closed_on date"
    calls = [(f"v{n}", "call", "a", at) for n, at in enumerate(_CALLS)]
    return {
        "people": spark.createDataFrame(_PEOPLE, "person_id string, name string, email string"),
        "deals": spark.createDataFrame(_DEALS[::-1], deals).repartition(3),
        "deal_changes": spark.createDataFrame(
            [("d4", "owner", "ann orr", "Bob Ray", _HANDED_OVER)],
            "deal string, field string, old string, new string, at timestamp",
        ),
        "activities": spark.createDataFrame(calls[::-1], "activity_id string, type string, owner string, at timestamp"),
    }


def _in_pandas() -> dict[str, pd.DataFrame]:
    calls = [(f"v{n}", "call", "a", at) for n, at in enumerate(_CALLS)]
    return {
        "people": pd.DataFrame(_PEOPLE, columns=["person_id", "name", "email"]),
        "deals": pd.DataFrame(
            _DEALS, columns=["deal_id", "owner", "status", "amount", "created_on", "closed_on"]
        ).astype({"amount": object}),
        "deal_changes": pd.DataFrame(
            [("d4", "owner", "ann orr", "Bob Ray", _HANDED_OVER)], columns=["deal", "field", "old", "new", "at"]
        ),
        "activities": pd.DataFrame(calls, columns=["activity_id", "type", "owner", "at"]),
    }


@pytest.fixture
def tokyo(spark: Any) -> Iterator[None]:
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    yield
    spark.conf.set("spark.sql.session.timeZone", before)


def test_where_engines_differ_spark_frames_give_what_is_worked_out_by_hand(spark: Any, tokyo: None) -> None:
    from tools.distributed import build

    asked = {"as_of": date(2026, 7, 5), "settings": _SETTINGS}
    who = ["a", "b", "c"]
    found = build.build_many(spark, _in_spark(spark), who, "2026-Q2", **asked)
    ann, bob, cy = ({fact.id: fact.value for fact in sheet.facts} for sheet in found)
    assert ann["sales_cycle_days.median"] == 25  # an even count: between 20 and 30
    assert ann["revenue_won"] == 6  # 0.1 + 0.2 + 0.7 + 5.0, to the cent
    assert ann["win_rate"] == pytest.approx(4 / 7, rel=1e-12)  # not 0, as integers are divided; a bare deal counts
    assert ann["calls"] == 2  # the evening of 30 June is in, that of 31 March is not; nor is 1 July
    assert bob["revenue_won"] == 3 and "win_rate" in bob
    assert cy["revenue_won"] == 0 and cy["win_rate"] == 0  # nothing won is 0; no cycle is none
    assert "sales_cycle_days.median" not in cy
    _assert_the_same(found, build_many(_in_pandas(), who, "2026-Q2", **asked))


def test_a_decimal_and_a_local_timestamp_are_what_they_say(spark: Any, tokyo: None) -> None:
    """A timestamp without a zone is UTC; a decimal keeps its digits; a deal id that is a number matches its history."""
    from tools.distributed import build

    tables = {
        "deals": spark.createDataFrame(
            [(7, "a", "won", Decimal("12345678901234.5678"), date(2026, 5, 1))],
            "deal_id long, owner string, status string, amount decimal(20,4), closed_on date",
        ),
        "activities": spark.sql(
            "SELECT 'v' activity_id, 'call' type, 'a' owner, TIMESTAMP_NTZ'2026-06-30 23:59:59' at"
        ),
    }
    (sheet,) = build.build_many(spark, tables, ["a"], "2026-Q2", as_of=date(2026, 7, 5))
    assert sheet.fact("calls").value == 1
    assert sheet.fact("revenue_won").value == pytest.approx(12345678901234.5678, rel=1e-15)
    assert sheet.fact("revenue_won").records == ("7",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("d1", "a", "Closed Won")], 'The frame deals has status "Closed Won"; it may be open, won, lost.'),
        (
            [("d1", "a", "open"), ("d1", "a", "open")],
            'The frame deals has more than one row with deal_id "d1"; keep one.',
        ),
    ],
)
def test_a_frame_that_cannot_be_is_refused_in_a_sentence(spark: Any, rows: list, sentence: str) -> None:
    from tools.distributed import build

    tables = {"deals": spark.createDataFrame(rows, "deal_id string, owner string, status string")}
    with pytest.raises(InputError) as refused:
        build.build_all(spark, tables, "2026-Q2", as_of=date(2026, 7, 5))
    assert str(refused.value) == sentence
