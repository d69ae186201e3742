"""Edits that were proposed and that nobody has decided on, so that a server that is started again has them still."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, insert, select, update

from agent.store.conversations import at_work, this_worker
from agent.store.database import writing
from agent.store.tables import PROPOSALS

# A proposal that lay about for so long is not decided on any more.
_KEPT = timedelta(days=30)
_CUT_OFF = "The server was stopped while this was being written; the draft is as it was."


@dataclass(frozen=True)
class KeptProposal:
    """An edit of a draft's version `before`: `edit` (as JSON) or a `problem`; neither while it is being worked out."""

    id: str
    account: str
    draft_id: str
    before: int
    wish: str
    sections: tuple[str, ...]
    asked_at: datetime
    problem: str | None = None
    edit: Mapping[str, Any] | None = None

    @property
    def done(self) -> bool:
        return self.edit is not None or self.problem is not None


class ProposalStore:
    """Every proposal. Safe to use from many threads and processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(
        self, account: str, draft_id: str, before: int, wish: str, sections: Sequence[str], at: datetime
    ) -> KeptProposal:
        """One that this process works on from now on."""
        new = KeptProposal(secrets.token_hex(16), account, draft_id, before, wish, tuple(sections), at)
        row = {**vars(new), "sections": list(sections), "worker": this_worker()}
        with writing(self._engine) as connection:
            connection.execute(delete(PROPOSALS).where(PROPOSALS.c.asked_at < at - _KEPT))
            connection.execute(insert(PROPOSALS).values(**row))
        return new

    def finish(self, proposal_id: str, *, edit: Mapping[str, Any] | None = None, problem: str | None = None) -> None:
        """What became of it."""
        with writing(self._engine) as connection:
            where = PROPOSALS.c.id == proposal_id
            connection.execute(update(PROPOSALS).where(where).values(edit=edit, problem=problem))

    def find(self, account: str, draft_id: str, proposal_id: str) -> KeptProposal | None:
        """The account's own proposal for that draft. One whose worker is gone says so as its problem."""
        columns = PROPOSALS.c
        query = select(PROPOSALS).where(
            columns.id == proposal_id, columns.account == account, columns.draft_id == draft_id
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        named = {name: row[name] for name in row if name != "worker"}
        found = KeptProposal(**{**named, "sections": tuple(row["sections"])})
        if found.done or at_work(row["worker"], found.asked_at):
            return found
        return KeptProposal(**{**vars(found), "problem": _CUT_OFF})

    def drop(self, proposal_id: str) -> None:
        """Forget it: it was decided on."""
        with writing(self._engine) as connection:
            connection.execute(delete(PROPOSALS).where(PROPOSALS.c.id == proposal_id))
