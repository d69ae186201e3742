"""The whole store of an organisation, opened once: drafts, conversations, what people stated, and who may sign in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from agent.store.accounts import Accounts
from agent.store.conversations import ConversationStore
from agent.store.database import open_database
from agent.store.proposals import ProposalStore
from agent.store.sessions import Sessions
from agent.store.statements import StatementStore
from agent.store.store import FILE, DraftStore
from tools.errors import NotFound


@dataclass(frozen=True)
class Stores:
    """One database, by what is kept in it."""

    engine: Engine
    drafts: DraftStore
    conversations: ConversationStore
    statements: StatementStore
    proposals: ProposalStore
    accounts: Accounts
    sessions: Sessions

    @classmethod
    def open(cls, url: str, *, keep_open: bool = False) -> Stores:
        """The store at a database URL, made or brought up to date where needed; `keep_open` is for servers."""
        engine = open_database(url, keep_open=keep_open)
        return cls(
            engine, DraftStore(engine), ConversationStore(engine), StatementStore(engine),
            ProposalStore(engine), Accounts(engine), Sessions(engine),
        )  # fmt: skip

    @classmethod
    def of_workspace(cls, path: Path, url: str | None = None, *, keep_open: bool = False) -> Stores:
        """The store of a workspace: `drafts.db` in its folder, unless a URL says otherwise."""
        if url is None and not path.is_dir():
            raise NotFound(f"{path} is no workspace; make one with `salesbrief import`.")
        return cls.open(url or f"sqlite:///{path / FILE}", keep_open=keep_open)
