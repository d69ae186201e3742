"""A reply: kept step by step, ended exactly once, resumed after whatever happened."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.chat.answer import ENDINGS, Event
from agent.chat.desk import Desk
from agent.chat.talk import Talk
from agent.store.conversations import ReplyRunning
from agent.store.stores import Stores
from tests.agent.chat.seller import Calls, talk
from tools.errors import InputError


class Failing:
    def __init__(self, error: BaseException) -> None:
        self.error = error

    async def answer(self, text, history, desk, tell) -> None:
        tell.working("about to fail")
        raise self.error


def test_steps_are_numbered_kept_and_end_once(desk: Desk) -> None:
    events = talk(desk, Calls("overview"), "how am I doing?")
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert [event.kind for event in events if event.kind in ENDINGS] == ["done"] and events[-1].kind == "done"
    assert desk.stores.conversations.events(desk.conversation.id, 2) == events


def test_the_history_is_what_was_said_before(desk: Desk) -> None:
    talk(desk, Calls("overview"), "how am I doing?")
    answerer = Calls("slipped")
    talk(desk, answerer, "which slipped?")
    asked, answered = answerer.history
    assert (asked.author, asked.text) == ("person", "how am I doing?")
    assert answered.author == "salesbrief" and "Revenue won | $80K | $100K | $50K" in answered.text


def test_a_reader_who_left_off_gets_the_rest_once(desk: Desk) -> None:
    events = talk(desk, Calls("draft"), "draft")
    assert desk.stores.conversations.events(desk.conversation.id, 2, after=5) == events[5:]


@pytest.mark.parametrize(
    ("error", "said"),
    [(InputError("No such thing; ask for another."), "No such thing"), (KeyError("secret"), "salesbrief itself")],
)
def test_an_answer_that_fails_says_so_and_the_conversation_goes_on(desk: Desk, error: Exception, said: str) -> None:
    events = talk(desk, Failing(error), "break")
    assert events[-1].kind == "failed" and said in events[-1].text and "secret" not in events[-1].text
    assert talk(desk, Calls("help"), "help")[-1].kind == "done"


def test_a_second_question_waits_for_the_first_answer(desk: Desk) -> None:
    desk.stores.conversations.ask(desk.conversation.id, "first", desk.now())
    with pytest.raises(ReplyRunning):
        talk(desk, Calls("help"), "second")


def test_a_stopped_answer_is_kept_as_interrupted(desk: Desk) -> None:
    class Slow:
        async def answer(self, text, history, desk, tell) -> None:
            tell.working("waiting")
            await asyncio.sleep(60)

    async def stopped() -> list[Event]:
        events: list[Event] = []
        seen = asyncio.Event()

        async def emit(event: Event) -> None:
            events.append(event)
            seen.set()

        task = asyncio.create_task(Talk(desk.stores, desk.conversation.id, desk, Slow()).reply("wait", emit))
        await seen.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return events

    assert [event.kind for event in asyncio.run(stopped())] == ["working", "interrupted"]
    assert desk.stores.conversations.messages(desk.conversation.id)[-1].ended == "interrupted"


def test_stopped_before_it_began_a_reply_is_not_left_open(desk: Desk) -> None:
    async def emit(event: Event) -> None:
        raise AssertionError("nothing is told of it")

    async def stopped() -> None:
        task = asyncio.create_task(Talk(desk.stores, desk.conversation.id, desk, Calls("help")).reply("help", emit))
        await asyncio.sleep(0)
        task.cancel()
        await task

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stopped())
    assert desk.stores.conversations.messages(desk.conversation.id)[-1].ended == "interrupted"


def test_a_reader_that_is_gone_does_not_stop_the_answer(desk: Desk) -> None:
    async def gone(event: Event) -> None:
        raise ConnectionResetError

    asyncio.run(Talk(desk.stores, desk.conversation.id, desk, Calls("overview")).reply("how am I doing?", gone))
    assert desk.stores.conversations.messages(desk.conversation.id)[-1].ended == "done"


def test_killed_in_the_middle_a_conversation_is_resumed(desk: Desk, tmp_path: Path, root: Path) -> None:
    url = f"sqlite:///{tmp_path / 'drafts.db'}"
    program = (
        "import sys, time; from datetime import datetime, UTC; from agent.store.stores import Stores\n"
        "from agent.chat.answer import Event\n"
        f"keep = Stores.open({url!r}).conversations\n"
        f"number = keep.ask({desk.conversation.id!r}, 'draft', datetime.now(UTC))\n"
        f"keep.keep({desk.conversation.id!r}, number, [Event(number=1, kind='working', text='writing')])\n"
        "print('working', flush=True); time.sleep(60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=root)
    assert worker.stdout is not None and worker.stdout.readline() == "working\n"
    keep = Stores.open(url).conversations
    assert keep.messages(desk.conversation.id)[-1].ended is None
    with pytest.raises(ReplyRunning):
        keep.ask(desk.conversation.id, "meanwhile", desk.now())
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert keep.messages(desk.conversation.id)[-1].ended == "interrupted"
    assert [event.kind for event in keep.events(desk.conversation.id, 2)] == ["working", "interrupted"]
    assert talk(desk, Calls("help"), "again")[-1].kind == "done"


def test_an_answer_by_number_is_kept_as_a_statement_on_what_was_asked(desk: Desk) -> None:
    talk(desk, Calls("questions"), "what should I answer?")
    talk(desk, Failing(AssertionError("not asked")), "1: procurement at two accounts took a month")
    (kept,) = desk.stores.statements.about("ada")
    assert (kept.text, kept.metric) == ("procurement at two accounts took a month", "revenue_won")
