"""Whole answers of a conversation over the wire, streamed, against the server that misbehaves."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from agent.chat.agent import AgentAnswerer
from agent.chat.answer import Event
from agent.chat.desk import Desk
from agent.settings import Settings
from tests.agent.chat.model import blocks, notices, written
from tests.agent.chat.seller import Calls, talk
from tests.faults.server import FaultServer

QUICK = Settings(timeout=2.0, patience=4.0, attempts=3)
# The first request is answered by a tool's call.
TOOL_THEN = "ok"


def ask(desk: Desk, server: FaultServer, text: str = "where did I fall short?", **settings: object) -> list[Event]:
    settled = replace(QUICK, base_url=server.base_url, **settings)
    return talk(replace(desk, model="openai:gpt-test", settings=settled), AgentAnswerer(), text)


def test_an_answer_streams_over_the_wire(desk: Desk) -> None:
    with FaultServer() as server:
        events = ask(desk, server)
    assert written(events)[0] == "Revenue won came in at $80K, $20K short of the $100K quota."
    assert events[-1].kind == "done"
    assert all(request["body"]["stream"] for request in server.seen)
    assert [event.kind for event in events if event.kind in ("done", "failed")] == ["done"]


@pytest.mark.parametrize("fault", ["429:0.1", "429ms:50", "500", "503", "hangup", "cutstream"])
def test_a_passing_fault_is_asked_again(desk: Desk, fault: str) -> None:
    with FaultServer(fault) as server:
        events = ask(desk, server)
    assert written(events) and notices(events) == []
    assert len(server.seen) == 3


@pytest.mark.parametrize("fault", ["429:0.1", "500", "hangup", "cutstream", "empty"])
def test_a_passing_fault_after_the_tool_is_asked_again(desk: Desk, fault: str) -> None:
    with FaultServer(TOOL_THEN, fault) as server:
        events = ask(desk, server)
    assert written(events)
    tables = [block for block in blocks(events) if block.kind == "table"]
    assert len(tables) == len({block.title for block in tables}), "no tool answered twice"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [("401", "did not accept the key"), ("404", "no such model"), ("quota", "quota"), ("html", "no model's API"),
     ("refusal", "was empty"), ("500", "server failed")],
)  # fmt: skip
def test_a_model_that_cannot_be_had_leaves_the_question_to_the_rules(desk: Desk, fault: str, reason: str) -> None:
    with FaultServer(default=fault) as server:
        events = ask(desk, server)
    assert reason in notices(events)[0] and "read by rules" in notices(events)[0]
    assert any(block.kind == "said" for block in blocks(events))
    assert events[-1].kind == "done"


def test_a_server_that_says_nothing_is_given_up_in_time(desk: Desk) -> None:
    with FaultServer(default="stall") as server:
        started = time.monotonic()
        events = ask(desk, server, timeout=0.4, patience=0.8)
    assert "did not answer in time" in notices(events)[0]
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("fault", ["cutstream", "length", "content_filter"])
def test_an_answer_that_breaks_off_for_good_leaves_what_the_tools_found(desk: Desk, fault: str) -> None:
    with FaultServer(TOOL_THEN, default=fault) as server:
        events = ask(desk, server)
    assert any(block.kind == "said" and block.by == "code" for block in blocks(events))
    assert "own words" in notices(events)[-1]
    assert len(written(events)) == len(set(written(events))), "nothing is said twice"


def test_numbers_of_a_model_are_not_shown(desk: Desk) -> None:
    with FaultServer(default="numbers") as server:
        events = ask(desk, server)
    assert written(events) == ["The table shows it."]
    assert '"4" is a number outside a token' in str(server.seen[-1]["body"]["messages"][-1])


def test_two_conversations_on_two_event_loops_do_not_share_a_connection(desk: Desk) -> None:
    with FaultServer() as server:
        for _ in range(2):
            assert written(ask(desk, server))


def test_a_conversation_of_sixty_questions_keeps_its_requests_short_and_its_first_question_told(desk: Desk) -> None:
    tools = ("slipped", "shortfalls", "changed", "losses")
    sizes = []
    with FaultServer() as server:
        for number in range(60):
            text = f"which deals slipped, and so on? {'really ' * 60}{number}"
            if number % 6:
                talk(desk, Calls(tools[number % 4]), text)
            else:
                ask(desk, server, text)
                sizes.append(_letters(server.seen[-2]))
        events = ask(desk, server, "and what about the first one I asked?")
    assert events[-1].kind == "done"
    assert _letters(server.seen[-2]) < max(sizes[:6]) + 500, "no longer at sixty than at thirty"
    told = server.seen[-2]["body"]["messages"][1]["content"]
    assert "1. “which deals slipped, and so on? really" in told
    assert "→ slipped(); said: {name label slipped_deals} came in at {slipped_deals" in told
    assert "questions in between. What they used: " in told


def _letters(request: dict[str, Any]) -> int:
    return sum(len(str(message["content"])) for message in request["body"]["messages"])
