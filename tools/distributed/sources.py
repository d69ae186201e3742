"""Where the tables come from: a workspace, or frames of Spark or pandas; large tables stay with Spark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.database import Database, connect, typed
from tools.distributed.packing import to_cell
from tools.distributed.routing import LARGE
from tools.frames import check_names, load_frame
from tools.organisation import Settings
from tools.tables import TABLES
from tools.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession


class Tables(NamedTuple):
    """Canonical tables: the `large` ones as Spark frames, the others whole, as cells (`packing.to_cell`)."""

    settings: Settings
    large: Mapping[str, DataFrame]
    small: Mapping[str, bytes]
    hints: tuple[str, ...] = ()


def tables_of(spark: SparkSession, source: Workspace | Mapping[str, Any], settings: Settings | None) -> Tables:
    """The tables of a workspace, or of frames by table name. Raises `InputError` for a frame that is no table."""
    if isinstance(source, Workspace):
        return _of_workspace(spark, source)
    check_names(source)
    large, small = {}, {}
    for name, frame in source.items():
        if name not in LARGE:
            small[name] = to_cell(_typed_rows(name, frame))
        elif hasattr(frame, "toArrow"):
            known = [column for column in TABLES[name].column_names if column in frame.columns]
            large[name] = frame.select(known)
        else:
            large[name] = spark.createDataFrame(_typed_rows(name, frame))
    return Tables(settings or Settings(), large, small)


def _of_workspace(spark: SparkSession, workspace: Workspace) -> Tables:
    large, small = {}, {}
    with workspace.database() as database:
        for name in sorted(database.present):
            file = _only_file(workspace, name)
            if name not in LARGE:
                small[name] = to_cell(_rows(database, f"SELECT * FROM {name}"))
            elif file is not None:
                large[name] = spark.read.parquet(file)
            else:
                large[name] = spark.createDataFrame(_rows(database, f"SELECT * FROM {name}"))
        return Tables(workspace.settings, large, small, database.hints)


def _only_file(workspace: Workspace, name: str) -> str | None:
    """The file of a table that a single layer has, which Spark may as well read itself."""
    if workspace.path is None or name in workspace.frames or name in workspace.settings.files:
        return None
    files = [workspace.path.resolve() / layer.folder / f"{name}.parquet" for layer in workspace.layers]
    there = [file for file in files if file.is_file()]
    return there[0].as_uri() if len(there) == 1 else None


def _typed_rows(name: str, frame: Any) -> pa.Table:
    """A frame with the table's columns and types, checked as everywhere."""
    columns = set(frame.columns)
    with connect() as connection:
        rows = frame.toArrow() if hasattr(frame, "toArrow") else frame
        loaded = load_frame(connection, TABLES[name], rows, typed(TABLES[name], columns))
        return connection.cursor().sql(f"SELECT * FROM {loaded}").to_arrow_table()


def _rows(database: Database, sql: str) -> pa.Table:
    return database.connection.cursor().sql(sql).to_arrow_table()
