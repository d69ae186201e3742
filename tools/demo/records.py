"""A ledger: rows of the canonical tables as a made-up organisation would have left them in its CRM."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd

from tools.periods import Period, parse_period
from tools.tables import TABLES, Column

_DTYPES = {
    "instant": "datetime64[us]", "money": "float64", "number": "float64", "ratio": "float64", "integer": "Int64",
    "flag": "boolean", "date": "object",
}  # fmt: skip


class Ledger:
    """Collects rows per table. `random` is its own source of chance, so equal seeds leave equal ledgers."""

    def __init__(self, seed: int | str, exported_on: date, *, currency: str = "USD") -> None:
        self.random = random.Random(seed)
        self.exported_on = exported_on
        self.currency = currency
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in TABLES}
        self.account_names: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()

    def add(self, table: str, **row: Any) -> None:
        """Write down one row; columns not given stay empty."""
        self.rows[table].append(row)

    def new_id(self, prefix: str) -> str:
        """The next free id: D-1001, D-1002 …"""
        self._numbers[prefix] += 1
        return f"{prefix}-{1000 + self._numbers[prefix]}"

    def account(self, name: str, **row: Any) -> str:
        """One account; returns its id."""
        account_id = self.new_id("ACC")
        self.account_names[account_id] = name
        self.add("accounts", account_id=account_id, name=name, **row)
        return account_id

    def note(self, on: date, person: str | None, kind: str, text: str, metric: str | None = None, **more: Any) -> str:
        """One row of evidence; returns its id."""
        evidence_id = self.new_id("N")
        self.add("evidence", evidence_id=evidence_id, on=on, person=person, kind=kind, text=text, metric=metric, **more)
        return evidence_id

    def frames(self) -> dict[str, pd.DataFrame]:
        """Every canonical table with all its columns, typed: dates as `datetime.date`, instants naive UTC."""
        return {name: _frame(name, rows) for name, rows in self.rows.items()}


def _frame(name: str, rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    table = TABLES[name]
    unknown = {column for row in rows for column in row} - set(table.column_names)
    if unknown:
        raise ValueError(f"{name} has no columns {sorted(unknown)}")
    return pd.DataFrame({column.name: _series(column, rows) for column in table.columns})


def _series(column: Column, rows: Sequence[dict[str, Any]]) -> pd.Series:
    return pd.Series([row.get(column.name) for row in rows], dtype=_DTYPES.get(column.type, "str"))


def quarter(label: str) -> Period:
    """A whole calendar quarter: `quarter("2026-Q2")`."""
    return parse_period(label, as_of=date(9000, 1, 1))


def working_days(start: date, end: date) -> list[date]:
    """Mondays to Fridays in [start, end), never the first of a month, when pictures of the pipeline are taken."""
    days = (start + timedelta(days=n) for n in range((end - start).days))
    return [day for day in days if day.weekday() < 5 and day.day != 1]


def spread_days(rng: random.Random, days: Sequence[date], count: int) -> list[date]:
    """`count` days in order, spread over `days` with some chance in each step."""
    return [days[int((n + rng.random()) * len(days) / count)] for n in range(count)]


def at_work(day: date, minutes: int = 0) -> datetime:
    """An instant in that day's office hours: 14:00 UTC and so many minutes, the same day from Warsaw to Seattle."""
    return datetime.combine(day, time(14)) + timedelta(minutes=minutes)


def split(rng: random.Random, total: int, count: int, *, step: int = 1, evenness: float = 0.6) -> list[int]:
    """`count` positive multiples of `step` (the last one takes the rest) that add up to `total`."""
    weights = [evenness + 2 * (1 - evenness) * rng.random() for _ in range(count)]
    parts = [max(step, round(total * weight / sum(weights) / step) * step) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def in_turn(values: Iterable[Any]) -> Iterator[Any]:
    """An endless iterator over a pool, in order: `next(pool)`."""
    pool = list(values)
    while True:
        yield from pool
