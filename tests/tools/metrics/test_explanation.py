"""A number opened: the formula, its numbers, and records that add up to it."""

from __future__ import annotations

import json

import pytest

from tests.tools.metrics.test_pipeline import OPEN
from tests.tools.metrics.worlds import AS_OF, world
from tools.errors import NotFound
from tools.metrics.build import explain
from tools.metrics.explanation import Explanation


def opened(fact_id: str) -> Explanation:
    return explain(OPEN, "Ann", "2026-Q2", fact_id, as_of=AS_OF)


def test_the_formula_and_its_numbers() -> None:
    found = opened("push_rate")
    assert (found.formula, found.numbers, found.fact.value) == ("slipped / due", {"slipped": 2, "due": 4}, 0.5)


def test_records_show_what_each_adds() -> None:
    added = {record["deal_id"]: record["value"] for record in opened("pipeline_value").records}
    assert added == {"d1": 100, "d2": 200, "d3": 300, "d4": 800}  # as they stood in June


def test_a_part_is_opened_by_its_own_id() -> None:
    assert [record["deal_id"] for record in opened("stage_mix[stage=Offer]").records] == ["d1", "d3"]


@pytest.mark.parametrize("shown", ["Share of open pipeline, stage Offer", "share of open pipeline (offer)"])
def test_a_part_is_opened_as_it_is_shown(shown: str) -> None:
    found = opened(shown)
    assert found.id == "stage_mix[stage=Offer]" and [record["deal_id"] for record in found.records] == ["d1", "d3"]


def test_forecasts_are_shown_as_submitted() -> None:
    (record,) = opened("forecast_commit").records
    assert (record["category"], record["amount"]) == ("commit", 60)


def test_what_is_absent_says_why() -> None:
    found = opened("renewal_rate")
    assert (found.fact, found.records) == (None, ())
    assert "no renewals on record" in found.absent.reason


def test_an_unknown_metric_names_the_nearest() -> None:
    with pytest.raises(NotFound, match='Did you mean "win_rate"'):
        opened("win_rat")


def test_a_split_metric_says_how_to_ask() -> None:
    with pytest.raises(NotFound, match=r"ask for stage_mix\[stage=…\]"):
        opened("stage_mix")


def test_it_is_json_and_text() -> None:
    found = opened("revenue_won")
    assert json.loads(json.dumps(found.to_dict()))["records"][0]["deal_id"] == "d5"
    assert "revenue = 50" in found.render()


def test_a_hostile_name_cannot_move_the_cursor() -> None:
    tables = {**OPEN, "deals": OPEN["deals"].assign(name="evil\x1b[2J")}
    assert "\x1b" not in explain(tables, "Ann", "2026-Q2", "deals_won", as_of=AS_OF).render()


def test_a_metric_is_found_by_its_label_however_written() -> None:
    assert opened("win RATE").id == "win_rate"


def test_what_lacks_exchange_rates_names_them_all_and_shows_no_part_of_a_sum() -> None:
    deals = """
        deal_id  owner  status  amount  currency  closed_on
        d1       Ann    won     100     USD       2026-05-01
        d2       Ann    won     100     GBP       2026-05-01
        d3       Ann    won     100     SEK       2026-05-01
    """
    found = explain(world(deals=deals), "Ann", "2026-Q2", "revenue_won", as_of=AS_OF)
    assert "GBP" in found.absent.reason and "SEK" in found.absent.reason
    assert found.numbers == {}
    assert "No records behind it" not in found.render()


def test_it_names_who_is_in_the_team_value() -> None:
    deals = """
        deal_id  owner  status  amount  closed_on
        d1       Ann    won     100     2026-05-01
        d2       Bob    won     200     2026-05-01
        d3       Cyd    won     300     2026-05-01
    """
    found = explain(world(deals=deals), "Ann", "2026-Q2", "revenue_won", as_of=AS_OF)
    assert found.group == ("Ann", "Bob", "Cyd")
    assert "200 over 3 comparable people, this one included: Ann, Bob, Cyd" in found.render()
