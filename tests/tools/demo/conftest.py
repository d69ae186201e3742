"""The demo's tables, and the pipeline as it stood on a day, rebuilt by plain pandas: a second road to every figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache

import pandas as pd
import pytest

from tools.demo.kinds import KINDS
from tools.demo.organisation import demo_tables
from tools.demo.worlds import seeded_world

Tables = dict[str, pd.DataFrame]


class Books:
    """Questions to one organisation's tables, answered without the metric layer."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._history: dict[tuple[str, str], list[tuple]] = {}
        changes = tables["deal_changes"].sort_values("at", kind="stable").astype(object)
        for deal, field, old, new, at in changes[["deal", "field", "old", "new", "at"]].itertuples(index=False):
            self._history.setdefault((deal, field), []).append((at, old, new))

    def __getitem__(self, table: str) -> pd.DataFrame:
        return self.tables[table]

    def person(self, first_name: str) -> str:
        people = self["people"]
        [person_id] = people[people.name.str.startswith(first_name)].person_id
        return person_id

    def closed(self, owners: list[str], start: date, end: date) -> pd.DataFrame:
        """New business closed in [start, end) by these owners."""
        deals = self["deals"]
        return deals[deals.owner.isin(owners) & (deals.type == "new") & within(deals.closed_on, start, end)]

    def value_on(self, deal: str, field: str, now: object, day: date) -> object:
        """The field at the start of the day: the last change before it, else what the first later change replaced."""
        changes = self._history.get((deal, field), [])
        if not changes:
            return now
        instant = datetime.combine(day, time(4))
        before = [new for at, _, new in changes if at < instant]
        value = before[-1] if before else changes[0][1]
        return date.fromisoformat(value) if field == "expected_close_on" else value

    def open_on(self, day: date) -> pd.DataFrame:
        """Deals open when the day began, with owner, stage, amount and close date of then."""
        deals = self["deals"]
        alive = deals[within(deals.created_on, date.min, day) & ~within(deals.closed_on, date.min, day)].copy()
        for field in ("owner", "stage", "amount", "expected_close_on"):
            pairs = zip(alive.deal_id, alive[field], strict=True)
            alive[field] = [self.value_on(deal, field, now, day) for deal, now in pairs]
        return alive.assign(amount=alive.amount.astype(float))

    def slipped(self, owner: str, start: date, end: date) -> pd.DataFrame:
        """Due in [start, end), by the date at its start or the first one set within, and not closed by its end."""
        deals = self["deals"]
        due = self.open_on(start)
        due = due[(due.owner == owner) & within(due.expected_close_on, start, end)]
        new = deals[(deals.owner == owner) & within(deals.created_on, start, end)]
        pairs = zip(new.deal_id, new.expected_close_on, strict=True)
        first = [self.value_on(deal, "expected_close_on", now, date.min) for deal, now in pairs]
        new = new[within(pd.Series(first, index=new.index, dtype=object), start, end)]
        every = pd.concat([due, new])
        return every[~within(every.closed_on, date.min, end)]

    def commit(self, person: str, start: date, metric: str = "revenue_won") -> float:
        """The person's last commit submitted by the period's thirtieth day."""
        said = self["forecasts"]
        said = said[(said.person == person) & (said.metric == metric) & (said.start_on == start)]
        said = said[(said.category == "commit") & within(said.submitted_on, date.min, start + timedelta(days=30))]
        return said.sort_values("submitted_on").amount.iloc[-1]

    def target(self, person: str, metric: str, start: date) -> float:
        targets = self["targets"]
        [value] = targets[(targets.person == person) & (targets.metric == metric) & (targets.start_on == start)].value
        return value


def within(days: pd.Series, start: date, end: date) -> pd.Series:
    return days.map(lambda day: day is not None and start <= day < end).astype(bool)


@pytest.fixture(scope="session")
def books() -> Books:
    """The demo's."""
    return Books(demo_tables())


@pytest.fixture(scope="session")
def world() -> Callable[[int, str], Books]:
    """`world(seed, kind)`: a seeded world's, made once."""
    return cache(lambda seed, kind: Books(seeded_world(seed, kind=kind)))


@pytest.fixture(scope="session", params=["demo", *(kind.name for kind in KINDS)])
def any_books(request: pytest.FixtureRequest, books: Books, world: Callable[[int, str], Books]) -> Books:
    """The demo's and those of one world of each kind, in turn."""
    return books if request.param == "demo" else world(11, request.param)
