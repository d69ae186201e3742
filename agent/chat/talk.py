"""One question answered: kept, worked on, told step by step, and ended exactly once, whatever happens.

    question ─► kept ─► answerer ─► desk ─► steps ─► numbered ─► stored ─► handed on
                                                     the last one: done, failed or interrupted

A step is handed on only after it is stored, so that a reader who comes back after number n misses and repeats nothing.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

from agent.chat.answer import ENDINGS, Block, Call, Event
from agent.chat.desk import Desk
from agent.chat.plain import plain_text
from agent.chat.stating import answered
from agent.draft import Section, Statement
from agent.store.conversations import Message
from agent.store.stores import Stores
from tools.errors import SalesbriefError

Emit = Callable[[Event], Awaitable[None]]

_LOG = logging.getLogger("salesbrief.chat")
_BROKEN = "Something went wrong in salesbrief itself, and it is in {log}; the conversation is kept, so ask again."
_STOPPED = "The answer was stopped."


class Tell(Protocol):
    """Where an answer goes while it is made. May be called from any thread; never waits."""

    def working(self, text: str, section: str | None = None, call: Call | None = None) -> None:
        """What is being done; `section` names the draft's section that was begun, `call` the tool that is used."""

    def statement(self, section_id: str, statement: Statement) -> None:
        """A sentence of a draft that passed the guard."""

    def section(self, section: Section) -> None:
        """A section of a draft as it stands; told again where a check replaced it."""

    def block(self, block: Block) -> None:
        """A piece of the answer."""


class Answerer(Protocol):
    """Reads a question, uses the desk, and tells its blocks."""

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Tell) -> None: ...


class Talk:
    """A conversation's next answers. One at a time: a second question meanwhile raises `ReplyRunning`.

    `log` says where faults of ours are written, to whoever can look there.
    """

    def __init__(
        self, stores: Stores, conversation_id: str, desk: Desk, answerer: Answerer, log: str = "the log"
    ) -> None:
        self._log = log
        self._stores = stores
        self._conversation_id = conversation_id
        self._desk = desk
        self._answerer = answerer

    async def reply(self, text: str, emit: Emit, opened: Callable[[int], None] = lambda message: None) -> int:
        """Answer a question; return the reply's number in the conversation, which `opened` hears as soon as it is kept.

        `emit` is awaited with every step in its order. If it raises, its reader is gone: the answer goes on and is
        kept. Cancelled, the reply ends as interrupted.
        """
        message = await self._opened(text)
        opened(message)
        told = _Told(asyncio.get_running_loop())
        pump = asyncio.create_task(self._pump(told, message, emit))
        try:
            history = await asyncio.to_thread(self._stores.conversations.messages, self._conversation_id)
            before = [each for each in history if each.number < message - 1]
            await self._answered(text, before, told)
        except asyncio.CancelledError:
            told.step("interrupted", text=_STOPPED)
            await asyncio.shield(pump)
            raise
        except SalesbriefError as error:
            told.step("failed", text=str(error))
        except Exception:
            _LOG.exception("an answer failed")
            told.step("failed", text=_BROKEN.format(log=self._log))
        else:
            told.step("done")
        await asyncio.shield(pump)
        return message

    async def _opened(self, text: str) -> int:
        """The reply's number. Stopped just then, the reply is ended as interrupted rather than left open."""
        keep = self._stores.conversations
        asking = asyncio.ensure_future(asyncio.to_thread(keep.ask, self._conversation_id, text, datetime.now(UTC)))
        try:
            return await asyncio.shield(asking)
        except asyncio.CancelledError:
            message = await asking
            stopped = Event(number=1, kind="interrupted", text=_STOPPED)
            await asyncio.to_thread(keep.keep, self._conversation_id, message, [stopped], _STOPPED)
            raise

    async def _answered(self, text: str, before: Sequence[Message], tell: Tell) -> None:
        """The answer; where the text answers a question that was put to the person, it is kept as their statement."""
        stated = await asyncio.to_thread(answered, self._desk, text)
        if stated is None:
            await self._answerer.answer(text, before, self._desk, tell)
            return
        for block in await self._desk.use("say", stated, tell):
            tell.block(block)

    async def _pump(self, told: _Told, message: int, emit: Emit) -> None:
        """Store what is told, as much at a time as there is, then hand it on."""
        blocks: list[Block] = []
        there, ended = True, False
        while not ended:
            events = [await told.queue.get()]
            while not told.queue.empty():
                events.append(told.queue.get_nowait())
            blocks += [event.block for event in events if event.block is not None]
            ended = events[-1].kind in ENDINGS
            whole = "\n\n".join(filter(None, (plain_text(blocks), events[-1].text))) if ended else ""
            events = await self._kept(message, events, whole)
            for event in events:
                there = there and await _handed(emit, event)

    async def _kept(self, message: int, events: list[Event], whole: str) -> list[Event]:
        try:
            await asyncio.to_thread(self._stores.conversations.keep, self._conversation_id, message, events, whole)
        except Exception:
            # A store out of reach must not leave the reader waiting; the reply is settled when it is opened again.
            _LOG.exception("steps of an answer could not be kept")
        return events


class _Told:
    """The `Tell` of one reply: numbers every step."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.queue: asyncio.Queue[Event] = asyncio.Queue()
        self._loop = loop
        self._lock = threading.Lock()
        self._number = 0
        self._ended = False

    def working(self, text: str, section: str | None = None, call: Call | None = None) -> None:
        self.step("working", text=text, section=section, call=call)

    def statement(self, section_id: str, statement: Statement) -> None:
        self.step("statement", section=section_id, statement=statement)

    def section(self, section: Section) -> None:
        self.step("section", section=section.id, written=section)

    def block(self, block: Block) -> None:
        self.step("block", block=block)

    def step(self, kind: Any, **fields: Any) -> None:
        with self._lock:
            if self._ended:
                # A thread that could not be stopped in time says no more.
                return
            self._ended = kind in ENDINGS
            self._number += 1
            event = Event(number=self._number, kind=kind, **fields)
            self._loop.call_soon_threadsafe(self.queue.put_nowait, event)


async def _handed(emit: Emit, event: Event) -> bool:
    try:
        await emit(event)
    except Exception:
        _LOG.info("the reader of an answer is gone", exc_info=True)
        return False
    return True
