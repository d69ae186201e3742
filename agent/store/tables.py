"""The store's tables, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, stored in UTC. SQLite drops time zones, so a value without one is refused rather than guessed at."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        assert value is None or value.tzinfo is not None, "an instant needs its time zone"
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=UTC)


METADATA = MetaData()

# `fingerprint` is the hash of the first version's words and facts: drafting the same thing again finds it.
DRAFTS = Table(
    "drafts",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("person", Text, nullable=False),
    Column("person_id", Text),
    Column("role", Text, nullable=False),
    Column("period", String(64), nullable=False),
    Column("organisation", Text),
    Column("fingerprint", String(64), nullable=False),
    Index("ix_drafts_fingerprint", "fingerprint"),
    Index("ix_drafts_period", "period"),
)

# Rows are only ever added. `link` is the hash of the version before and of everything in this row. Money is kept in
# millionths: SQLite would store a decimal as a binary fraction.
VERSIONS = Table(
    "versions",
    METADATA,
    Column("draft_id", String(32), ForeignKey("drafts.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("parent", Integer),
    Column("action", String(32), nullable=False),
    Column("instruction", Text),
    Column("made_by", Text, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("model", Text),
    Column("input_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost_micros", BigInteger),
    Column("cost_currency", String(3), nullable=False),
    Column("run", JSON, nullable=False),
    Column("content", JSON, nullable=False),
    Column("content_sha256", String(64), nullable=False),
    Column("link", String(64), nullable=False),
)

# `who` is the id of the person (or `team:<name>`) that the conversation is about by now, `name` theirs; `account` is
# whose conversation it is.
CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("period", String(64), nullable=False),
    Column("draft_id", String(32), ForeignKey("drafts.id")),
    Column("started_at", UtcDateTime, nullable=False),
    Column("touched_at", UtcDateTime, nullable=False),
    Index("ix_conversations_account", "account", "touched_at"),
)

# `ended` is how a reply came to its end: done, failed or interrupted; null while `worker` is at it.
MESSAGES = Table(
    "messages",
    METADATA,
    Column("conversation_id", String(32), ForeignKey("conversations.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("author", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("ended", String(16)),
    Column("worker", Text),
)

# Every step of every reply as it was handed on, so that a reader who left off can go on.
EVENTS = Table(
    "events",
    METADATA,
    Column("conversation_id", String(32), primary_key=True),
    Column("message", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
    ForeignKeyConstraint(["conversation_id", "message"], ["messages.conversation_id", "messages.number"]),
)

# What people stated themselves. A forgotten one stays on record and is used nowhere.
STATEMENTS = Table(
    "statements",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("who", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("metric", Text),
    Column("account", Text, nullable=False),
    Column("said_at", UtcDateTime, nullable=False),
    Column("forgotten_at", UtcDateTime),
    Index("ix_statements_who", "who", "on_day"),
)

# Edits that nobody has decided on. While `worker` is at one, `edit` and `problem` are null; one of them ends it.
PROPOSALS = Table(
    "proposals",
    METADATA,
    Column("id", String(32), primary_key=True),
    Column("account", Text, nullable=False),
    Column("draft_id", String(32), ForeignKey("drafts.id"), nullable=False),
    Column("before", Integer, nullable=False),
    Column("wish", Text, nullable=False),
    Column("sections", JSON, nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("worker", Text, nullable=False),
    Column("problem", Text),
    Column("edit", JSON),
    Index("ix_proposals_asked_at", "asked_at"),
)

# Who may sign in. `person` is the id in the organisation's people; `password` an argon2 hash with its parameters.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("name", String(64), primary_key=True),
    Column("role", String(16), nullable=False),
    Column("person", Text),
    Column("password", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("password_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

# Who is signed in. `token` is the hash of what only the browser has.
SESSIONS = Table(
    "sessions",
    METADATA,
    Column("token", String(64), primary_key=True),
    Column("account", String(64), ForeignKey("accounts.name"), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index("ix_sessions_account", "account"),
)

# Attempts to sign in that failed, by hashes of account, address and both; `account` is the account's.
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("account", String(64), nullable=False),
    Column("failed", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Index("ix_attempts_account", "account"),
    Index("ix_attempts_last_at", "last_at"),
)
