"""Replies being written. They go on when their reader leaves, and whoever comes back reads on where they left off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import to_thread

from agent.chat.answer import ENDINGS, Event
from agent.chat.apart import Apart
from agent.chat.talk import Talk

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.talk import Answerer, Tell
    from agent.store.conversations import Message
    from agent.web.site import Site

_LOG = logging.getLogger("salesbrief.web")
# How often a reply that another process writes (a terminal) is looked for in the store.
_LOOK_AGAIN = 0.7
# A silent stream says that it is there, so that a broken connection is noticed on both sides.
_SILENCE = 10.0


@dataclass
class _Writing:
    """One reply in the making: its steps so far, and a bell that rings at the next."""

    task: asyncio.Task | None = None
    events: list[Event] = field(default_factory=list)
    bell: asyncio.Event = field(default_factory=asyncio.Event)

    async def add(self, event: Event) -> None:
        self.events.append(event)
        self.ring()

    def ring(self) -> None:
        self.bell.set()
        self.bell = asyncio.Event()


@dataclass(frozen=True)
class Elsewhere:
    """An `Answerer` whose work is done in another loop, so that no page waits while it reads and writes."""

    answerer: Answerer
    apart: Apart

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Tell) -> None:
        await self.apart.run(self.answerer.answer(text, history, desk, tell))


class Replies:
    """Every reply that this process writes."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._writing: dict[tuple[str, int], _Writing] = {}
        self._ahead = ThreadPoolExecutor(1, "ahead")
        self._apart = Apart()

    async def __aenter__(self) -> Replies:
        return self

    async def __aexit__(self, *_: object) -> None:
        """A server that stops ends its replies as interrupted."""
        tasks = [each.task for each in self._writing.values() if each.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._ahead.shutdown(wait=False, cancel_futures=True)
        self._apart.close()

    async def start(self, desk: Desk, text: str, answerer: Answerer | None = None) -> int:
        """Ask a question; the number of the reply, which is being written from now on.

        Raises `ReplyRunning` where the conversation's last reply has not ended.
        """
        writing = _Writing()
        answerer = answerer or Elsewhere(self.site.answerer(), self._apart)
        talk = Talk(self.site.stores, desk.conversation.id, desk, answerer)
        opened: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        writing.task = asyncio.create_task(talk.reply(text, writing.add, opened.set_result))
        await asyncio.wait((opened, writing.task), return_when=asyncio.FIRST_COMPLETED)
        if not opened.done():
            writing.task.result()
            raise AssertionError("a reply ended before it was opened")
        key = (desk.conversation.id, opened.result())
        self._writing[key] = writing
        writing.task.add_done_callback(lambda task: self._ended(key, task))
        return opened.result()

    def prepare(self, work: Callable[[], object]) -> None:
        """Do some work ahead, in a thread; nobody waits for it, and its failure is told to whoever asks for it."""

        def ahead() -> None:
            with suppress(Exception):
                work()

        self._ahead.submit(ahead)

    async def settled(self, conversation_id: str, number: int, seconds: float) -> None:
        """Wait until a reply has ended, but no longer than that."""
        writing = self._writing.get((conversation_id, number))
        if writing is not None and writing.task is not None:
            await asyncio.wait((writing.task,), timeout=seconds)

    async def ended(self, conversation_id: str, seconds: float) -> None:
        """Wait until no reply of the conversation is being written here, but no longer than that."""
        tasks = [
            each.task for key, each in self._writing.items() if key[0] == conversation_id and each.task is not None
        ]
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)

    def stop(self, conversation_id: str, number: int) -> None:
        """End a reply of this process as interrupted."""
        writing = self._writing.get((conversation_id, number))
        if writing is not None and writing.task is not None:
            writing.task.cancel()

    async def follow(self, conversation_id: str, number: int, after: int) -> AsyncIterator[list[Event]]:
        """The reply's steps after the one of that number, as they come; an empty list now and then in a silence."""
        writing = self._writing.get((conversation_id, number))
        while True:
            bell = writing.bell if writing is not None else None
            # Asked before the steps are read: a reply that nobody works on any more is ended by this, with a step.
            over = await self._over(writing, conversation_id, number)
            events = await self._steps(writing, conversation_id, number, after)
            after = events[-1].number if events else after
            yield events
            if over or (events and events[-1].kind in ENDINGS):
                return
            if bell is None:
                await asyncio.sleep(_LOOK_AGAIN)
                continue
            try:
                await asyncio.wait_for(bell.wait(), _SILENCE)
            except TimeoutError:
                continue

    async def _steps(self, writing: _Writing | None, conversation_id: str, number: int, after: int) -> list[Event]:
        if writing is not None:
            return [event for event in writing.events if event.number > after]
        return await to_thread.run_sync(self.site.stores.conversations.events, conversation_id, number, after)

    async def _over(self, writing: _Writing | None, conversation_id: str, number: int) -> bool:
        """Whether a reply has ended. A killed writer's is ended by looking."""
        if writing is not None:
            return writing.task is not None and writing.task.done()
        messages = await to_thread.run_sync(self.site.stores.conversations.messages, conversation_id)
        return all(each.ended is not None for each in messages if each.number == number)

    def _ended(self, key: tuple[str, int], task: asyncio.Task) -> None:
        writing = self._writing.pop(key)
        writing.ring()
        if not task.cancelled() and task.exception() is not None:
            _LOG.error("a reply failed", exc_info=task.exception())
