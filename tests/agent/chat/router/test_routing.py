"""What single questions become: the rules one by one. How well unlisted questions fare is in test_paraphrases."""

from __future__ import annotations

from datetime import date

import pytest

from agent.chat.router.parts import route_all
from agent.chat.router.routing import Routed, Unclear
from tests.agent.chat.router.office import SETTING, VOCABULARY, after, ask

ASKED = [
    ("Draft my Q2 summary", "draft", {"period": "2026-Q2"}),
    ("which deals slipped?", "slipped", {}),
    ("why is my forecast accuracy 73 %?", "why", {"metric": "forecast_accuracy"}),
    ("what delays my deals, by stage?", "delays", {}),
    ("why do I lose in negotiation?", "losses", {"stage": "Negotiation"}),
    ("how did I do against the team, same segment?", "compare", {"against": "team"}),
    ("what changed since last quarter?", "changed", {}),
    ("make the KPI part shorter", "edit", {"wish": "shorter", "section": "kpis"}),
    ("start with the pipeline", "edit", {"wish": "start with pipeline"}),
    ("leave out the activity section", "edit", {"wish": "leave out activity"}),
    ("open 3", "open", {"which": "3"}),
    ("where does 73% come from?", "open", {"which": "73%"}),
    ("win rate", "figure", {"metric": "win_rate"}),
    ("what did I close in EMEA", "report",
     {"name": "deals_won_and_lost", "where": (("territory", "EMEA"),), "by": "total"}),
    ("quota for Anna", "figure", {"metric": "quota_attainment", "who": "Anna Berg"}),
    ("win rate by segment", "report", {"name": "deals_won_and_lost", "by": "segment"}),
    ("who's lagging on my team", "report", {"name": "quota_attainment", "by": "rep", "who": "Commercial North"}),
    ("help", "help", {}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tool", "arguments"), ASKED)
def test_a_question_becomes_one_call(text: str, tool: str, arguments: dict) -> None:
    routed = ask(text)
    assert isinstance(routed, Routed)
    assert (routed.tool, dict(routed.arguments)) == (tool, arguments)


def test_a_statement_is_kept_in_its_own_words_with_its_day() -> None:
    routed = ask("add that I trained two new SDRs in May")
    assert isinstance(routed, Routed)
    assert dict(routed.arguments) == {"text": "I trained two new SDRs in May", "on": date(2026, 5, 31)}


def test_a_statement_needs_no_word_that_asks_to_keep_it() -> None:
    routed = ask("the Q2 dip was procurement at two accounts")
    assert isinstance(routed, Routed)
    assert (routed.tool, routed.arguments["text"]) == ("say", "The Q2 dip was procurement at two accounts")


def test_a_statement_that_gives_a_reason_is_linked_to_its_metric() -> None:
    routed = ask("note that win rate fell because of the price change")
    assert isinstance(routed, Routed)
    assert routed.arguments["metric"] == "win_rate"


FOLLOWING = [
    (("which deals slipped?", "and last quarter?"), "slipped", {"period": "2026-Q1"}),
    (("what is my win rate", "why?"), "why", {"metric": "win_rate"}),
    (("win rate of Anna in Q1", "which ones?"), "records",
     {"metric": "win_rate", "who": "Anna Berg", "period": "2026-Q1"}),
    (("which deals slipped?", "why?"), "why", {"metric": "slipped_deals"}),
    (("win rate", "and for Anna?"), "figure", {"metric": "win_rate", "who": "Anna Berg"}),
    (("win rate of Anna", "what about deal size?"), "figure", {"metric": "average_deal_size", "who": "Anna Berg"}),
    (("make it warmer", "undo that"), "undo_edit", {}),
    (("add that I ran the pricing workshop", "undo that"), "forget", {"which": "last"}),
    (("make it warmer", "show me what changed"), "difference", {}),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "tool", "arguments"), FOLLOWING)
def test_a_short_question_leans_on_the_one_before(texts: tuple[str, ...], tool: str, arguments: dict) -> None:
    routed = after(*texts)
    assert isinstance(routed, Routed)
    assert (routed.tool, dict(routed.arguments)) == (tool, arguments)


@pytest.mark.parametrize(
    "text", ["what's the weather today", "who won the world cup", "write me a poem", "asdf qwer", "?"]
)
def test_what_the_tools_cannot_answer_is_not_answered(text: str) -> None:
    assert isinstance(ask(text), Unclear)


def test_a_mistyped_word_is_read_and_said() -> None:
    routed = ask("what is my forcast accuracy")
    assert isinstance(routed, Routed)
    assert routed.arguments["metric"] == "forecast_accuracy"
    assert "read forcast as forecast" in routed.unsure


def test_what_the_answer_is_not_narrowed_to_is_said() -> None:
    routed = ask("what's stuck in legal")
    assert isinstance(routed, Routed)
    assert (routed.tool, routed.unsure) == ("stuck", "not narrowed to Legal review")


def test_a_why_without_anything_to_open_asks_which_metric() -> None:
    routed = ask("why?")
    assert isinstance(routed, Unclear)
    assert routed.lacking == "metric"


def test_a_name_that_is_not_on_record_is_passed_on_and_not_guessed() -> None:
    routed = ask("win rate of Zora")
    assert isinstance(routed, Routed)
    assert routed.arguments["who"] == "Zora"


def test_two_requests_become_two_calls() -> None:
    calls = route_all("make the KPI part shorter, then show me what changed", VOCABULARY, SETTING)
    assert not isinstance(calls, Unclear)
    assert [call.tool for call in calls] == ["edit", "difference"]


def test_one_wish_of_two_clauses_stays_one() -> None:
    calls = route_all("make it warmer and keep it under 150 words", VOCABULARY, SETTING)
    assert not isinstance(calls, Unclear)
    assert [(call.tool, call.arguments["wish"]) for call in calls] == [("edit", "150 words, warm")]
