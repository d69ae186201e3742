"""Rows on their way between tasks: columns of many rows in one binary cell, so that Spark moves few and large records.

    pack(batches, table)      rows of one table that know their parts → cells (part, name, cell)
    unpacked(batches)         cells in order of part → one folder of Parquet files per part, as a workspace's layer has

Rows are typed here, by the same casts as everywhere: a timestamp with a zone becomes UTC, money DECIMAL(18,4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from tools.database import connect, typed
from tools.errors import InputError
from tools.frames import check_choices
from tools.tables import TABLES, Table

CELLS = "part int, name string, cell binary"
PARTS = "parts_of_row"

# So many rows are gathered before they are divided: fewer and larger cells, for about 100 MB of memory.
_GATHERED = 200_000


def pack(batches: Iterable[pa.RecordBatch], table: str) -> Iterator[pa.RecordBatch]:
    """Cells of a table's rows, each row in those of all its parts (the list in `PARTS`)."""
    with connect() as connection:
        for gathered in _gathered(batches):
            connection.register("incoming", gathered)
            typed_rows = _typed_rows(connection, TABLES[table], gathered.column_names)
            connection.unregister("incoming")
            yield from _cells(table, typed_rows)


def to_cell(rows: pa.Table) -> bytes:
    """Rows as the content of one cell."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as writer:
        writer.write_table(rows)
    return sink.getvalue().to_pybytes()


def from_cell(cell: bytes) -> pa.Table:
    """The rows in a cell."""
    return pa.ipc.open_stream(cell).read_all()


def unpacked(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, Path]]:
    """Each part with a folder of its rows; the folder is there until the next part is asked for."""
    for part, cells in groupby(_each_cell(batches), key=lambda cell: cell[0]):
        with TemporaryDirectory(prefix="salesbrief-") as folder:
            write_tables(Path(folder), ((name, cell) for _, name, cell in cells if name != ""))
            yield part, Path(folder)


def write_tables(folder: Path, cells: Iterable[tuple[str, bytes]]) -> None:
    """Write cells to `folder/<table>.parquet`, one after the other."""
    writers: dict[str, pq.ParquetWriter] = {}
    try:
        for name, cell in cells:
            rows = from_cell(cell)
            if name not in writers:
                writers[name] = pq.ParquetWriter(folder / f"{name}.parquet", rows.schema, compression="lz4")
            writers[name].write_table(rows)
    finally:
        for writer in writers.values():
            writer.close()


def _typed_rows(connection: duckdb.DuckDBPyConnection, table: Table, names: Sequence[str]) -> pa.Table:
    columns = typed(table, set(names))
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE typed_rows AS SELECT unnest({PARTS}) AS {PARTS}, {columns} FROM incoming"
        )
    except duckdb.Error as error:
        raise InputError(f"The frame {table.name} cannot be read: {str(error).splitlines()[0]}") from None
    for column in table.columns:
        if column.choices and column.name in names:
            check_choices(connection, "typed_rows", table, column.name, column.choices)
    return connection.cursor().sql(f"SELECT * FROM typed_rows ORDER BY {PARTS}").to_arrow_table()


def _cells(table: str, rows: pa.Table) -> Iterator[pa.RecordBatch]:
    start = 0
    for part, run in groupby(rows[PARTS].to_pylist()):
        length = sum(1 for _ in run)
        yield pa.RecordBatch.from_pydict(
            {"part": [part], "name": [table], "cell": [to_cell(rows.slice(start, length).drop_columns([PARTS]))]},
            schema=pa.schema([("part", pa.int32()), ("name", pa.string()), ("cell", pa.binary())]),
        )
        start += length


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(each.num_rows for each in waiting) >= _GATHERED:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if any(each.num_rows for each in waiting):
        yield pa.Table.from_batches(waiting)


def _each_cell(batches: Iterable[pa.RecordBatch]) -> Iterator[tuple[int, str, Any]]:
    for batch in batches:
        yield from zip(*(batch[name].to_pylist() for name in ("part", "name", "cell")), strict=True)
