"""Reports by hand in a tiny world, and every report in every split on the demo organisation."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from tests.tools.metrics.worlds import AS_OF, fact, table, world
from tools.demo.organisation import DEMO, demo_tables
from tools.errors import InputError, NotFound
from tools.organisation import Organisation, Settings
from tools.periods import parse_period
from tools.reports.buckets import cut_buckets
from tools.reports.build import build_report
from tools.reports.listing import REPORTS
from tools.reports.saved import read_saved, write_saved

WORLD = world(
    people="""
        person_id  role           manager  team
        Ann        sales_rep      Max      East
        Ben        sales_rep      Max      West
        Max        sales_manager  -        -
    """,
    memberships="""
        person  team  from_on     to_on
        Ben     East  -           2026-05-01
        Ben     West  2026-05-01  -
    """,
    deals="""
        deal_id  owner  status  type  segment  source    amount  created_on  closed_on   lost_reason
        d1       Ann    won     -     smb      Inbound   100     2026-04-01  2026-04-10  -
        d2       Ann    lost    -     smb      Outbound  70      2026-04-01  2026-05-10  Price
        d3       Ben    won     -     large    Inbound   40      2026-03-01  2026-04-20  -
        d4       Ben    won     -     smb      Outbound  10      2026-03-01  2026-06-20  -
        d5       Ben    lost    -     smb      Inbound   20      2026-03-01  2026-06-21  Price
        d6       Nobody lost    -     smb      Inbound   20      2026-03-01  2026-06-21  Price
    """,
    targets="""
        person  metric  start_on    end_on      value
        Ann     quota   2026-04-01  2026-06-30  80
        Ben     quota   2026-04-01  2026-06-30  100
    """,
)  # fmt: skip


def rows(name: str, period: str = "2026-Q2", **options) -> dict[tuple, tuple]:
    """The report's rows: labels → figures."""
    built = build_report(WORLD, name, period, as_of=AS_OF, **options)
    frame = built.frame()
    size = len(built.dimensions)
    cells = frame.astype(object).where(frame.notna(), None).to_numpy().tolist()
    return {tuple(row[:size]): tuple(row[size:]) for row in cells}


def test_quota_attainment_by_rep_and_team() -> None:
    assert rows("quota_attainment") == {
        ("Ann",): (100, 80, 1.25, 20), ("Ben",): (50, 100, 0.5, -50), ("Everybody",): (150, 180, 150 / 180, -30),
    }  # fmt: skip
    # Ben was in East for 30 of the quarter's 91 days, and won 40 there.
    by_team = rows("quota_attainment", by="team")
    assert by_team["East",][:2] == (140, pytest.approx(80 + 100 * 30 / 91))
    assert by_team["West",][:2] == (10, pytest.approx(100 * 61 / 91))


def test_a_report_says_what_the_fact_says() -> None:
    for who in ("Ann", "Ben"):
        assert rows("quota_attainment")[who,][2] == fact(WORLD, "quota_attainment", who).value
        assert rows("deals_won_and_lost")[who,][2] == fact(WORLD, "win_rate", who).value


def test_rows_by_a_column_of_the_records() -> None:
    assert rows("deals_won_and_lost", by="source") == {
        ("Inbound",): (2, 1, 2 / 3, 140), ("Outbound",): (1, 1, 0.5, 10), ("Total",): (3, 2, 0.6, 150),
    }  # fmt: skip
    assert rows("loss_reasons") == {("Price",): (2, 90), ("Total",): (2, 90)}  # d6 is nobody's


def test_what_has_no_value_in_the_column_is_in_the_total_and_told() -> None:
    bare = {**WORLD, "deals": WORLD["deals"].assign(source=["Inbound", *[None] * 5])}
    built = build_report(bare, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, by="source")
    assert [(line.labels, line.values[0]) for line in built.lines] == [(("Inbound",), 1), (("Total",), 3)]
    assert "deals won without a source on record, in the total only: 2" in built.notes


def test_one_person_one_manager_or_one_team() -> None:
    assert set(rows("quota_attainment", who="Ann")) == {("Ann",)}
    assert set(rows("quota_attainment", who="Max")) == {("Ann",), ("Ben",), ("Max",)}
    assert rows("loss_reasons", who="West") == {("Price",): (1, 20), ("Total",): (1, 20)}


def test_only_the_deals_asked_for() -> None:
    assert rows("deals_won_and_lost", where=[("segment", "SMB")])["Ben",] == (1, 1, 0.5, 10)
    with pytest.raises(InputError, match='Did you mean "segment"'):
        rows("deals_won_and_lost", where=[("segmnt", "smb")])


def test_a_value_that_no_deal_has_is_answered_with_those_there_are_the_nearest_first() -> None:
    tables = {**WORLD, "deals": WORLD["deals"].assign(source=["Web", "Web", "Web", "Fair", "Fair", None])}
    with pytest.raises(InputError) as told:
        build_report(tables, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, where=[("source", "fairs")])
    assert str(told.value) == '--where: no deal has source "fairs"; there are Fair, Web.'
    with pytest.raises(InputError, match="no deal on record has a lost_reason"):
        tables["deals"] = tables["deals"].assign(lost_reason=None)
        build_report(tables, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, where=[("lost_reason", "Price")])


def test_a_segment_that_is_the_accounts_is_found() -> None:
    tables = {
        **WORLD,
        "accounts": table("account_id segment\nA1 huge"),
        "deals": WORLD["deals"].assign(account=["A1", None, None, None, None, None], segment=None),
    }
    found = build_report(tables, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, where=[("segment", "huge")]).frame()
    assert found["revenue_won"].tolist() == [100, 100]  # Ann, Everybody


def test_months_add_up_to_the_period_and_cumulate_to_it() -> None:
    whole = rows("deals_won_and_lost", by="total")["Everybody",]
    monthly = rows("deals_won_and_lost", by="total", every="month")
    assert [value[3] for value in monthly.values()] == [140, 0, 10]  # a month without a win is a row, too
    assert sum(value[0] for value in monthly.values()) == whole[0]
    running = rows("deals_won_and_lost", by="total", every="month", cumulative=True)
    assert [value[3] for value in running.values()] == [140, 140, 150]
    assert running["2026-06",] == whole


def test_weeks_cut_by_the_period_are_named() -> None:
    built = build_report(WORLD, "deals_won_and_lost", "2026-Q2", as_of=AS_OF, by="total", every="week")
    assert "only partly within the period: 2026-W14, 2026-W27" in built.notes
    assert cut_buckets(parse_period("2026-Q2", as_of=AS_OF), "month") == []


def test_deals_by_the_day_of_their_creation() -> None:
    # Created in the quarter: d1 (won in April) and d2 (lost in May).
    assert rows("deals_won_and_lost", date_of="create", by="total") == {("Everybody",): (1, 1, 0.5, 100)}
    # Created in March: d3 and d4 won, d5 lost, whenever that was.
    assert rows("deals_won_and_lost", "2026-03", date_of="create", by="total") == {("Everybody",): (2, 1, 2 / 3, 50)}
    with pytest.raises(InputError, match="not about closed deals"):
        rows("coverage", date_of="create")


def test_a_young_cohort_says_how_much_of_it_is_still_open() -> None:
    built = build_report(WORLD, "deals_won_and_lost", "2026-03", as_of=date(2026, 5, 1), date_of="create", by="total")
    assert built.frame()["deals_won"].tolist() == [1]  # d3; d4 and d5 were decided in June
    assert "still open on 2026-05-01: 2 of the 3 deals created in the period" in built.notes


def test_a_period_that_the_records_only_touch_is_marked() -> None:
    notes = build_report(WORLD, "deals_won_and_lost", "2026", as_of=AS_OF).notes
    assert any(note.startswith("deals are on record from 10 April 2026 on") for note in notes)
    assert "closed deals of the period without a known owner, in no row: 1" in notes


def test_what_the_data_lack_is_said() -> None:
    built = build_report({**WORLD, "targets": WORLD["targets"].head(0)}, "quota_attainment", "2026-Q2", as_of=AS_OF)
    assert built.absent["attainment"] == "no targets on record; import it to compute this"


def test_the_records_behind_a_figure_are_in_the_json() -> None:
    row = json.loads(json.dumps(build_report(WORLD, "loss_reasons", "2026-Q2", as_of=AS_OF).to_dict()))["rows"][0]
    assert row == {
        "reason": "Price", "loss_reasons": 2, "loss_reasons.value": 90,
        "records": {"loss_reasons": ["d2", "d5"], "loss_reasons.value": ["d2", "d5"]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "colour"}, "cannot be split by colour; it can by rep, team"),
        ({"every": "day"}, "week, month, quarter"),
        ({"cumulative": True}, "--every month"),
    ],
)
def test_an_impossible_option_is_refused(options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        rows("quota_attainment", **options)


def test_an_unknown_report_suggests_the_nearest() -> None:
    with pytest.raises(NotFound, match='Did you mean "deal_funnel"'):
        rows("deal_funel")


def test_options_are_kept_under_a_name(tmp_path: Path) -> None:
    options = {"report": "deal_size", "by": "team", "where": ["segment=smb"]}
    write_saved(tmp_path, "small", options)
    assert read_saved(tmp_path, "small") == options
    assert read_saved(tmp_path, "deal-size") == {"report": "deal_size"}
    with pytest.raises(InputError, match="is a report already"):
        write_saved(tmp_path, "deal_size", options)
    with pytest.raises(InputError, match="cannot name"):
        write_saved(tmp_path, "../small", options)
    with pytest.raises(NotFound, match='Did you mean "small"'):
        read_saved(tmp_path, "smal")


TABLES = demo_tables()
SETTINGS = Settings(organisation=Organisation(currency=DEMO.currency, zone=DEMO.zone))
SPLITS = [(report.name, by) for report in REPORTS for by in (report.by or (None,))]


@pytest.mark.parametrize(("name", "by"), SPLITS)
def test_every_report_in_every_split_has_rows(name: str, by: str | None) -> None:
    built = build_report(TABLES, name, DEMO.period, as_of=DEMO.as_of, by=by, settings=SETTINGS)
    assert len(built.lines) > 0
    assert isinstance(built.frame(), pd.DataFrame)
    assert built.csv().count("\n") >= len(built.lines) + 1


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_a_report_tells_a_sceptic_what_it_is(report) -> None:
    assert report.shows and report.why and report.title
    assert report.picture < max(1, len(report.columns))
    assert len({column.id for column in report.columns}) == len(report.columns)


def test_the_waterfall_of_every_month_balances() -> None:
    found = build_report(
        TABLES, "pipeline_waterfall", DEMO.period, as_of=DEMO.as_of, every="month", settings=SETTINGS
    ).frame()
    signed = found["pipeline_waterfall"].where(found["step"] != "end", -found["pipeline_waterfall"])
    assert signed.groupby(found["period"]).sum().tolist() == [0, 0, 0]


def test_the_period_may_be_a_single_day_in_the_past() -> None:
    day = "2026-05-17..2026-05-17"
    built = build_report(TABLES, "pipeline_snapshot", day, as_of=date(2026, 7, 5), settings=SETTINGS)
    assert built.frame()["open_deals"].sum() > 0


@pytest.mark.parametrize("name", [report.name for report in REPORTS])
def test_no_report_depends_on_the_order_of_rows_the_names_or_a_stranger(name: str) -> None:
    def figures(tables: dict[str, pd.DataFrame]) -> list[list]:
        built = build_report(tables, name, DEMO.period, as_of=DEMO.as_of, settings=SETTINGS)
        if not built.columns:
            return sorted(sorted(set(line.labels[2:6])) for line in built.lines)
        return [[None if value is None else float(value) for value in line.values] for line in built.lines]

    stranger = pd.DataFrame([{"person_id": "x1", "name": "Xaver Zed", "role": "sdr", "team": "Elsewhere"}])
    people = TABLES["people"].assign(name=[f"Person {n}" for n in range(len(TABLES["people"]))], email=None)
    other = {table: frame.sample(frac=1, random_state=3) for table, frame in TABLES.items()}
    other["people"] = pd.concat([people.sample(frac=1, random_state=3), stranger])
    assert figures(other) == figures(TABLES)


UNDATED = """
    deal_id  owner  status  amount  created_on  closed_on
    o1       Ann    open    -       -           -
    o2       Ann    open    500     2026-02-01  -
    o3       Ann    open    -       2026-02-01  -
    w1       Ann    won     10      2026-02-01  2026-03-01
"""


def test_open_deals_without_a_date_are_counted_and_told_but_not_before_the_first_record() -> None:
    tables = {"deals": table(UNDATED)}
    found = build_report(tables, "pipeline_snapshot", "2026-Q2", as_of=AS_OF, by="total")
    assert [float(each) for each in found.frame()["open_deals"]] == [3]
    assert "Deals: open deals without a day of creation, taken as there all along: 1" in found.notes
    before = build_report(tables, "pipeline_snapshot", "2025-Q2", as_of=AS_OF, by="total")
    assert before.lines == ()
    assert before.absent["open_deals"] == "the deals on record begin on 1 February 2026"
    assert not any("taken as there all along" in note for note in before.notes)


def test_sizes_are_left_out_where_most_deals_have_no_amount() -> None:
    found = build_report({"deals": table(UNDATED)}, "pipeline_snapshot", "2026-Q2", as_of=AS_OF, by="size")
    assert found.absent["open_amount"] == "2 of 3 records have no amount"
    assert {line.labels[0]: line.values for line in found.lines} == {
        "no amount": (None, 2), "under 1,000": (None, 1), "Total": (None, 3),
    }  # fmt: skip
