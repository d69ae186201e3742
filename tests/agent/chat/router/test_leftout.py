"""What a question names is in the answer, or is said to be left out of it, or the question is asked back about."""

from __future__ import annotations

import pytest

from agent.chat.router.parts import route_all
from agent.chat.router.routing import Routed, Unclear
from tests.agent.chat.router.office import SETTING, VOCABULARY, after, ask


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revenue except partners", "left out"),
        ("deals won, not counting Q1", "left out"),
        ("demos not from webinars", "left out"),
        ("how high are wages, and the coverage", "wages"),
        ("deal size if we drop SMB", "foretells"),
        ("what will push rate be", "foretells"),
        ("revenue until May", "one end"),
        ("our smallest client", "client"),
        ("win rate with quibble", "quibble"),
    ],
)
def test_what_no_answer_can_hold_is_asked_back_about(text: str, said: str) -> None:
    routed = ask(text)
    assert isinstance(routed, Unclear)
    assert said in routed.reason or not routed.reason and said == "client"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("deals won above 30k", "not narrowed to 30k"),
        ("coverage by product", "not split by product"),
        ("show rate of each rep", "not split by rep"),
        ("what moved since 2023", "held against the period before, not since 2023"),
    ],
)
def test_what_an_answer_leaves_out_is_said(text: str, said: str) -> None:
    routed = ask(text)
    assert isinstance(routed, Routed)
    assert said in routed.unsure


def test_a_follow_up_that_changes_nothing_is_asked_back_about() -> None:
    routed = after("which deals slipped?", "just inbound")
    assert isinstance(routed, Unclear)
    assert routed.reason == "That answer cannot be narrowed to Inbound."


def _calls(text: str) -> list[tuple[str, dict]]:
    calls = route_all(text, VOCABULARY, SETTING)
    assert not isinstance(calls, Unclear)
    return [(call.tool, dict(call.arguments)) for call in calls]


def test_each_of_several_people_is_answered() -> None:
    assert _calls("deal size of Anna and of Tom") == [
        ("figure", {"metric": "average_deal_size", "who": "Anna Berg"}),
        ("figure", {"metric": "average_deal_size", "who": "Tom Becker"}),
    ]


def test_each_of_several_periods_is_answered() -> None:
    assert [arguments["period"] for _, arguments in _calls("demos in April and in June")] == ["2026-04", "2026-06"]


def test_each_of_several_metrics_is_answered() -> None:
    assert [arguments["metric"] for _, arguments in _calls("push rate and coverage")] == [
        "push_rate", "pipeline_coverage",
    ]  # fmt: skip


def test_periods_far_apart_are_shown_beside_each_other() -> None:
    assert [arguments["period"] for _, arguments in _calls("compare deal size in Q2 to Q3 2024")] == [
        "2026-Q2", "2024-Q3",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["revenue Q1 vs Q2", "revenue in Q2 versus in Q1"])
def test_of_two_periods_the_later_is_held_against_the_earlier(text: str) -> None:
    assert _calls(text) == [("compare", {"metric": "revenue_won", "period": "2026-Q2", "against": "prior"})]


@pytest.mark.parametrize(
    "text", ["coverage for everyone on my team", "push rate of everybody", "sort the reps by demos"]
)
def test_everyone_is_each_of_the_people(text: str) -> None:
    routed = ask(text)
    assert isinstance(routed, Routed)
    assert (routed.tool, routed.arguments.get("by")) == ("report", "rep")
