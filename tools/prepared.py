"""What a workspace's tables say whoever asks and whenever: worked out once per import, and kept beside the layers.

    prepared/<key>/tables.duckdb       the canonical tables, layers merged and people resolved, and every relation that
                                       depends on tables and settings only (validity intervals, first meetings …);
                                       deals have a place in it, a number, by which what is about them is sorted
    prepared/<key>/<period>/           what depends on the periods, too, as it was first asked for

`key` is a hash of all that the content follows from: the layers' files, workspace.toml and the files that it names, the
relations' SQL and the code that builds the tables. Whatever changes, the key is another, and what stands under the old
one is removed when the new one is written. Everything is written whole or not at all; where nothing can be written, or
the tables are small, they are worked out anew each time.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from tools.database import Database, quoted, spare
from tools.files import locked
from tools.metrics.given import create_rules
from tools.metrics.queries import Relations, asked_by, relations
from tools.tables import TABLES

if TYPE_CHECKING:
    from tools.workspace import Workspace

FOLDER = "prepared"
FILE = "tables.duckdb"
# Below so many bytes of Parquet it takes no longer to work tables out than to look them up.
_WORTHWHILE = 2**16
# A table takes at least one block of its file, and most tables of a small workspace hold little. More bytes of Parquet
# than this are read more quickly from large blocks.
_SMALL, _SMALL_BLOCK, _BLOCK = 2**21, 2**14, 2**18
# What is asked for together lies together, so that most rows need not be read: a person's deals, by their place, and
# all that is known about each of them.
_ORDER = {
    "leads": "owner", "activities": "date_trunc('quarter', \"at\")", "history": "field, place",
    "touches_of_deals": "place", "late_deals": "place", "first_contacts": "place", "stage_visits": "place",
    "stages_left": "place", "stages_reached": "place", "first_touches": "person", "lead_milestones": "person",
    "first_meetings": "person", "qualified_meetings": "person",
}  # fmt: skip
# Tables that get a place beside their columns. The deals come first, for they say what each deal's is.
_PLACED = {
    "deals": "SELECT *, CAST(row_number() OVER (ORDER BY owner, deal_id) - 1 AS INTEGER) AS place FROM deals",
    "deal_changes": "SELECT c.*, d.place FROM deal_changes c LEFT JOIN kept.deals d ON d.deal_id = c.deal",
}
_CODE = (
    "database.py", "prepared.py", "tables.py", "frames.py", "organisation.py", "stages.py", "metrics/given.py",
    "sources/named_files.py",
)  # fmt: skip


def prepared_database(workspace: Workspace) -> Database | None:
    """The workspace's database as it was prepared; now, if need be. None where it is not worthwhile or not possible."""
    folder = _folder(workspace)
    if folder is None:
        return None
    try:
        if not (folder / FILE).is_file():
            _prepare(workspace, folder)
        return Database.prepared(workspace.settings, folder / FILE, workspace.path)
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException):
        # A disk that is full or may not be written to, too little memory, or a file that another process swept away.
        return None


def prepare(workspace: Workspace) -> None:
    """Work out now what the first question would wait for, if it is worthwhile and possible."""
    database = prepared_database(workspace)
    if database is not None:
        database.close()


def _prepare(workspace: Workspace, folder: Path) -> None:
    folder.parent.mkdir(exist_ok=True)
    with locked(folder.parent):
        if (folder / FILE).is_file():
            return
        # What else lies here stands under an old key, or was left half-way by a process that was killed.
        for other in folder.parent.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other, ignore_errors=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".part-"))
        try:
            _write_tables(workspace, part / FILE)
            _write_relations(workspace, part / FILE)
            part.chmod(0o755)
            part.rename(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)


def _write_tables(workspace: Workspace, file: Path) -> None:
    with workspace.fresh_database() as database:
        run = database.connection.execute
        run("SET preserve_insertion_order = false")
        spare(database.connection, file.parent)
        small = sum(each.stat().st_size for each in _layer_files(workspace)) < _SMALL
        run(f"ATTACH '{quoted(file)}' AS kept (BLOCK_SIZE {_SMALL_BLOCK if small else _BLOCK})")
        placed = [name for name in _PLACED if {name, "deals"} <= database.present]
        for name in placed:
            run(f"CREATE TABLE kept.{name} AS FROM ({_PLACED[name]}) ORDER BY place")
        for name in sorted(database.present.difference(placed)):
            order = f" ORDER BY {_ORDER[name]}" if name in _ORDER else ""
            run(f"CREATE TABLE kept.{name} AS FROM {name}{order}")
        for name in database.keys:
            run(f"CREATE TABLE kept.{name} AS FROM {name}")


def _write_relations(workspace: Workspace, file: Path) -> None:
    with Database.prepared(workspace.settings, file, workspace.path, read_only=False) as database:
        database.connection.execute("SET preserve_insertion_order = false")
        create_rules(database)
        lasting = [
            name
            for name, relation in relations().items()
            if relation.kept or relation.materialised and not asked_by(name)
        ]
        Relations(database, into=Database.KEPT, order=_ORDER).require(lasting)


def _layer_files(workspace: Workspace) -> list[Path]:
    assert workspace.path is not None
    return [
        file
        for layer in workspace.layers
        for table in TABLES
        if (file := workspace.path / layer.folder / f"{table}.parquet").is_file()
    ]


def _folder(workspace: Workspace) -> Path | None:
    if workspace.path is None or workspace.frames:
        return None
    stats = [(file, file.stat()) for file in _layer_files(workspace)]
    if sum(stat.st_size for _, stat in stats) < _WORTHWHILE:
        return None
    digest = hashlib.sha256(f"{version('salesbrief')} {duckdb.__version__}".encode())
    for file, stat in stats:
        digest.update(f"{file.relative_to(workspace.path)} {stat.st_size} {stat.st_mtime_ns}".encode())
    digest.update(workspace.settings.model_dump_json().encode())
    for name in workspace.settings.files.values():
        named = workspace.path / name
        digest.update(named.read_bytes() if named.is_file() else b"")
    for name in _CODE:
        digest.update((Path(__file__).parent / name).read_bytes())
    for relation in relations().values():
        digest.update(relation.sql.encode())
    return workspace.path / FOLDER / digest.hexdigest()[:16]
