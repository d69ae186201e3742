"""The canonical tables as one in-memory DuckDB database: layers merged, people, accounts and products resolved.

Each canonical table becomes a view (or a small table) of its own name with exactly the columns of `tools.tables`,
typed, missing ones as NULL. A column that names a person, account or product holds that row's id afterwards, however
the source named it (id, e-mail, name or alias); what names nobody stays as it stood, and belongs to nobody.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import duckdb

from tools.errors import InputError
from tools.frames import check_names, load_frame
from tools.organisation import Settings
from tools.stages import apply_stage_settings
from tools.tables import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd

# What a prepared database takes at most before it sets rows aside on disk, beside its file.
_MEMORY = "2200MB"
# Extensions are never fetched, and nothing is printed into a pipe.
_CONFIG = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_RESOLVED = {"person": "people", "account": "accounts", "product": "products"}
# The relations that show a table with the places of deals, as a prepared file holds it (`tools.prepared`).
_WITH_PLACES = {"deals": "placed_deals", "deal_changes": "placed_changes"}
_NAMES = {"people": ("person_id", ("email", "name")), "accounts": ("account_id", ("name",)),
          "products": ("product_id", ("name",))}  # fmt: skip


def connect() -> duckdb.DuckDBPyConnection:
    """A private in-memory database that contacts no host and shows no progress bar."""
    connection = duckdb.connect(":memory:", config=_CONFIG)
    _configure(connection)
    return connection


def _configure(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("SET enable_progress_bar = false; SET TimeZone = 'UTC'; SET preserve_insertion_order = true")
    # A ratio over nothing is NULL, which the metric layer turns into "absent, because …".
    connection.execute("SET ieee_floating_point_ops = false; SET error_on_division_by_zero = false")


def spare(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Let what does not fit into the memory allowed wait on disk; where nothing can be written, take what it needs."""
    if os.access(folder, os.W_OK):
        connection.execute(f"SET memory_limit = '{_MEMORY}'; SET temp_directory = '{quoted(folder / 'aside')}'")


class Database:
    """One organisation's tables, ready to query.

    `present` names the tables that hold rows; `hints` are sentences about files that were found but not read.
    `kept` are relations that need not be made, for they lie in an attached file: the table of each by its name; and
    `folder` is where more of that kind may be kept, if anywhere.
    """

    KEPT = "kept"
    keys = tuple(f"{name}_keys" for name in _NAMES)

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        settings: Settings,
        present: frozenset[str],
        hints: tuple[str, ...] = (),
    ) -> None:
        self.connection = connection
        self.settings = settings
        self.present = present
        self.hints = hints
        self.kept: dict[str, str] = {}
        self.folder: Path | None = None

    @classmethod
    def build(
        cls,
        settings: Settings,
        folders: Sequence[tuple[str, Path]],
        frames: Mapping[str, pd.DataFrame],
        home: Path | None = None,
    ) -> Database:
        """Views over the layers' Parquet files, the frames, and the CSV files that the settings name."""
        check_names(frames)
        connection = connect()
        try:
            for table in TABLES.values():
                _create_raw(connection, table, _sources(connection, table, folders, frames, settings, home))
            _apply_people_settings(connection, settings)
            apply_stage_settings(connection, settings)
            for name in _NAMES:
                _create_keys(connection, name, settings)
            present = frozenset(
                name for name in TABLES
                if connection.execute(f"SELECT 1 FROM raw_{name} LIMIT 1").fetchone() is not None
            )  # fmt: skip
            for table in TABLES.values():
                _create_resolved(connection, table, table.name in present)
        except BaseException:
            connection.close()
            raise
        return cls(connection, settings, present, _unused_files(settings, home))

    @classmethod
    def prepared(cls, settings: Settings, file: Path, home: Path | None, *, read_only: bool = True) -> Database:
        """Views over the tables and relations of a file that `tools.prepared` wrote."""
        connection = connect()
        try:
            connection.execute(f"ATTACH '{quoted(file)}' AS {cls.KEPT}{' (READ_ONLY)' if read_only else ''}")
            spare(connection, file.parent)
            kept = dict(
                connection.execute(
                    "SELECT table_name, bool_or(column_name = 'place') FROM duckdb_columns() WHERE database_name = ? "
                    "GROUP BY table_name",
                    [cls.KEPT],
                ).fetchall()
            )
            present = frozenset(kept.keys() & TABLES.keys())
            for table in TABLES.values():
                _create_kept(connection, table, cls.KEPT if table.name in present else None)
            for name in cls.keys:
                connection.execute(f"CREATE VIEW {name} AS FROM {cls.KEPT}.{name}")
        except BaseException:
            connection.close()
            raise
        database = cls(connection, settings, present, _unused_files(settings, home))
        database.kept = {name: f"{cls.KEPT}.{name}" for name in kept.keys() - TABLES.keys() - set(cls.keys)}
        database.kept |= {
            relation: f"{cls.KEPT}.{table}" for table, relation in _WITH_PLACES.items() if kept.get(table)
        }
        database.folder = file.parent if read_only else None
        return database

    def cursor(self) -> Database:
        """The same tables, for a computation of its own: threads that share a database take one each."""
        cursor = self.connection.cursor()
        _configure(cursor)
        database = type(self)(cursor, self.settings, self.present, self.hints)
        database.kept, database.folder = dict(self.kept), self.folder
        return database

    def narrow(self, table: str, sql: str, parameters: Sequence[object]) -> None:
        """Let everything see only these rows of a table; `sql` finds all of them in `all_rows`."""
        self.connection.execute(f"CREATE TEMP VIEW all_rows AS FROM memory.main.{table}")
        self.connection.execute(f"CREATE TEMP TABLE {table} AS {sql}", parameters)
        # What was worked out beforehand knows of all rows.
        self.kept, self.folder = {}, None

    def query(self, sql: str, parameters: Sequence[object] | None = None) -> pd.DataFrame:
        """The result of a query as a pandas frame."""
        return self.connection.execute(sql, parameters).df()

    def rows(self, sql: str, parameters: Sequence[object] | None = None) -> list[tuple]:
        """The result of a query as tuples of Python values."""
        return self.connection.execute(sql, parameters).fetchall()

    def attach(self, file: Path) -> None:
        """Take the relations in a DuckDB file for those of their names; the file is only read."""
        name = f"kept_{len(self.kept)}"
        self.connection.execute(f"ATTACH '{quoted(file)}' AS {name} (READ_ONLY)")
        tables = self.rows("SELECT table_name FROM duckdb_tables() WHERE database_name = ?", [name])
        self.kept |= {table: f"{name}.{table}" for (table,) in tables}

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()


def write_layer_files(folder: Path, tables: Mapping[str, pd.DataFrame]) -> str:
    """Write each non-empty table to `folder/<table>.parquet`, typed; return a hash of what was written."""
    digest = hashlib.sha256()
    with connect() as connection:
        connection.execute("SET threads = 1")  # One writer thread, so that equal tables make equal files.
        for name in sorted(tables):
            frame = tables[name]
            if len(frame) == 0:
                continue
            table = TABLES[name]
            file = folder / f"{name}.parquet"
            connection.register("incoming", frame)
            columns = typed(table, set(frame.columns))
            connection.execute(f"COPY (SELECT {columns} FROM incoming) TO '{quoted(file)}' (FORMAT parquet)")
            connection.unregister("incoming")
            digest.update(name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def quoted(path: Path) -> str:
    """A path as it stands between quotes in SQL."""
    return str(path).replace("'", "''")


def typed(table: Table, present: set[str]) -> str:
    """A select list of the table's columns, typed; a column the source lacks is NULL."""
    return ", ".join(
        f'CAST("{column.name}" AS {column.sql_type}) AS "{column.name}"'
        if column.name in present
        else f'CAST(NULL AS {column.sql_type}) AS "{column.name}"'
        for column in table.columns
    )


def _sources(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    folders: Sequence[tuple[str, Path]],
    frames: Mapping[str, pd.DataFrame],
    settings: Settings,
    home: Path | None,
) -> list[str]:
    """Select statements of this table's rows, earliest layer first."""
    selects = []
    for _, folder in folders:
        file = folder / f"{table.name}.parquet"
        if file.exists():
            # A layer written by an earlier version may lack a column that the table has by now.
            written = f"SELECT * FROM read_parquet('{quoted(file)}')"
            seen = {column[0] for column in connection.execute(f"{written} LIMIT 0").description}
            selects.append(f"SELECT {typed(table, seen)} FROM ({written})")
    if table.name in frames:
        frame = frames[table.name]
        selects.append(f"SELECT * FROM {load_frame(connection, table, frame, typed(table, set(frame.columns)))}")
    if table.name in settings.files and home is not None:
        selects.append(_settings_file(connection, table, home / settings.files[table.name], settings))
    return selects


def _settings_file(connection: duckdb.DuckDBPyConnection, table: Table, file: Path, settings: Settings) -> str:
    # The readers of exports need `connect`, too.
    from tools.sources.named_files import read_named_file

    if not file.is_file():
        raise InputError(f"workspace.toml names {file.name} for {table.name}, but there is no {file}.")
    frame = read_named_file(file, table, settings)
    name = f"named_{table.name}"
    connection.register("incoming", frame)
    connection.execute(f"CREATE TABLE {name} AS SELECT {typed(table, set(frame.columns))} FROM incoming")
    connection.unregister("incoming")
    return f"SELECT * FROM {name}"


def _unused_files(settings: Settings, home: Path | None) -> tuple[str, ...]:
    """A sentence for each canonical CSV file that lies beside workspace.toml without being named in it."""
    if home is None:
        return ()
    return tuple(
        f'{name}.csv lies beside workspace.toml but is not used: add {name} = "{name}.csv" under [files]'
        for name in TABLES
        if name not in settings.files and (home / f"{name}.csv").is_file()
    )


def _create_raw(connection: duckdb.DuckDBPyConnection, table: Table, selects: list[str]) -> None:
    if not selects:
        connection.execute(f"CREATE VIEW raw_{table.name} AS SELECT {typed(table, set())} WHERE false")
        return
    if len(selects) == 1:
        connection.execute(f"CREATE VIEW raw_{table.name} AS {selects[0]}")
        return
    ranked = " UNION ALL ".join(f"SELECT *, {rank} AS layer_rank FROM ({sql})" for rank, sql in enumerate(selects))
    key = ", ".join(f'"{name}"' for name in table.key)
    # Within one layer a source has already settled its duplicates; across layers the later import speaks.
    connection.execute(
        f"CREATE VIEW raw_{table.name} AS SELECT * EXCLUDE (layer_rank) FROM ({ranked}) "
        f"QUALIFY layer_rank = max(layer_rank) OVER (PARTITION BY {key})"
    )


def _apply_people_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """`staff`: people as the sources have them, overlaid by workspace.toml, one row per person."""
    connection.execute("CREATE TABLE staff AS SELECT * FROM raw_people")
    # Deals alone are enough: where no people are on record, whoever owns a deal is one.
    connection.execute(
        "INSERT INTO staff (person_id) SELECT DISTINCT owner FROM raw_deals "
        "WHERE owner IS NOT NULL AND NOT EXISTS (SELECT 1 FROM raw_people) ORDER BY 1"
    )
    columns = set(TABLES["people"].column_names)
    for person in settings.people:
        found = connection.execute(
            "SELECT person_id FROM staff WHERE lower(trim(person_id)) = lower(trim($1)) OR lower(email) = lower($2) "
            "OR lower(trim(name)) = lower(trim($3))",
            [person.id or person.name, person.email, person.name],
        ).fetchone()
        if found is None:
            person_id = person.id or person.email or person.name
            connection.execute("INSERT INTO staff (person_id) VALUES (?)", [person_id])
        else:
            person_id = found[0]
        given = {
            key: value for key, value in person.model_dump(exclude={"id", "aliases"}).items()
            if value is not None and key in columns
        }  # fmt: skip
        assignments = ", ".join(f'"{key}" = ?' for key in given)
        connection.execute(f"UPDATE staff SET {assignments} WHERE person_id = ?", [*given.values(), person_id])
    connection.execute(
        "CREATE OR REPLACE VIEW raw_people AS SELECT * REPLACE (coalesce(nullif(trim(name), ''), person_id) AS name, "
        f"coalesce(role, '{settings.organisation.default_role}') AS role) FROM staff"
    )


def _create_keys(connection: duckdb.DuckDBPyConnection, name: str, settings: Settings) -> None:
    """`<name>_keys(key, id)`: every spelling that names exactly one row, ids before e-mails before names."""
    id_column, others = _NAMES[name]
    spellings = [f"SELECT lower(trim({id_column})) AS key, {id_column} AS id, 0 AS rank FROM raw_{name}"]
    for rank, column in enumerate(others, start=1):
        spellings.append(
            f"SELECT lower(trim({column})), {id_column}, {rank} FROM raw_{name} WHERE {column} IS NOT NULL"
        )
    connection.execute(f"CREATE TABLE {name}_spellings AS {' UNION ALL '.join(spellings)}")
    if name == "people":
        for person in settings.people:
            for alias in person.aliases:
                connection.execute(
                    "INSERT INTO people_spellings SELECT lower(trim(?)), person_id, 3 FROM staff "
                    "WHERE lower(trim(name)) = lower(trim(?))",
                    [alias, person.name],
                )
    connection.execute(
        f"CREATE TABLE {name}_keys AS SELECT key, arg_min(id, rank) AS id FROM "
        f"(SELECT key, rank, min(id) AS id, min(id) = max(id) AS alone FROM {name}_spellings "
        f"WHERE key <> '' GROUP BY key, rank) GROUP BY key HAVING arg_min(alone, rank)"
    )


def _create_resolved(connection: duckdb.DuckDBPyConnection, table: Table, present: bool) -> None:
    """The view under the table's own name, with references resolved where any is not an id already."""
    if not present:
        # A view over nothing would be worked out again by every query that asks for it.
        connection.execute(f"CREATE TABLE {table.name} AS SELECT * FROM raw_{table.name}")
        return
    joins, replaced = [], []
    for column in table.columns:
        target = _RESOLVED.get(column.type)
        if target is None or not _needs_resolving(connection, table, column.name, target):
            continue
        alias = f"key_{column.name}"
        joins.append(f'LEFT JOIN {target}_keys {alias} ON {alias}.key = lower(trim(t."{column.name}"))')
        replaced.append(f'coalesce({alias}.id, t."{column.name}") AS "{column.name}"')
    replace = f" REPLACE ({', '.join(replaced)})" if replaced else ""
    connection.execute(f"CREATE VIEW {table.name} AS SELECT t.*{replace} FROM raw_{table.name} t {' '.join(joins)}")


def _create_kept(connection: duckdb.DuckDBPyConnection, table: Table, kept: str | None) -> None:
    """The view under the table's own name over what was kept of it; an empty table where it holds nothing."""
    if kept is None:
        connection.execute(f"CREATE TABLE {table.name} AS SELECT {typed(table, set())} WHERE false")
    else:
        names = ", ".join(f'"{column}"' for column in table.column_names)
        connection.execute(f"CREATE VIEW {table.name} AS SELECT {names} FROM {kept}.{table.name}")


def _needs_resolving(connection: duckdb.DuckDBPyConnection, table: Table, column: str, target: str) -> bool:
    id_column = _NAMES[target][0]
    unknown = (
        f'SELECT 1 FROM (SELECT DISTINCT "{column}" AS value FROM raw_{table.name} WHERE "{column}" IS NOT NULL) '
        f"WHERE value NOT IN (SELECT {id_column} FROM raw_{target}) "
        f"AND lower(trim(value)) IN (SELECT key FROM {target}_keys) LIMIT 1"
    )
    return connection.execute(unknown).fetchone() is not None
