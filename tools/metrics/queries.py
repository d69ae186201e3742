"""The named queries in relations/*.sql, created when a row set asks for them, each after those it is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from uuid import uuid4

import duckdb

from tools.database import Database, quoted

# What is asked for, which no table and no setting says.
ASKED = frozenset({"periods", "moments", "snapshots", "metric_kinds", "subjects", "scope", "reports", "peer_members"})

_PERIODS = frozenset({"periods", "moments"})
_FLAGS = ("materialised", "kept")


@dataclass(frozen=True)
class Relation:
    """A named query. `sources` are the tables and relations that its header says it is made from.

    One that is `materialised` is worked out once for each computation; one that is `kept`, like those of them that
    depend on tables and settings only, once for each import, where that is worthwhile (`tools.prepared`). One that
    `narrows` another holds those of its rows that matter, and is the other itself where nearly all do.
    """

    name: str
    meaning: str
    sources: tuple[str, ...]
    materialised: bool
    kept: bool
    narrows: str | None
    sql: str


@cache
def relations() -> dict[str, Relation]:
    """All relations by name."""
    folder = resources.files("tools.metrics") / "relations"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".sql")), key=lambda file: file.name)
    return {file.name[:-4]: _read(file.name[:-4], file.read_text(encoding="utf-8")) for file in files}


def names_in(sql: str) -> set[str]:
    """The words of a query that name relations."""
    return set(re.findall(r"[a-z_]+", sql)) & relations().keys()


@cache
def asked_by(name: str) -> frozenset[str]:
    """What a relation depends on beside tables and settings: periods, subjects … Nothing: it holds for an import."""
    if name in ASKED:
        return frozenset({name})
    relation = relations().get(name)
    return frozenset() if relation is None else frozenset().union(*map(asked_by, relation.sources))


def moments_in(sql: str) -> set[str]:
    """The moments of a period whose snapshots a query looks at, itself or by the relations that it names."""
    found = set(re.findall(r"moment = '([a-z_]+)'", sql))
    return found.union(*(_moments_of(name) for name in names_in(sql)))


@cache
def _moments_of(name: str) -> frozenset[str]:
    relation = relations()[name]
    found = frozenset(re.findall(r"moment = '([a-z_]+)'", relation.sql))
    return found.union(*(_moments_of(source) for source in relation.sources if source in relations()))


class Relations:
    """The relations that exist so far in one database, those that it keeps among them.

    `into` is the attached database that those which last are written to, to be kept, in their `order`.
    `folder` is where those are kept that depend on the periods asked for only. `few`: a small part is asked for.
    """

    def __init__(
        self,
        database: Database,
        into: str | None = None,
        folder: Path | None = None,
        order: Mapping[str, str] | None = None,
    ) -> None:
        self._database = database
        self._into = into
        self._order = order or {}
        self._folder = folder
        self._made: set[str] = set()
        self.few = True

    def require(self, names: Iterable[str]) -> None:
        """Create those that are missing, and before each what it is made from."""
        for name in sorted(names):
            if name in self._made:
                continue
            if name in self._database.kept:
                self._database.connection.execute(f"CREATE TEMP VIEW {name} AS FROM {self._database.kept[name]}")
                self._made.add(name)
                continue
            relation = relations()[name]
            if self._folder is not None and relation.materialised and asked_by(name) <= _PERIODS:
                self._keep(relation)
                self._made.add(name)
                continue
            self.require(source for source in relation.sources if source in relations())
            run = self._database.connection.execute
            if relation.narrows is not None and not self.few:
                run(f"CREATE TEMP VIEW {name} AS FROM {relation.narrows}")
            elif (relation.materialised or relation.kept) and self._into is not None:
                self._write(relation)
                run(f"CREATE TEMP VIEW {name} AS FROM {self._into}.{name}")
            else:
                run(f"CREATE TEMP {'TABLE' if relation.materialised else 'VIEW'} {name} AS {relation.sql}")
            self._made.add(name)

    def _write(self, relation: Relation) -> None:
        run, table = self._database.connection.execute, f"{self._into}.{relation.name}"
        if relation.name not in self._order:
            run(f"CREATE TABLE {table} AS FROM ({relation.sql})")
            return
        # Joined and sorted at once, the largest would need more memory than is allowed.
        run(f"CREATE TABLE {table}_unsorted AS FROM ({relation.sql})")
        run(f"CREATE TABLE {table} AS FROM {table}_unsorted ORDER BY {self._order[relation.name]}")
        run(f"DROP TABLE {table}_unsorted")

    def _keep(self, relation: Relation) -> None:
        """Take a relation from the folder of the periods asked for, or make it and leave it there."""
        run = self._database.connection.execute
        file = self._folder / f"{relation.name}.parquet"
        try:
            run(f"CREATE TEMP TABLE {relation.name} AS FROM read_parquet('{quoted(file)}')")
            return
        except duckdb.IOException:
            self.require(source for source in relation.sources if source in relations())
        run(f"CREATE TEMP TABLE {relation.name} AS {relation.sql}")
        part = file.with_name(f".{relation.name}-{uuid4().hex}.part")
        try:
            file.parent.mkdir(exist_ok=True)
            run(f"COPY {relation.name} TO '{quoted(part)}' (FORMAT parquet)")
            part.replace(file)
        except (OSError, duckdb.IOException):
            part.unlink(missing_ok=True)


def _read(name: str, text: str) -> Relation:
    header = [line[2:].strip() for line in text.splitlines() if line.startswith("--")]
    sources = next((line[5:] for line in header if line.startswith("from:")), "")
    narrows = next((line[8:].strip() for line in header if line.startswith("narrows:")), None)
    meaning = " ".join(line for line in header if not line.startswith(("from:", "narrows:")) and line not in _FLAGS)
    return Relation(
        name, meaning.removeprefix(f"{name}: "), tuple(source.strip() for source in sources.split(",")),
        "materialised" in header, "kept" in header, narrows, text,
    )  # fmt: skip
