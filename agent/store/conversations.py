"""Conversations: what was asked, and every step of every reply, numbered, so that a reader who left off can go on.

A reply is opened before it is worked on and ended exactly once. One whose worker is gone is ended as interrupted by
whoever looks next, so that a killed server leaves a conversation that can be resumed.
"""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, insert, select, update

from agent.chat.answer import ENDINGS, Event
from agent.store.database import writing
from agent.store.tables import CONVERSATIONS, EVENTS, MESSAGES
from tools.errors import InputError, NotFound

Author = Literal["person", "salesbrief"]
Ended = Literal["done", "failed", "interrupted"]
SHORT = 8

# This process, told from a later one that was given the same number.
_PROCESS = secrets.token_hex(4)
# A reply begun so long ago on another machine is not being worked on any more.
_GIVEN_UP = timedelta(minutes=10)
_CUT_OFF = "The answer was interrupted; ask again."


class ReplyRunning(InputError):
    """An answer in this conversation is still being written, here or in another window."""


@dataclass(frozen=True)
class Conversation:
    """Whose it is (`account`), whom it is about by now (`who`, an id, and `name`), for which period, and its draft."""

    id: str
    account: str
    who: str
    name: str
    period: str
    draft_id: str | None
    started_at: datetime
    touched_at: datetime

    @property
    def short_id(self) -> str:
        return self.id[:SHORT]


@dataclass(frozen=True)
class Message:
    """A question, or a reply as plain text. `ended` is None for a question, and while a reply is being written."""

    number: int
    author: Author
    text: str
    at: datetime
    ended: Ended | None = None


class ConversationStore:
    """Every conversation. Safe to use from many threads and processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, account: str, who: str, name: str, period: str, at: datetime) -> Conversation:
        """A new conversation."""
        new = Conversation(secrets.token_hex(16), account, who, name, period, None, at, at)
        with writing(self._engine) as connection:
            connection.execute(insert(CONVERSATIONS).values(**vars(new)))
        return new

    def conversations(self, account: str, most: int = 50) -> list[Conversation]:
        """An account's conversations, the one touched last first."""
        query = select(CONVERSATIONS).where(CONVERSATIONS.c.account == account)
        query = query.order_by(CONVERSATIONS.c.touched_at.desc(), CONVERSATIONS.c.id).limit(most)
        with self._engine.connect() as connection:
            return [Conversation(**row) for row in connection.execute(query).mappings()]

    def last_questions(self, conversation_ids: Sequence[str]) -> dict[str, str]:
        """What was asked last, by conversation; one in which nothing was asked yet is left out."""
        query = (
            select(MESSAGES.c.conversation_id, MESSAGES.c.text)
            .where(MESSAGES.c.conversation_id.in_(conversation_ids), MESSAGES.c.author == "person")
            .order_by(MESSAGES.c.number)
        )
        with self._engine.connect() as connection:
            return dict(map(tuple, connection.execute(query)))

    def latest(self, account: str, who: str, period: str) -> Conversation | None:
        """The account's conversation about that person and period that was touched last."""
        wanted = [each for each in self.conversations(account, 500) if (each.who, each.period) == (who, period)]
        return wanted[0] if wanted else None

    def find(self, account: str, beginning: str) -> Conversation:
        """The account's conversation whose id begins so. Raises `NotFound`; another's is not found either."""
        query = select(CONVERSATIONS).where(
            CONVERSATIONS.c.account == account,
            CONVERSATIONS.c.id.startswith(beginning.strip().lower(), autoescape=True),
        )
        with self._engine.connect() as connection:
            found = [Conversation(**row) for row in connection.execute(query).mappings()]
        if len(found) != 1 or not beginning.strip():
            raise NotFound(f'There is no conversation "{beginning}" of yours.')
        return found[0]

    def turn(self, conversation_id: str, **to: str | None) -> Conversation:
        """Let the conversation be about somebody else (`who`, `name`), another `period`, or another `draft_id`."""
        assert set(to) <= {"who", "name", "period", "draft_id"}, to
        where = CONVERSATIONS.c.id == conversation_id
        with writing(self._engine) as connection:
            connection.execute(update(CONVERSATIONS).where(where).values(**to))
            return Conversation(**connection.execute(select(CONVERSATIONS).where(where)).mappings().one())

    def messages(self, conversation_id: str) -> list[Message]:
        """Questions and replies in their order. A reply whose worker is gone is ended as interrupted first."""
        self._settle(conversation_id)
        with self._engine.connect() as connection:
            return [_message(row) for row in connection.execute(_messages(conversation_id)).mappings()]

    def ask(self, conversation_id: str, text: str, at: datetime) -> int:
        """Keep a question and open its reply; return the reply's number.

        Raises `ReplyRunning` where another reply of the conversation is still being written.
        """
        self._settle(conversation_id)
        where = CONVERSATIONS.c.id == conversation_id
        with writing(self._engine) as connection:
            # PostgreSQL lets writers in side by side: they queue at the conversation's row.
            connection.execute(select(CONVERSATIONS.c.id).where(where).with_for_update()).one()
            if _running(connection, conversation_id) is not None:
                raise ReplyRunning("An answer is still being written in this conversation; wait for it, or stop it.")
            query = select(func.max(MESSAGES.c.number)).where(MESSAGES.c.conversation_id == conversation_id)
            last = connection.execute(query).scalar() or 0
            row = {"conversation_id": conversation_id, "at": at}
            connection.execute(insert(MESSAGES).values(**row, number=last + 1, author="person", text=text))
            connection.execute(
                insert(MESSAGES).values(**row, number=last + 2, author="salesbrief", text="", worker=this_worker())
            )
            connection.execute(update(CONVERSATIONS).where(where).values(touched_at=at))
        return last + 2

    def keep(self, conversation_id: str, message: int, events: Sequence[Event], text: str = "") -> None:
        """Keep steps of a reply. An ending ends it: `text` is then the whole reply as plain text."""
        if not events:
            return
        rows = [_row(conversation_id, message, event) for event in events]
        ended = next((event.kind for event in events if event.kind in ENDINGS), None)
        with writing(self._engine) as connection:
            connection.execute(insert(EVENTS), rows)
            if ended is not None:
                _end(connection, conversation_id, message, ended, text)

    def events(self, conversation_id: str, message: int, after: int = 0) -> list[Event]:
        """The steps of a reply after the one of that number."""
        query = select(EVENTS.c.content).where(
            EVENTS.c.conversation_id == conversation_id, EVENTS.c.message == message, EVENTS.c.number > after
        )
        with self._engine.connect() as connection:
            found = connection.execute(query.order_by(EVENTS.c.number)).scalars()
            return [Event.model_validate(content) for content in found]

    def every_event(self, conversation_id: str) -> dict[int, list[Event]]:
        """The steps of every reply, by the reply's number, in one read."""
        query = select(EVENTS.c.message, EVENTS.c.content).where(EVENTS.c.conversation_id == conversation_id)
        found: dict[int, list[Event]] = {}
        with self._engine.connect() as connection:
            for message, content in connection.execute(query.order_by(EVENTS.c.message, EVENTS.c.number)):
                found.setdefault(message, []).append(Event.model_validate(content))
        return found

    def _settle(self, conversation_id: str) -> None:
        """End a reply that nobody is working on any more."""
        with self._engine.connect() as connection:
            running = _running(connection, conversation_id)
        if running is None or at_work(running["worker"], running["at"]):
            return
        message = running["number"]
        with writing(self._engine) as connection:
            query = select(func.max(EVENTS.c.number)).where(
                EVENTS.c.conversation_id == conversation_id, EVENTS.c.message == message
            )
            last = connection.execute(query).scalar() or 0
            still = _running(connection, conversation_id)
            if still is None or still["number"] != message:
                return
            event = Event(number=last + 1, kind="interrupted", text=_CUT_OFF)
            connection.execute(insert(EVENTS), [_row(conversation_id, message, event)])
            _end(connection, conversation_id, message, "interrupted", _CUT_OFF)


def _messages(conversation_id: str) -> Any:
    return select(MESSAGES).where(MESSAGES.c.conversation_id == conversation_id).order_by(MESSAGES.c.number)


def _message(row: Mapping[str, Any]) -> Message:
    return Message(row["number"], row["author"], row["text"], row["at"], row["ended"])


def _running(connection: Connection, conversation_id: str) -> Mapping[str, Any] | None:
    """The reply that has not ended."""
    query = _messages(conversation_id).where(MESSAGES.c.author == "salesbrief", MESSAGES.c.ended.is_(None))
    return connection.execute(query).mappings().first()


def _row(conversation_id: str, message: int, event: Event) -> dict[str, Any]:
    # Statements compute some of their fields; those are not read back.
    content = event.model_dump(mode="json", exclude_computed_fields=True, exclude_none=True)
    return {"conversation_id": conversation_id, "message": message, "number": event.number, "content": content}


def _end(connection: Connection, conversation_id: str, message: int, ended: str, text: str) -> None:
    where = (MESSAGES.c.conversation_id == conversation_id) & (MESSAGES.c.number == message)
    connection.execute(update(MESSAGES).where(where).values(ended=ended, text=text, worker=None))


def this_worker() -> str:
    """This process by name, as a row says who works on it."""
    return f"{socket.gethostname()}/{os.getpid()}/{_PROCESS}"


def at_work(worker: str | None, since: datetime) -> bool:
    """Whether the process of that name may still be at what it began then."""
    host, process, token = (worker or "//").split("/")
    if host != socket.gethostname():
        return datetime.now(UTC) - since < _GIVEN_UP
    if process == str(os.getpid()):
        return token == _PROCESS
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
