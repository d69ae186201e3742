"""Who may sign in: local accounts with a role, their passwords as argon2 hashes, and guessing made slow.

Kept in the store's database beside the drafts. A password is never stored, printed or logged; one that is wrong, one
of a disabled account and one of an account that does not exist are refused in the same words after the same work.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from threading import BoundedSemaphore
from typing import get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from agent.access import Role, Viewer
from agent.store.attempts import Attempts
from agent.store.database import writing
from agent.store.tables import ACCOUNTS, SESSIONS
from tools.errors import InputError, NotFound, did_you_mean

SHORTEST, LONGEST = 10, 1000
_NAME = r"[a-z0-9][a-z0-9._@+-]{0,63}"
# One hash takes 64 MiB and a tenth of a second of a whole processor: a storm of sign-ins must wait in line.
_AT_ONCE = BoundedSemaphore(2)


@dataclass(frozen=True)
class Account:
    """One account. `person` is the id in the organisation's people of whoever signs in with it."""

    name: str
    role: Role
    person: str | None
    created_at: datetime
    password_at: datetime
    disabled_at: datetime | None = None

    @property
    def viewer(self) -> Viewer:
        return Viewer(self.name, self.role, self.person)


class Accounts:
    """Every account of an organisation. Safe to use from many processes at once."""

    def __init__(self, engine: Engine, hasher: PasswordHasher | None = None) -> None:
        self._engine = engine
        self._hasher = hasher or PasswordHasher()
        self._attempts = Attempts(engine)

    def check_new(self, name: str, role: str, person: str | None) -> str:
        """The name of an account to be made, as it is kept. Raises `InputError` for one that cannot be."""
        name = account_name(name)
        if role not in get_args(Role):
            raise InputError(f'"{role}" is no role; it is rep, manager or ops.')
        if person is None and role != "ops":
            raise InputError(f"A {role} is somebody in the organisation; say who with --person.")
        if any(each.name == name for each in self.accounts()):
            raise _taken(name)
        return name

    def add(self, name: str, password: str, role: Role, person: str | None, *, now: datetime) -> Account:
        """Make an account. Raises `InputError` for a name that is taken or odd, or a password too easy to guess."""
        name = self.check_new(name, role, person)
        hashed = self._hash(checked_password(password, name))
        row = {"name": name, "role": role, "person": person, "password": hashed, "created_at": now, "password_at": now}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(ACCOUNTS).values(**row))
        except IntegrityError:
            raise _taken(name) from None
        return self.account(name)

    def any(self) -> bool:
        """Whether there is any account at all; without one, only the person at the machine may come in."""
        with self._engine.connect() as connection:
            return connection.execute(select(ACCOUNTS.c.name).limit(1)).first() is not None

    def accounts(self) -> list[Account]:
        """Every account by name."""
        with self._engine.connect() as connection:
            return [_read(row) for row in connection.execute(select(ACCOUNTS).order_by(ACCOUNTS.c.name)).mappings()]

    def account(self, name: str) -> Account:
        """One account. Raises `NotFound`, for whoever keeps the accounts; never shown to who signs in."""
        with self._engine.connect() as connection:
            row = _row(connection, name)
        if row is None:
            known = [each.name for each in self.accounts()]
            raise NotFound(f'There is no account "{name}". {did_you_mean(name, known)}')
        return _read(row)

    def change_password(self, name: str, password: str, *, now: datetime) -> None:
        """Set a new password and sign the account out everywhere."""
        account = self.account(name)
        hashed = self._hash(checked_password(password, account.name))
        self._change(account, {"password": hashed, "password_at": now})
        self._attempts.forget(account.name)

    def disable(self, name: str, *, now: datetime) -> None:
        """Let nobody sign in with it any more, and sign it out everywhere. What was written under it stays."""
        self._change(self.account(name), {"disabled_at": now})

    def enable(self, name: str) -> None:
        """Let people sign in with it again."""
        self._change(self.account(name), {"disabled_at": None})

    def remove(self, name: str) -> None:
        """Delete it with its sessions. What was written under it keeps its name."""
        account = self.account(name)
        with writing(self._engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account.name))
            connection.execute(delete(ACCOUNTS).where(ACCOUNTS.c.name == account.name))
        self._attempts.forget(account.name)

    def sign_in(self, name: str, password: str, address: str, *, now: datetime) -> Account | None:
        """The account where name and password fit. None otherwise; `TooManyAttempts` where it is too soon to try."""
        wanted = _folded(name)
        self._attempts.begin(wanted, address, now=now)
        nobodys = self._nobodys
        with self._engine.connect() as connection:
            row = _row(connection, wanted)
        stored = None if row is None or row["disabled_at"] is not None else row["password"]
        fits = self._verify(stored or nobodys, password)
        if not fits or row is None or stored is None:
            return None
        if self._hasher.check_needs_rehash(stored):
            # Only where nobody changed it since: a password set meanwhile must stay.
            unchanged = (ACCOUNTS.c.name == row["name"]) & (ACCOUNTS.c.password == stored)
            with writing(self._engine) as connection:
                connection.execute(update(ACCOUNTS).where(unchanged).values(password=self._hash(_normal(password))))
        self._attempts.succeeded(wanted, address)
        return _read(row)

    @cached_property
    def _nobodys(self) -> str:
        """A hash that fits no password, checked for accounts that there are not, so that time tells nothing."""
        return self._hash(secrets.token_hex(16))

    def _hash(self, password: str) -> str:
        with _AT_ONCE:
            return self._hasher.hash(password)

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            with _AT_ONCE:
                return self._hasher.verify(hashed, _normal(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False

    def _change(self, account: Account, values: dict[str, object]) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(SESSIONS).where(SESSIONS.c.account == account.name))
            connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.name == account.name).values(**values))


def account_name(name: str) -> str:
    """A name as it is kept. Raises `InputError` for one that cannot be."""
    folded = _folded(name)
    if re.fullmatch(_NAME, folded) is None:
        raise InputError(f'"{name}" cannot name an account; use letters, digits and . _ @ + - (64 at most).')
    return folded


def checked_password(password: str, name: str) -> str:
    """The password as it is hashed. Raises `InputError` for one that is too easy to guess."""
    normal = _normal(password)
    if len(normal) < SHORTEST:
        raise InputError(f"The password is shorter than {SHORTEST} characters; take a longer one.")
    if len(normal) > LONGEST:
        raise InputError(f"The password is longer than {LONGEST} characters; take a shorter one.")
    if normal.casefold().strip() in (name, name.partition("@")[0]) or len(set(normal)) < 4:
        raise InputError("The password is too easy to guess; take another one.")
    return normal


def _taken(name: str) -> InputError:
    return InputError(f'There is an account "{name}" already; change its password with `salesbrief users passwd`.')


def _folded(name: str) -> str:
    return name.strip().casefold()


def _normal(password: str) -> str:
    """One spelling for what keyboards write in several: é as one character or as two."""
    return unicodedata.normalize("NFC", password)


def _row(connection: Connection, name: str):  # noqa: ANN202 - a row mapping, or None
    return connection.execute(select(ACCOUNTS).where(ACCOUNTS.c.name == _folded(name))).mappings().first()


def _read(row) -> Account:  # noqa: ANN001
    names = ("name", "role", "person", "created_at", "password_at", "disabled_at")
    return Account(**{name: row[name] for name in names})
