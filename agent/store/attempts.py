"""How often somebody tried to sign in: per account and per address, kept in the store, so that a restart forgets none.

The first few attempts are free; each one after must wait twice as long as the one before, a quarter of an hour at most.
An attempt is counted before the password is looked at: a thousand at once are a thousand. Names and addresses are
kept as hashes only, since people type passwords into the wrong field.
"""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent.store.database import writing
from agent.store.tables import ATTEMPTS
from tools.errors import SalesbriefError

FREE_OF_BOTH, FREE_OF_ACCOUNT, FREE_OF_ADDRESS = 5, 20, 20
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(days=1)
_TRIES = 4


class TooManyAttempts(SalesbriefError):
    """It is too soon for another attempt; `seconds` says how long to wait."""

    def __init__(self, seconds: int) -> None:
        wait = f"{seconds} seconds" if seconds < 120 else f"{ceil(seconds / 60)} minutes"
        super().__init__(f"There were too many attempts to sign in; try again in {wait}.")
        self.seconds = seconds


class Attempts:
    """Attempts to sign in that did not succeed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, account: str, address: str, *, now: datetime) -> None:
        """Count an attempt as failed until it has succeeded. Raises `TooManyAttempts`, and then counts nothing."""
        for _ in range(_TRIES):
            try:
                return self._begin(_keys(account, address), _key("account", account), now)
            except IntegrityError:
                # PostgreSQL lets writers in side by side: somebody else made the row meanwhile.
                continue
        raise TooManyAttempts(1)

    def _begin(self, keys: dict[str, int], account: str, now: datetime) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.last_at < now - _FORGOTTEN_AFTER))
            counts = {key: _count(connection, key, account, now) for key in sorted(keys)}
            wait = max(_wait(*counts[key], keys[key], now) for key in keys)
            if wait > timedelta(0):
                raise TooManyAttempts(ceil(wait.total_seconds()))
            for key, (failed, _) in counts.items():
                values = {"failed": failed + 1, "last_at": now}
                connection.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key).values(**values))

    def succeeded(self, account: str, address: str) -> None:
        """Forget the account's failures, and take this attempt from those of the address."""
        pair, whole, place = _keys(account, address)
        with writing(self._engine) as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key.in_((pair, whole))))
            one_less = update(ATTEMPTS).where((ATTEMPTS.c.key == place) & (ATTEMPTS.c.failed > 0))
            connection.execute(one_less.values(failed=ATTEMPTS.c.failed - 1))

    def forget(self, account: str) -> None:
        """Forget the account's failures, wherever they came from."""
        with writing(self._engine) as connection:
            connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.account == _key("account", account)))


def _keys(account: str, address: str) -> dict[str, int]:
    """What an attempt is counted under, and how many are free of each: the account from there, the account, the place.

    Whoever guesses from one place must not lock the owner out at another.
    """
    place = _network(address)
    return {
        _key("both", f"{account}@{place}"): FREE_OF_BOTH,
        _key("account", account): FREE_OF_ACCOUNT,
        _key("address", place): FREE_OF_ADDRESS,
    }


def _count(connection: Connection, key: str, account: str, now: datetime) -> tuple[int, datetime]:
    """How many attempts failed under that key, and when the last one was. Makes its row where there is none."""
    query = select(ATTEMPTS.c.failed, ATTEMPTS.c.last_at).where(ATTEMPTS.c.key == key).with_for_update()
    row = connection.execute(query).first()
    if row is None:
        connection.execute(insert(ATTEMPTS).values(key=key, account=account, failed=0, last_at=now))
        return 0, now
    return row.failed, row.last_at


def _wait(failed: int, last_at: datetime, free: int, now: datetime) -> timedelta:
    """How long to wait before the next attempt; nothing or less: none."""
    if failed < free:
        return timedelta(0)
    needed = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(failed - free, 16))
    return last_at + needed - now


def _network(address: str) -> str:
    """The address, of IPv6 the network that one household or office has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)


def _key(kind: str, what: str) -> str:
    return hashlib.sha256(f"{kind}:{what}".encode()).hexdigest()
