"""Opening the store's database: SQLite's settings, one writer at a time, tables brought up to date."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.pool import NullPool

from tools.errors import InputError, SettingsError

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# The newest migration. A test holds it to the files.
HEAD = "0004"
_BUSY_MS = 30_000
_TURN = "salesbrief_turn"
# Any number, as long as every salesbrief takes the same: PostgreSQL's lock for bringing tables up to date.
_MIGRATION_LOCK = 7_340_221
# Of a server: as many as its threads ask with at once, and some kept for the next.
_KEPT_OPEN, _AT_MOST = 16, 128


def open_database(url: str, *, keep_open: bool = False) -> Engine:
    """The database at that URL with its tables up to date.

    `keep_open` keeps connections for the next piece of work, until the engine is disposed of: for a server, since
    SQLite tidies its file up whenever the last connection closes, which takes longer than most work.

    Raises `SettingsError` for an address that cannot be used, `InputError` for a store that cannot be opened.
    """
    engine = _engine(url, foreign_keys=True, keep_open=keep_open)
    try:
        with engine.connect() as connection:
            current = _revision(connection)
        if current != HEAD:
            _migrate(url)
    except OperationalError as error:
        folder = _read_only_folder(url)
        if folder is not None:
            raise InputError(
                f"{folder} is read-only, and drafts are kept there; name another place for them: "
                "--store sqlite:///PATH/drafts.db, or the same address in SALESBRIEF_STORE."
            ) from error
        said = str(error.orig).strip().splitlines()[0]
        raise InputError(f"The store {_shown(url)} cannot be opened: {said}.") from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that is the only one writing from its first moment on."""
    # Threads queue here: SQLite would have them look again every tenth of a second, in no order.
    with (
        engine.get_execution_options()[_TURN],
        engine.connect().execution_options(writes=True) as connection,
        connection.begin(),
    ):
        yield connection


def _engine(url: str, *, foreign_keys: bool, keep_open: bool = False) -> Engine:
    # Else one connection a piece of work: commands are short, and no connection outlives a fork.
    pool: dict[str, Any] = {"poolclass": NullPool}
    try:
        parsed = make_url(url)
        sqlite = parsed.get_backend_name() == "sqlite"
        if keep_open:
            # A server of a database may have been started again meanwhile; a file is always there.
            pool = {"pool_size": _KEPT_OPEN, "max_overflow": _AT_MOST - _KEPT_OPEN, "pool_pre_ping": not sqlite}
        turn = Lock() if sqlite else nullcontext()
        engine = create_engine(parsed, execution_options={_TURN: turn}, **pool)
    except (ArgumentError, NoSuchModuleError) as error:
        raise SettingsError(
            f"{_shown(url)} is no address of a database; write sqlite:///drafts.db or postgresql://host/name."
        ) from error
    except ModuleNotFoundError as error:
        raise SettingsError(
            f'{parsed.drivername} needs the package {error.name}: pip install "salesbrief[postgres]".'
        ) from error
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine, foreign_keys)
    return engine


def _prepare_sqlite(engine: Engine, foreign_keys: bool) -> None:
    @event.listens_for(engine, "connect")
    def connected(connection, record) -> None:  # noqa: ANN001
        # The driver must not begin transactions on its own: its late BEGIN fails where two people write at once.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(connection: Connection) -> str | None:
    """Which migration the tables are at; None for an empty database."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _migrate(url: str) -> None:
    """Bring the tables up to date, under a lock: of several that open an old store at once, one does the work."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    # Altering a table on SQLite drops the old one, which would take its children along while foreign keys are on.
    engine = _engine(url, foreign_keys=False)
    with writing(engine) as connection:
        sqlite = engine.dialect.name == "sqlite"
        if not sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise InputError(
                f"The store {_shown(url)} was made by a newer salesbrief; bring this one up to date."
            ) from error
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all() if sqlite else []
        assert not broken, f"the migration left {len(broken)} rows without their parents"


def _read_only_folder(url: str) -> Path | None:
    """The folder of SQLite's file, where it is there and nothing may be written into it or over the file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    file = Path(parsed.database)
    readable = file.parent.is_dir()
    writable = os.access(file.parent, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))
    return file.parent if readable and not writable else None


def _shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return f'"{url}"'
