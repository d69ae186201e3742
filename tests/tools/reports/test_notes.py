"""What stands below a report: changed definitions and names, the day of a snapshot, money that could not be counted."""

from __future__ import annotations

from datetime import date

from agent.cli.reports import report_text
from tests.tools.metrics.test_definitions import RENAME, RENAMED
from tests.tools.metrics.worlds import AS_OF, world
from tools.organisation import parse_settings
from tools.reports.build import build_report

WORLD = world(
    deals="""
        deal_id  owner  status  type       amount  currency  created_on  expected_close_on  closed_on
        d1       Ann    won     -          100     -         2026-04-01  2026-04-10         2026-04-10
        d2       Ann    won     -          70      -         2026-04-01  2026-05-10         2026-05-10
        d3       Ann    lost    -          -       -         2026-04-01  2026-05-10         2026-05-11
        d4       Ann    won     expansion  -       -         2026-04-01  2026-06-10         2026-06-11
        d5       Ann    won     -          70      GBP       2026-01-01  2026-03-10         2026-03-10
    """,
    forecasts="person start_on end_on category amount submitted_on\nAnn 2026-04-01 2026-06-30 commit 200 2026-04-10",
    targets="person metric start_on end_on value\nAnn quota 2026-04-01 2026-06-30 80",
)
CHANGE = {"definitions": [{"metric": "win_rate", "since": date(2026, 5, 1), "text": "won / all qualified"}]}


def built(name: str, period: str = "2026-Q2", tables=WORLD, settings=None, **options):
    return build_report(tables, name, period, as_of=AS_OF, settings=parse_settings(settings or {}, "test"), **options)


def test_months_on_either_side_of_a_changed_definition_are_marked() -> None:
    found = built("deals_won_and_lost", settings=CHANGE, by="total", every="month")
    assert [line.otherwise for line in found.lines] == [("win_rate",), (), ()]
    assert found.frame()["counted_otherwise"].tolist() == ["win_rate", "", ""]
    document = found.to_dict()
    assert document["rows"][0]["counted_otherwise"] == ["win_rate"] and "counted_otherwise" not in document["rows"][1]
    assert [each["redefined"] for each in document["columns"] if each["key"] == "win_rate"] == [
        [{"since": "2026-05-01", "before": "won / (won + lost), new-business deals closed in the period",
          "after": "won / all qualified"}]
    ]  # fmt: skip
    assert (
        'Win rate * counts "won / all qualified" from 1 May 2026 on and counted '
        '"won / (won + lost), new-business deals closed in the period" until then: not on a par'
    ) in found.notes
    printed = [line for line in report_text(found, bars=False).splitlines() if line.startswith("2026-0")]
    assert ["*" in line for line in printed] == [True, False, False]


def test_nothing_is_marked_where_the_change_lies_outside_what_is_shown() -> None:
    found = built("deals_won_and_lost", "2026-06", settings=CHANGE)
    assert all(line.otherwise == () for line in found.lines) and not any("counts" in note for note in found.notes)
    assert "counted_otherwise" not in found.frame().columns


def test_a_report_shares_the_change_of_the_metric_that_it_shows() -> None:
    change = {"definitions": [{"metric": "quota_attainment", "since": date(2026, 5, 1), "text": "bookings / quota"}]}
    found = built("quota_attainment", settings=change, every="month")
    assert found.lines[0].otherwise == ("attainment",)


def test_a_renamed_stage_is_one_row_and_says_what_it_was_called() -> None:
    found = built("time_in_stage", tables=RENAMED, settings=RENAME)
    assert {line.labels[0]: line.values for line in found.lines}["Discovery"] == (12, 3)
    assert "Discovery was called Demo until 1 May 2026" in found.notes


def test_a_forecast_and_a_snapshot_name_their_day() -> None:
    assert "Commit, Forecast accuracy, Forecast bias as of 30 April 2026" in built("forecast_accuracy").notes
    coverage = built("coverage").notes
    assert "Coverage to go as of 1 June 2026" in coverage
    assert any(note.endswith("Open pipeline as of 30 June 2026") for note in coverage)
    monthly = built("crm_hygiene", by="total", every="month").notes
    assert any("2026-04: 30 April 2026; 2026-05: 31 May 2026" in note for note in monthly)


def test_amounts_and_rates_that_are_missing_are_told() -> None:
    assert "records without an amount, left out of sums of money: 1 of 3" in built("deals_won_and_lost").notes
    first = built("deals_won_and_lost", "2026-Q1")
    assert first.lines[0].values[3] is None
    assert "there is no exchange rate for GBP on 2026-03-10: figures that need it are left empty" in first.notes


def test_columns_that_count_new_business_only_are_named() -> None:
    assert "Win rate: new business only" in built("deals_won_and_lost").notes
    no_types = {**WORLD, "deals": WORLD["deals"].drop(columns="type")}
    assert not any("new business" in note for note in built("deals_won_and_lost", tables=no_types).notes)


def test_targets_are_not_narrowed_with_the_deals() -> None:
    found = built("quota_attainment", where=[("type", "expansion")])
    assert "targets are whole: they are not set by type" in found.notes


def test_a_running_period_says_until_when() -> None:
    found = build_report(WORLD, "deals_won_and_lost", "2026-Q2", as_of=date(2026, 5, 31))
    assert "the period is still running: to date, 31 May 2026 included" in found.notes


def test_a_total_says_whose_results_it_holds_against_what_was_agreed_with_others() -> None:
    both = world(
        deals="""
            deal_id  owner  status  amount  created_on  closed_on
            d1       Ann    won     100     2026-04-01  2026-04-10
            d2       Bob    won     50      2026-04-01  2026-05-10
            d3       Cid    lost    -       2026-04-01  2026-05-11
        """,
        targets="person metric start_on end_on value\nAnn quota 2026-04-01 2026-06-30 80",
    )
    found = built("quota_attainment", tables=both)
    # 150 of a quota of 80, which is Ann's alone; Cid won nothing that could count.
    assert found.lines[-1].values[:3] == (150, 80, 1.875)
    assert "without attainment of their own, but counted in that of Everybody: Bob" in found.notes
    assert not any("of their own" in note for note in built("quota_attainment").notes)
