"""Replies being written: they go on without a reader, and whoever comes back misses and repeats nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from agent.chat.answer import ENDINGS, Event, Notice
from agent.chat.talk import Tell
from agent.store.conversations import ReplyRunning
from agent.web.replies import Replies
from tests.agent.web.organisation import Q2, World, build_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An organisation of this file's own."""
    return build_world(tmp_path_factory.mktemp("replies"))


class Slowly:
    """An `Answerer` that says one word, waits to be let on, and says the next."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.let_on = asyncio.Semaphore(0)

    async def answer(self, text: str, history: object, desk: object, tell: Tell) -> None:
        for word in self.words:
            tell.block(Notice(text=word))
            await self.let_on.acquire()


class Broken:
    async def answer(self, text: str, history: object, desk: object, tell: Tell) -> None:
        tell.block(Notice(text="one"))
        raise RuntimeError("a fault of ours")


def words(events: list[Event]) -> list[str]:
    return [event.block.text if isinstance(event.block, Notice) else event.kind for event in events]


async def read(replies: Replies, conversation: str, number: int, after: int = 0, most: int = 99) -> list[Event]:
    """Steps until the reply ends, or that many."""
    found: list[Event] = []
    async for steps in replies.follow(conversation, number, after):
        found += steps
        if len(found) >= most:
            break
    return found


def on(world: World, test: Callable) -> None:
    async def run() -> None:
        async with Replies(world.site) as replies:
            await test(replies, world.site.office.begin(world.viewers["eli"], "eli", Q2.label))

    asyncio.run(run())


def test_steps_come_as_they_are_made_and_end_once(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        slowly = Slowly("one", "two")
        number = await replies.start(desk, "hello", slowly)
        first = await read(replies, desk.conversation.id, number, most=1)
        assert words(first) == ["one"]
        slowly.let_on.release()
        slowly.let_on.release()
        rest = await read(replies, desk.conversation.id, number, after=first[-1].number)
        assert words(rest) == ["two", "done"]
        again = await read(replies, desk.conversation.id, number)
        assert words(again) == ["one", "two", "done"]

    on(world, test)


def test_a_reply_goes_on_when_nobody_reads(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        slowly = Slowly("one")
        number = await replies.start(desk, "hello", slowly)
        reader = asyncio.create_task(read(replies, desk.conversation.id, number))
        await asyncio.sleep(0.05)
        reader.cancel()
        slowly.let_on.release()
        await replies.settled(desk.conversation.id, number, 5)
        assert words(await read(replies, desk.conversation.id, number)) == ["one", "done"]

    on(world, test)


def test_two_readers_see_the_same(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        slowly = Slowly("one", "two")
        number = await replies.start(desk, "hello", slowly)
        both = [asyncio.create_task(read(replies, desk.conversation.id, number)) for _ in range(2)]
        slowly.let_on.release()
        slowly.let_on.release()
        one, other = await asyncio.gather(*both)
        assert words(one) == words(other) == ["one", "two", "done"]

    on(world, test)


def test_a_second_question_meanwhile_is_refused_in_a_sentence(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        await replies.start(desk, "hello", Slowly("one"))
        with pytest.raises(ReplyRunning, match="still being written"):
            await replies.start(desk, "and now?", Slowly("two"))

    on(world, test)


def test_a_reply_that_is_stopped_keeps_what_it_said(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        number = await replies.start(desk, "hello", Slowly("one"))
        await read(replies, desk.conversation.id, number, most=1)
        replies.stop(desk.conversation.id, number)
        assert words(await read(replies, desk.conversation.id, number)) == ["one", "interrupted"]

    on(world, test)


def test_a_fault_of_ours_ends_a_reply_as_failed(world: World) -> None:
    async def test(replies: Replies, desk) -> None:
        number = await replies.start(desk, "hello", Broken())
        events = await read(replies, desk.conversation.id, number)
        assert words(events) == ["one", "failed"]
        assert "RuntimeError" not in events[-1].text

    on(world, test)


def test_a_server_that_stops_ends_its_replies_as_interrupted(world: World) -> None:
    async def test() -> tuple[str, int]:
        async with Replies(world.site) as replies:
            desk = world.site.office.begin(world.viewers["eli"], "eli", Q2.label)
            number = await replies.start(desk, "hello", Slowly("one"))
            await read(replies, desk.conversation.id, number, most=1)
        return desk.conversation.id, number

    conversation, number = asyncio.run(test())
    kept = world.site.stores.conversations.events(conversation, number)
    assert words(kept) == ["one", "interrupted"]
    assert sum(event.kind in ENDINGS for event in kept) == 1
