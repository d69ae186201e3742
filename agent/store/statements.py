"""What people state themselves: dated, under their name, taken back by "forget that", never lost."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, Select, insert, select, update

from agent.store.database import writing
from agent.store.tables import STATEMENTS


@dataclass(frozen=True)
class StatedByPerson:
    """One statement about `who` (a person's id, or `team:<name>`), dated `on`; `account` is who typed it.

    `metric` is the id of the fact that it says it explains; `kind` as in `tools.facts.Evidence`.
    """

    id: str
    who: str
    name: str
    on: date
    kind: str
    text: str
    metric: str | None
    account: str
    said_at: datetime


class StatementStore:
    """Every statement. A forgotten one stays on record and is handed out no more."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(
        self, *, who: str, name: str, on: date, kind: str, text: str, metric: str | None, account: str, at: datetime
    ) -> StatedByPerson:
        """Keep a statement. The same words about the same person and day are kept once."""
        known = next((each for each in self.about(who) if (each.on, each.text) == (on, text)), None)
        if known is not None:
            return known
        new = StatedByPerson(secrets.token_hex(16), who, name, on, kind, text, metric, account, at)
        row = {key: value for key, value in vars(new).items() if key not in ("on", "said_at")}
        with writing(self._engine) as connection:
            connection.execute(insert(STATEMENTS).values(**row, on_day=on, said_at=at))
        return new

    def about(self, who: str, start: date | None = None, end: date | None = None) -> list[StatedByPerson]:
        """The statements about somebody, oldest first; those dated from `start` to `end`, both included, if given."""
        query = select(STATEMENTS).where(STATEMENTS.c.who == who)
        if start is not None:
            query = query.where(STATEMENTS.c.on_day >= start)
        if end is not None:
            query = query.where(STATEMENTS.c.on_day <= end)
        return self._read(query)

    def about_any(self, keys: Collection[str]) -> list[StatedByPerson]:
        """The statements about any of these people and teams, oldest first."""
        return self._read(select(STATEMENTS).where(STATEMENTS.c.who.in_(keys)))

    def _read(self, query: Select) -> list[StatedByPerson]:
        """Those that nobody took back."""
        query = query.where(STATEMENTS.c.forgotten_at.is_(None))
        query = query.order_by(STATEMENTS.c.on_day, STATEMENTS.c.said_at, STATEMENTS.c.id)
        with self._engine.connect() as connection:
            return [
                StatedByPerson(
                    row["id"], row["who"], row["name"], row["on_day"], row["kind"], row["text"], row["metric"],
                    row["account"], row["said_at"],
                )
                for row in connection.execute(query).mappings()
            ]  # fmt: skip

    def forget(self, statement_id: str, at: datetime) -> None:
        """Use a statement no more."""
        with writing(self._engine) as connection:
            connection.execute(update(STATEMENTS).where(STATEMENTS.c.id == statement_id).values(forgotten_at=at))
