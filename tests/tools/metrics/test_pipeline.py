"""Pipeline metrics, each worked by hand: what stood open on which day, what slipped, what was foreseen."""

from __future__ import annotations

from datetime import date

import pytest

from tests.tools.metrics.worlds import fact, sheet, why_absent, world
from tools.facts import FactSheet

STAGES = """
    stage  position  kind  probability  late   category
    Talk   1         open  0.1          false  pipeline
    Demo   2         open  0.4          false  best_case
    Offer  3         open  0.8          true   commit
    Won    4         won   1            false  closed
    Lost   5         lost  0            false  omitted
"""

# At the end of 2026-Q2 (30 June) d1 to d4 are open, d5 and d6 were closed in the quarter, d7 came after it.
OPEN = world(
    stages=STAGES,
    deals="""
        deal_id  owner  status  stage  amount  created_on  expected_close_on  closed_on   next_step  slip_reason
        d1       Ann    open    Offer  100     2026-05-01  2026-08-15         -           -          -
        d2       Ann    open    Demo   200     2026-06-20  2026-07-31         -           Call       -
        d3       Ann    open    Offer  400     2026-01-10  2026-09-30         -           -          Legal
        d4       Ann    won     Won    800     2026-03-01  2026-06-15         2026-07-10  -          -
        d5       Ann    won     Won    50      2026-02-01  2026-05-15         2026-05-20  -          -
        d6       Ann    lost    Lost   70      2026-02-01  2026-06-20         2026-06-10  -          -
        d7       Ann    open    Talk   999     2026-07-01  2026-08-01         -           -          -
    """,
    deal_changes="""
        deal  field              old         new         at
        d1    stage              Demo        Offer       2026-05-10T12:00
        d3    stage              Demo        Offer       2026-06-20T12:00
        d3    expected_close_on  2026-06-30  2026-09-30  2026-06-25T12:00
        d3    amount             300         400         2026-07-02T12:00
        d4    stage              Talk        Demo        2026-06-01T12:00
        d4    stage              Demo        Won         2026-07-10T12:00
        d5    stage              Talk        Offer       2026-03-01T00:00
        d5    stage              Offer       Won         2026-05-20T12:00
        d6    stage              Offer       Lost        2026-06-10T12:00
    """,
    activities="""
        activity_id  type     owner  at                deal  status     booked_at
        a1           call     Ann    2026-06-01T09:00  d1    completed  -
        a2           meeting  Ann    2026-07-05T09:00  d3    scheduled  2026-06-28T09:00
        a3           call     Ann    2026-04-02T09:00  d4    completed  -
    """,
    targets="""
        person  metric  start_on    end_on      value
        Ann     quota   2026-04-01  2026-06-30  150
        Ann     quota   2026-07-01  2026-09-30  1000
    """,
    forecasts="""
        person  category   start_on    end_on      amount  submitted_on
        Ann     commit     2026-04-01  2026-06-30  99      2026-04-10
        Ann     commit     2026-04-01  2026-06-30  60      2026-04-30
        Ann     commit     2026-04-01  2026-06-30  55      2026-05-02
        Ann     best_case  2026-04-01  2026-06-30  90      2026-04-30
    """,
)  # fmt: skip

BY_HAND = [
    ("pipeline_deals", 4),  # d1, d2, d3, d4
    ("pipeline_value", 1400),  # 100 + 200 + 300 (raised to 400 in July) + 800
    ("stage_mix[stage=Offer]", 400 / 1400),  # d1, d3
    ("stage_mix[stage=Demo]", 1000 / 1400),  # d2, d4 as it stood in June
    # Due in the next quarter: d1 100, d2 200, d3 300; d4 was due in June. Quota 1,000.
    ("pipeline_coverage", 0.6),
    ("weighted_forecast", 100 * 0.8 + 200 * 0.4 + 300 * 0.8),
    ("forecast_categories[category=commit]", 400),
    ("forecast_categories[category=best_case]", 200),
    # On 1 June: open and due by 30 June: d3 300 (due 30 June then), d4 800, d6 70. To go: 150 - 50.
    ("coverage_to_go", 11.7),
    # Nothing since 31 May: nobody; d1 was called on 1 June, 29 days before the quarter's last day.
    ("stalled_deals", 0),
    ("deals_without_next_step", 1),  # d1; d3 has a meeting planned by then
    # Due in the quarter: d3 and d4, d5, d6 by their dates at its start. Not closed by its end: d3, d4.
    ("slipped_deals", 2),
    ("slipped_deals.value", 1100),
    ("push_rate", 0.5),
    ("slip_reasons[reason=Legal]", 1),
    ("forecast_commit", 60),  # the last one by day 30, 30 April
    ("forecast_best_case", 90),
    ("forecast_accuracy", 1 - 10 / 50),  # won 50, forecast 60
    ("forecast_bias", 10 / 50),
    ("late_stage_conversion", 0.5),  # d5 won, d6 lost, both from Offer
    ("time_in_stage[stage=Talk]", 28.0),  # d5: 1 February to 1 March
    ("time_in_stage[stage=Offer]", (80.5 + 129.5) / 2),  # d5: 1 March to 20 May noon; d6: 1 February to 10 June noon
    ("pipeline_influenced", 900),  # d1 100, d4 800; the meeting on d3 lies in July
]


@pytest.fixture(scope="module")
def anns() -> FactSheet:
    return sheet(OPEN)


@pytest.mark.parametrize(("fact_id", "expected"), BY_HAND)
def test_by_hand(anns: FactSheet, fact_id: str, expected: float) -> None:
    assert anns.fact(fact_id).value == pytest.approx(expected, rel=1e-12)


def test_snapshots_and_forecasts_name_their_day(anns: FactSheet) -> None:
    days = {fact_id: anns.fact(fact_id).as_of for fact_id in ("pipeline_value", "coverage_to_go", "forecast_accuracy")}
    assert days == {
        "pipeline_value": date(2026, 6, 30),
        "coverage_to_go": date(2026, 6, 1),
        "forecast_accuracy": date(2026, 4, 30),
    }


def test_stalled_from_the_thirtieth_quiet_day_on() -> None:
    assert fact(OPEN, "stalled_deals", period="2026-04-01..2026-07-01").records == ("d1", "d4")  # 30 days on
    assert fact(OPEN, "stalled_deals", rules={"stalled_days": 10}).records == ("d1", "d2", "d3", "d4")


def test_without_history_todays_values_stand_and_the_fact_says_so() -> None:
    found = fact({**OPEN, "deal_changes": OPEN["deal_changes"].head(0)}, "pipeline_value")
    assert found.value == 1500  # d3 at its present 400
    assert found.notes == ("there is no history of changes: today's values stand for that day",)


def test_a_deal_lost_and_reopened_was_not_open_in_between() -> None:
    tables = world(
        stages=STAGES,
        deals="deal_id owner status stage amount created_on\nd1 Ann open Demo 100 2026-01-01",
        deal_changes="""
            deal  field  old   new   at
            d1    stage  Demo  Lost  2026-05-01T10:00
            d1    stage  Lost  Demo  2026-08-01T10:00
        """,
    )
    values = [fact(tables, "pipeline_deals", period=period).value for period in ("2026-04", "2026-05", "2026-08")]
    assert values == [1, 0, 1]


def test_the_day_ends_in_the_organisations_zone() -> None:
    # 03:30 UTC on 1 July is still 30 June in New York.
    tables = world(
        deals="deal_id owner status amount created_on\nd1 Ann open 100 2026-01-01",
        deal_changes="deal field old new at\nd1 amount 40 100 2026-07-01T03:30",
    )
    assert fact(tables, "pipeline_value", organisation={"zone": "America/New_York"}).value == 100
    assert fact(tables, "pipeline_value", organisation={"zone": "UTC"}).value == 40


def test_a_due_date_set_within_the_period_makes_a_deal_due() -> None:
    tables = world(
        deals="""
            deal_id  owner  status  amount  created_on  expected_close_on
            d1       Ann    open    100     2026-04-10  2026-08-01
            d2       Ann    open    100     2026-04-10  2026-06-01
            d3       Ann    open    100     2026-01-10  2026-08-01
        """,
        deal_changes="""
            deal  field              old         new         at
            d1    expected_close_on  2026-06-15  2026-08-01  2026-05-01T10:00
            d3    expected_close_on  -           2026-06-10  2026-05-01T10:00
            d3    expected_close_on  2026-06-10  2026-08-01  2026-05-20T10:00
        """,
    )
    assert fact(tables, "slipped_deals").records == ("d1", "d2", "d3")


def test_forecast_accuracy_never_goes_below_0_and_needs_an_actual() -> None:
    far_off = {**OPEN, "forecasts": OPEN["forecasts"].assign(amount="500")}
    assert fact(far_off, "forecast_accuracy").value == 0.0
    nothing_won = {**OPEN, "deals": OPEN["deals"].assign(status="open")}
    assert "nothing was won" in why_absent(sheet(nothing_won), "forecast_accuracy")


def test_forecast_accuracy_waits_for_the_end_of_the_period() -> None:
    found = sheet(OPEN, as_of=date(2026, 6, 10))
    assert why_absent(found, "forecast_accuracy") == "the period is still running"
    assert found.fact("forecast_commit").value == 60


def test_late_stages_are_the_last_two_open_ones_where_nobody_says() -> None:
    stages = OPEN["stages"].drop(columns="late")
    assert fact({**OPEN, "stages": stages}, "deals_without_next_step").records == ("d1", "d4")  # d4 stood in Demo


def test_coverage_to_go_is_absent_once_the_quota_is_met() -> None:
    met = {**OPEN, "targets": OPEN["targets"].assign(value="50")}
    assert "already met" in why_absent(sheet(met), "coverage_to_go")


def test_a_deal_of_unknown_age_is_open_and_the_fact_says_so() -> None:
    found = fact(
        world(deals="deal_id owner status amount created_on\nd1 Ann open 5 -\nd2 Ann open 5 2026-05-01"),
        "pipeline_deals",
    )
    assert (found.value, found.notes[0]) == (2, "open deals without a day of creation, taken as there all along: 1")
