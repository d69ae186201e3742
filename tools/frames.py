"""pandas frames handed in as canonical tables: taken as they are, or refused with one clear sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import duckdb

from tools.errors import InputError, did_you_mean
from tools.tables import TABLES, Table

if TYPE_CHECKING:
    import pandas as pd


def check_names(frames: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a frame that is no canonical table, or lacks a column that the table cannot do without."""
    for name, frame in frames.items():
        table = TABLES.get(name)
        if table is None:
            raise InputError(f'"{name}" is no table. {did_you_mean(name, list(TABLES))}')
        missing = [column.name for column in table.columns if column.required and column.name not in frame.columns]
        if missing:
            seen = ", ".join(str(column) for column in frame.columns)
            raise InputError(f"The frame {name} has no column {', '.join(missing)}; columns seen: {seen}.")


def load_frame(connection: duckdb.DuckDBPyConnection, table: Table, frame: pd.DataFrame, columns: str) -> str:
    """Copy a frame, typed by the select list `columns`, into a table of the database; return the table's name.

    Raises `InputError` for a value that its column cannot hold: "n/a" as an amount, "Closed Won" as a status.
    """
    name = f"frame_{table.name}"
    connection.register("incoming", frame)
    try:
        connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM incoming")
    except duckdb.Error as error:
        raise InputError(f"The frame {table.name} cannot be read: {str(error).splitlines()[0]}") from None
    finally:
        connection.unregister("incoming")
    if len(table.key) == 1:
        check_key(connection, name, table, table.key[0])
    for column in table.columns:
        if column.choices and column.name in frame.columns:
            check_choices(connection, name, table, column.name, column.choices)
    return name


def check_key(connection: duckdb.DuckDBPyConnection, name: str, table: Table, key: str) -> None:
    twice = connection.execute(f'SELECT "{key}" FROM {name} GROUP BY "{key}" HAVING count(*) > 1 LIMIT 1').fetchall()
    if twice:
        raise InputError(f'The frame {table.name} has more than one row with {key} "{twice[0][0]}"; keep one.')


def check_choices(
    connection: duckdb.DuckDBPyConnection, name: str, table: Table, column: str, choices: tuple[str, ...]
) -> None:
    found = connection.execute(
        f'SELECT min("{column}") FROM {name} WHERE "{column}" NOT IN (SELECT unnest(?::VARCHAR[]))', [list(choices)]
    ).fetchall()
    if found[0][0] is not None:
        raise InputError(f'The frame {table.name} has {column} "{found[0][0]}"; it may be {", ".join(choices)}.')
