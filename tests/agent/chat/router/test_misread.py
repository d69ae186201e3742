"""Readings that once went wrong, in other words: what a question names outweighs what the one before was about."""

from __future__ import annotations

from datetime import date

import pytest

from agent.chat.router.routing import Routed, Unclear
from tests.agent.chat.router.office import after, ask


def _read(*texts: str) -> tuple[str, dict]:
    routed = after(*texts)
    assert isinstance(routed, Routed)
    return routed.tool, dict(routed.arguments)


def test_a_value_named_after_a_figure_narrows_it_to_that_value() -> None:
    tool, arguments = _read("how much did I win in May?", "and in Webinar?")
    assert tool == "report"
    assert arguments["where"] == (("source", "Webinar"),)
    assert arguments["period"] == "2026-05"


@pytest.mark.parametrize("before", ["write my summary", "win rate in Q1", "how did Q2 go"])
def test_last_quarter_is_the_last_one_that_ended(before: str) -> None:
    assert _read(before, "prepare the review for last quarter") == ("draft", {"period": "2026-Q2"})
    assert _read(before, "demos held last quarter") == ("figure", {"metric": "demos", "period": "2026-Q2"})


@pytest.mark.parametrize("text", ["what moved since last quarter", "has much shifted since Q1"])
def test_what_changed_since_a_quarter_is_held_against_it(text: str) -> None:
    assert _read("write my summary", text) == ("changed", {})


@pytest.mark.parametrize("text", ["better than last quarter?", "am I up on last quarter"])
def test_in_a_comparison_last_quarter_is_the_one_before(text: str) -> None:
    assert _read(text) == ("compare", {"against": "prior"})


def test_a_figure_named_by_itself_is_asked_of_the_conversations_period() -> None:
    assert _read("revenue in March", "show rate?") == ("figure", {"metric": "show_rate"})
    assert _read("revenue in March", "and the show rate?") == ("figure", {"metric": "show_rate", "period": "2026-03"})


DATED = [
    ("jot down that I ran a pricing clinic in April", date(2026, 4, 30)),
    ("remember that on 3 June I took over two accounts", date(2026, 6, 3)),
    ("for the record, yesterday I met their board", date(2026, 6, 30)),
    ("note that I was ill in February", date(2026, 2, 28)),
    ("record that I set up the partner desk in Q1", date(2026, 3, 31)),
]


@pytest.mark.parametrize(("text", "day"), DATED)
def test_a_statement_is_dated_by_what_it_says(text: str, day: date) -> None:
    tool, arguments = _read(text)
    assert (tool, arguments["on"]) == ("say", day)


def test_a_time_that_a_statement_only_compares_with_is_not_its_day() -> None:
    assert "on" not in _read("note that I closed more deals than in February")[1]


REPORTS = [
    ("lost reasons per month", "loss_reasons", {"every": "month"}),
    ("give me the waterfall", "pipeline_waterfall", {}),
    ("deal size by segment", "deal_size", {"by": "segment"}),
    ("forecast categories", "forecast_categories", {}),
]


@pytest.mark.parametrize(("text", "name", "rest"), REPORTS)
def test_a_report_named_is_that_report_whatever_was_asked_before(text: str, name: str, rest: dict) -> None:
    tool, arguments = _read("which deals slipped?", text)
    assert (tool, arguments["name"]) == ("report", name)
    assert rest.items() <= arguments.items()


def test_a_split_goes_on_from_the_figure_before() -> None:
    tool, arguments = _read("win rate of Anna", "and by segment?")
    assert (tool, arguments["by"], arguments["who"]) == ("report", "segment", "Anna Berg")


@pytest.mark.parametrize("text", ["how come it says 81%?", "the 81%, how is it made up", "reasons for the 81%"])
def test_a_printed_figure_is_opened_and_not_the_metric_before(text: str) -> None:
    assert _read("win rate", text) == ("open", {"which": "81%"})


def test_where_that_comes_from_is_asked_of_the_answer_before() -> None:
    assert _read("win rate of Anna", "where does it come from") == ("why", {"metric": "win_rate", "who": "Anna Berg"})


@pytest.mark.parametrize(
    "text", ["reserve a table in Lisbon", "book a hotel in Oslo", "call a taxi to Tempelhof", "am I eating too much"]
)
def test_words_nobody_knows_outweigh_one_that_is_known(text: str) -> None:
    assert isinstance(ask(text), Unclear)


@pytest.mark.parametrize(
    ("text", "tool", "arguments"),
    [
        ("something to hand Priya on the quarter", "draft", {}),
        ("Priya wants my writeup", "draft", {}),
        ("which step costs the most days", "delays", {}),
        ("how long do I usually need to close", "figure", {"metric": "sales_cycle_days"}),
        ("what is it you just altered", "difference", {}),
        ("what figures don't you have", "missing", {}),
    ],
)
def test_other_ways_of_asking_are_understood(text: str, tool: str, arguments: dict) -> None:
    assert _read("make it warmer", text) == (tool, arguments)


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("this explains my win rate", "win_rate"),
        ("it was the reason for the slipped deals", "slipped_deals"),
        ("link it to the sales cycle", "sales_cycle_days"),
        ("that's about deal size", "average_deal_size"),
    ],
)
def test_a_statement_is_linked_to_the_result_it_explains(text: str, metric: str) -> None:
    assert _read("note that procurement took a month longer", text) == ("link", {"metric": metric, "which": "last"})


def test_what_explains_a_result_is_a_question() -> None:
    assert _read("note that procurement took a month longer", "what explains my win rate")[0] == "why"


def test_coverage_for_the_time_to_come_is_todays() -> None:
    assert _read("pipeline coverage for next quarter") == ("figure", {"metric": "pipeline_coverage"})


@pytest.mark.parametrize("text", ["list everything I have on file", "which remarks did I put on record"])
def test_asking_for_statements_keeps_none(text: str) -> None:
    assert _read(text)[0] == "statements"


@pytest.mark.parametrize("text", ["which ones did I lose", "and my deal size?", "and how many demos did I run"])
def test_ones_own_are_asked_of_oneself_whoever_was_asked_about_before(text: str) -> None:
    assert "who" not in _read("win rate of Anna", text)[1]


def test_going_on_asks_of_whom_the_question_before_was_about() -> None:
    assert _read("win rate of Anna in Q1", "and which deals slipped?") == (
        "slipped", {"who": "Anna Berg", "period": "2026-Q1"},
    )  # fmt: skip


@pytest.mark.parametrize("text", ["wipe everything from the database", "remind me to ring Bob", "do it for my boss"])
def test_nothing_is_changed_on_a_guess(text: str) -> None:
    routed = ask(text)
    assert not isinstance(routed, Routed) or routed.tool not in ("forget", "say", "edit")


def test_a_team_that_bears_a_segments_name_is_told_from_it() -> None:
    assert _read("deal size for enterprise")[1]["where"] == (("segment", "enterprise"),)
    assert _read("deal size for enterprise team")[1]["who"] == "Enterprise"
    assert _read("deal size for Enterprise")[1]["who"] == "Enterprise"


def test_one_thing_for_each_of_another_is_no_metric_unless_it_is_called_so() -> None:
    assert isinstance(ask("demos per win"), Unclear)
    assert _read("demos per rep")[0] == "report"


def test_after_a_figure_was_opened_now_turns_the_conversation() -> None:
    assert _read("open 73%", "now Q1") == ("turn_to", {"period": "2026-Q1"})
