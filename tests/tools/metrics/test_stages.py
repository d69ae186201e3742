"""Stages by hand: how deals pass through them, which stay too long, and what stands in them on a day."""

from __future__ import annotations

import pytest

from tests.tools.metrics.worlds import fact, sheet, why_absent, world
from tools.facts import FactSheet

# w1 went through all stages, w2 skipped Demo, l1 was lost in Demo, l2 in Talk, l3 came back from Offer and was lost.
CLOSED = world(
    stages="""
        stage  position  kind
        Talk   1         open
        Demo   2         open
        Offer  3         open
        Won    4         won
        Lost   5         lost
    """,
    deals="""
        deal_id  owner  status  stage  amount  created_on  closed_on
        w1       Ann    won     Won    100     2026-01-05  2026-04-10
        w2       Ann    won     Won    100     2026-01-05  2026-04-10
        l1       Ann    lost    Lost   100     2026-01-05  2026-05-10
        l2       Ann    lost    Lost   100     2026-01-05  2026-05-10
        l3       Ann    lost    Lost   100     2026-01-05  2026-05-10
        l4       Ann    lost    Lost   100     2026-01-05  2026-05-10
    """,
    deal_changes="""
        deal  field  old    new    at
        w1    stage  Talk   Demo   2026-02-01T12:00
        w1    stage  Demo   Offer  2026-03-01T12:00
        w1    stage  Offer  Won    2026-04-10T12:00
        w2    stage  Talk   Offer  2026-02-01T12:00
        w2    stage  Offer  Won    2026-04-10T12:00
        l1    stage  Talk   Demo   2026-02-01T12:00
        l1    stage  Demo   Lost   2026-05-10T12:00
        l2    stage  Talk   Lost   2026-05-10T12:00
        l3    stage  Talk   Offer  2026-02-01T12:00
        l3    stage  Offer  Demo   2026-03-01T12:00
        l3    stage  Demo   Lost   2026-05-10T12:00
    """,
)

BY_HAND = [
    # l4 has no history: it is in no stage's figures. Five deals are.
    ("stage_conversion[stage=Talk]", 4 / 5),  # all but l2
    ("stage_conversion[stage=Demo]", 2 / 3),  # w1, and l3, which had been further; l1 not
    ("stage_conversion[stage=Offer]", 2 / 3),  # w1 and w2 of w1, w2, l3
    ("stage_conversion[stage=Talk].cumulative", 4 / 5),
    ("stage_conversion[stage=Demo].cumulative", 3 / 5),  # w1, w2, l3
    ("stage_conversion[stage=Offer].cumulative", 2 / 5),
    ("stage_conversion[stage=Talk].entered", 5),
    ("stage_conversion[stage=Demo].entered", 3),
    ("stage_conversion[stage=Demo].moved_on", 2),
    ("stage_conversion[stage=Demo].skipped", 1),  # w2
    ("stage_conversion[stage=Talk].lost", 1),  # l2
    ("stage_conversion[stage=Demo].lost", 1),  # l1
    ("stage_conversion[stage=Offer].lost", 1),  # l3, from its furthest stage
]


@pytest.fixture(scope="module")
def anns() -> FactSheet:
    return sheet(CLOSED)


@pytest.mark.parametrize(("fact_id", "expected"), BY_HAND)
def test_by_hand(anns: FactSheet, fact_id: str, expected: float) -> None:
    assert anns.fact(fact_id).value == pytest.approx(expected, rel=1e-12)


def test_records_are_the_deals_that_entered(anns: FactSheet) -> None:
    assert anns.fact("stage_conversion[stage=Demo]").records == ("l1", "l3", "w1")


def test_without_an_order_of_stages_there_is_no_conversion() -> None:
    unordered = {**CLOSED, "stages": CLOSED["stages"].assign(position=None)}
    assert "position in stages" in why_absent(sheet(unordered), "stage_conversion")


# Those that left Talk spent 10 (x1), 6 (x2), 20 (x3), 31 (o3) and 50 days (o4) in it. Nobody has left Offer.
STANDING = world(
    stages="stage position kind category\nTalk 1 open pipeline\nOffer 2 open commit\nWon 3 won closed",
    people="person_id\nAnn\nBen",
    deals="""
        deal_id  owner  status  stage  amount   created_on  closed_on
        x1       Ben    won     Won    1        2026-03-01  2026-04-01
        x2       Ben    won     Won    1        2026-03-01  2026-04-01
        x3       Ben    won     Won    1        2026-03-01  2026-04-01
        o1       Ann    open    Talk   500      2026-06-10  -
        o2       Ann    open    Talk   25000    2026-06-11  -
        o3       Ann    open    Offer  1000     2026-05-01  -
        o4       Ann    open    Offer  -        2026-05-01  -
    """,
    deal_changes="""
        deal  field  old    new    at
        x1    stage  Talk   Won    2026-03-11T00:00
        x2    stage  Talk   Won    2026-03-07T00:00
        x3    stage  Talk   Won    2026-03-21T00:00
        o3    stage  Talk   Offer  2026-06-01T00:00
        o4    stage  Talk   Offer  2026-06-20T00:00
    """,
)  # fmt: skip


def test_a_deal_is_overdue_after_twice_the_usual_days() -> None:
    # The median is 20 days. On 30 June o1 and o2 have been in Talk for 21 and 20; on 21 July for 42 and 41.
    assert fact(STANDING, "overdue_in_stage").value == 0
    found = fact(STANDING, "overdue_in_stage", period="2026-06-01..2026-07-21")
    assert found.records == ("o1", "o2")
    assert found.notes[0] == "open deals in stages that no deal has left yet, not judged: 2"


def test_overdue_in_stage_is_absent_where_nothing_can_be_compared() -> None:
    first = {**STANDING, "deal_changes": STANDING["deal_changes"].tail(1)}
    offers = {**first, "deals": STANDING["deals"].tail(1)}
    assert "no deal has yet left" in why_absent(sheet(offers), "overdue_in_stage")


def test_the_snapshot_splits_by_stage_category_and_size() -> None:
    found = sheet(STANDING)
    parts = {each.id[len("pipeline_snapshot") :]: each.value for each in found.facts
             if each.metric_id == "pipeline_snapshot"}  # fmt: skip
    assert parts == {
        "[stage=Talk]": 25500, "[stage=Offer]": 1000, "[category=pipeline]": 25500, "[category=commit]": 1000,
        "[size=under 1,000]": 500, "[size=1,000 to 9,999]": 1000, "[size=10,000 to 99,999]": 25000,
    }  # fmt: skip


def test_a_forecast_weighted_by_what_stages_were_worth() -> None:
    tables = world(
        stages="stage position kind\nTalk 1 open\nOffer 2 open\nWon 3 won\nLost 4 lost",
        people="person_id\nAnn\nBen",
        deals="""
            deal_id  owner  status  stage  amount  created_on  expected_close_on  closed_on
            c1       Ben    won     Won    1       2026-01-01  -                  2026-03-01
            c2       Ben    lost    Lost   1       2026-01-01  -                  2026-03-01
            c3       Ben    lost    Lost   1       2026-01-01  -                  2026-03-01
            c4       Ben    lost    Lost   1       2024-01-01  -                  2024-03-01
            o1       Ann    open    Talk   600     2026-05-01  2026-08-01         -
            o2       Ann    open    Offer  100     2026-05-01  2026-09-30         -
            o3       Ann    open    Offer  900     2026-05-01  2026-10-01         -
        """,
        deal_changes="""
            deal  field  old    new    at
            c1    stage  Talk   Offer  2026-02-01T12:00
            c1    stage  Offer  Won    2026-03-01T12:00
            c2    stage  Talk   Offer  2026-02-01T12:00
            c2    stage  Offer  Lost   2026-03-01T12:00
            c3    stage  Talk   Lost   2026-03-01T12:00
            c4    stage  Talk   Lost   2024-03-01T12:00
        """,
    )
    # In Talk were c1, c2, c3, of which c1 was won; in Offer c1 and c2; c4 was closed too long ago; o3 is due later.
    found = fact(tables, "weighted_forecast.history")
    assert found.value == pytest.approx(600 / 3 + 100 / 2, rel=1e-9)
    assert found.records == ("o1", "o2")
