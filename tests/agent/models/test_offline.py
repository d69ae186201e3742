"""The model that needs no network: in a draft, in LangChain's own structures, and scripted in a test."""

from __future__ import annotations

import asyncio

import pytest
from langchain_core.messages import AIMessage

from agent.draft import Section
from agent.guard import refusals
from agent.models.answers import ProseAnswer
from agent.models.offline import OfflineChatModel
from tests.agent.models.world import ENGLISH, PLAN, told, write_all

GOOD = {"blocks": [{"style": "paragraph", "sentences": ["Work went on."]}]}


def test_it_writes_every_section_so_that_the_guard_lets_it_through() -> None:
    sections, writer = write_all("offline")
    assert all(isinstance(section, Section) for section in sections)
    assert not any(refusals(section, PLAN.section(section.id), PLAN, ENGLISH) for section in sections)
    assert [attempt.outcome for attempt in writer.attempts] == ["ok"] * len(told())
    assert writer.cost_of(1000, 1000) == 0


def test_it_writes_the_same_twice() -> None:
    assert write_all("offline")[0] == write_all("offline")[0]


def test_scripted_replies_come_in_order_and_are_counted_in_tokens() -> None:
    model = OfflineChatModel(replies=["first", GOOD, AIMessage("third")])
    texts = [model.invoke("hello") for _ in range(3)]
    model.finish()
    assert [text.text[:8] for text in texts] == ["first", '{"blocks', "third"]
    assert all(text.usage_metadata["input_tokens"] == 1 for text in texts)


def test_a_scripted_failure_is_raised() -> None:
    with pytest.raises(TimeoutError):
        OfflineChatModel(replies=[TimeoutError("late")]).invoke("hello")


def test_a_call_too_many_is_an_error() -> None:
    model = OfflineChatModel(replies=["only"])
    model.invoke("hello")
    with pytest.raises(AssertionError, match="call 2 came after the last"):
        model.invoke("hello")


def test_a_reply_that_nobody_asked_for_is_an_error() -> None:
    model = OfflineChatModel(replies=["first", "second"])
    model.invoke("hello")
    with pytest.raises(AssertionError, match="1 scripted replies"):
        model.finish()


def test_it_takes_part_in_structured_output() -> None:
    model = OfflineChatModel(replies=[GOOD]).with_structured_output(ProseAnswer, include_raw=True)
    answered = asyncio.run(model.ainvoke("hello"))
    assert answered["parsed"] == ProseAnswer.model_validate(GOOD)
