"""The named queries in relations/*.sql, created when a row set asks for them, each after those it is made from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tools.database import Database

# What is asked for, which no table and no setting says.
ASKED = frozenset({"periods", "moments", "metric_kinds", "subjects", "scope", "reports", "peer_members"})


@dataclass(frozen=True)
class Relation:
    """A named query. `sources` are the tables and relations that its header says it is made from."""

    name: str
    meaning: str
    sources: tuple[str, ...]
    materialised: bool
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


class Relations:
    """The relations that exist so far in one database, those that it keeps among them.

    `into` is the attached database that those which are materialised are written to, to be kept there.
    """

    def __init__(self, database: Database, into: str | None = None) -> None:
        self._database = database
        self._into = into
        self._made: set[str] = set()

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
            self.require(source for source in relation.sources if source in relations())
            run = self._database.connection.execute
            if relation.materialised and self._into is not None:
                run(f"CREATE TABLE {self._into}.{name} AS {relation.sql}")
                run(f"CREATE TEMP VIEW {name} AS FROM {self._into}.{name}")
            else:
                run(f"CREATE TEMP {'TABLE' if relation.materialised else 'VIEW'} {name} AS {relation.sql}")
            self._made.add(name)


def _read(name: str, text: str) -> Relation:
    header = [line[2:].strip() for line in text.splitlines() if line.startswith("--")]
    sources = next((line[5:] for line in header if line.startswith("from:")), "")
    meaning = " ".join(line for line in header if not line.startswith("from:") and line != "materialised")
    return Relation(
        name, meaning.removeprefix(f"{name}: "), tuple(source.strip() for source in sources.split(",")),
        "materialised" in header, text,
    )  # fmt: skip
