"""Who is signed in. A session is a random token that only the browser has; the store keeps its hash.

    started ── seen at least every IDLE ── ends LASTS after its start, or when its account is changed

The token that forms carry against forged requests is made from the session's own, so a page of one session cannot be
used in another.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, select, update

from agent.access import Viewer
from agent.store.accounts import Account
from agent.store.database import writing
from agent.store.tables import ACCOUNTS, SESSIONS

LASTS, IDLE = timedelta(days=14), timedelta(days=3)
# Pages are read far more often than this matters: not each of them writes.
_SEEN_EVERY = timedelta(minutes=10)


@dataclass(frozen=True)
class Session:
    """A session that is open. `token` is the browser's secret; `csrf` what its forms carry."""

    token: str
    viewer: Viewer

    @property
    def csrf(self) -> str:
        return csrf_of(self.token)


class Sessions:
    """Every open session."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def start(self, account: Account, *, now: datetime) -> Session | None:
        """A new session; None where the account was disabled, removed or given a new password meanwhile."""
        token = secrets.token_urlsafe(32)
        unchanged = (
            (ACCOUNTS.c.name == account.name)
            & (ACCOUNTS.c.password_at == account.password_at)
            & ACCOUNTS.c.disabled_at.is_(None)
        )
        with writing(self._engine) as connection:
            connection.execute(delete(SESSIONS).where((SESSIONS.c.ends_at < now) | (SESSIONS.c.seen_at < now - IDLE)))
            if connection.execute(select(ACCOUNTS.c.name).where(unchanged).with_for_update()).first() is None:
                return None
            row = {"account": account.name, "started_at": now, "seen_at": now, "ends_at": now + LASTS}
            connection.execute(insert(SESSIONS).values(token=_hash(token), **row))
        return Session(token, account.viewer)

    def find(self, token: str, *, now: datetime) -> Session | None:
        """The open session of that token, with the account's role and person as they are now."""
        query = (
            select(ACCOUNTS.c.name, ACCOUNTS.c.role, ACCOUNTS.c.person, SESSIONS.c.seen_at, SESSIONS.c.ends_at)
            .join(ACCOUNTS, ACCOUNTS.c.name == SESSIONS.c.account)
            .where(SESSIONS.c.token == _hash(token), ACCOUNTS.c.disabled_at.is_(None))
        )
        with self._engine.connect() as connection:
            row = connection.execute(query).first()
        if row is None or row.ends_at <= now or row.seen_at <= now - IDLE:
            return None
        if row.seen_at < now - _SEEN_EVERY:
            with writing(self._engine) as connection:
                connection.execute(update(SESSIONS).where(SESSIONS.c.token == _hash(token)).values(seen_at=now))
        return Session(token, Viewer(row.name, row.role, row.person))

    def end(self, token: str) -> None:
        """Sign out."""
        with writing(self._engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.token == _hash(token)))


def csrf_of(token: str) -> str:
    """What forms of the session with that token carry."""
    return hmac.new(token.encode(), b"salesbrief forms", hashlib.sha256).hexdigest()


def same(given: str, expected: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
