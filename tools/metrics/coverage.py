"""Since when and until when records speak: nothing is compared before that, and partly covered periods are marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from tools.database import Database
from tools.metrics.queries import Relations
from tools.periods import Period
from tools.tables import TABLES

# The records may begin, or end, this share of a period late (or early) before the period counts as partly covered.
_PARTIAL = 1 / 6
# Whose a contract is where it names no owner of its own.
_ACCOUNT_OWNER = "coalesce(owner, (SELECT any_value(a.owner) FROM accounts a WHERE a.account_id = account))"
_HOLDER = {"subscriptions": _ACCOUNT_OWNER, "renewals": _ACCOUNT_OWNER}

# Tables that get new rows all the time, so that a gap at either end means missing records and not a quiet spell:
# `record_days` has the days on which something happened in them.
STEADY = ("deals", "activities", "leads")
# The history of deals and the deals end together.
_TOGETHER = {"deal_changes": "deals"}
# Records are expected to go on where so many of the last days had any: about three a week.
_LOOKED_BACK = 56
_USUAL_DAYS = 24
# So many working days without any record are no quiet spell then.
_QUIET_DAYS = 5
# Where records never came in regularly, they may well pause for a quarter.
_QUIET_SPELL = timedelta(days=92)


@dataclass(frozen=True)
class Coverage:
    """Since when and until when rows speak, for the organisation and for each subject that has any."""

    first: date | None
    last: date | None
    first_of: Mapping[str, date | None] | None


@dataclass(frozen=True)
class Trail:
    """Where records end: the last day of each steady table, which of them got records regularly up to then, and the
    last day of all together if those came in regularly."""

    last: Mapping[str, date]
    regular: frozenset[str]
    ends_on: date | None

    def end_before(self, table: str, period: Period) -> date | None:
        """The last day of a steady table that says nothing about a period because its records had ended before.

        Where they never came in regularly, one period without any, or a quarter, may be a quiet one.
        """
        table = _TOGETHER.get(table, table)
        last = self.last.get(table)
        quiet = period.prior().start if period.days > _QUIET_SPELL.days else period.start - _QUIET_SPELL
        since = period.start if table in self.regular else quiet
        return last if last is not None and last < since else None

    def ends_within(self, period: Period) -> bool:
        """Whether the records end so long before the end of a period (or of its days so far) that it is cut short."""
        if self.ends_on is None or not period.start <= self.ends_on <= period.last_day:
            return False
        missing = (period.last_day - self.ends_on).days
        days = [self.ends_on + timedelta(days=n + 1) for n in range(missing)]
        return missing > period.days * _PARTIAL and sum(day.weekday() < 5 for day in days) >= _QUIET_DAYS


def read_trail(database: Database, relations: Relations | None = None) -> Trail:
    """Where the records of the organisation end."""
    (relations or Relations(database)).require(["record_days"])
    ends = {table: _end(database, f"kind = '{table}'") for table in STEADY if table in database.present}
    last = {table: day for table, (day, _) in ends.items() if day is not None}
    if not last:
        return Trail(last, frozenset(), None)
    day, regular = _end(database, "true")
    return Trail(last, frozenset(table for table in last if ends[table][1]), day if regular else None)


def _end(database: Database, which: str) -> tuple[date | None, bool]:
    """The last of some days, and whether most working days before it are among them."""
    return database.rows(
        f"WITH days AS (SELECT day FROM record_days WHERE {which}), ended AS (SELECT max(day) AS on_day FROM days) "
        f"SELECT any_value(on_day), count(DISTINCT day) FILTER (day > on_day - {_LOOKED_BACK}) >= {_USUAL_DAYS} "
        "FROM ended LEFT JOIN days ON true"
    )[0]


def is_steady(table: str) -> bool:
    """Whether a table gets new rows all the time."""
    return _TOGETHER.get(table, table) in STEADY


def begins_late(coverage: Coverage, period: Period) -> bool:
    """Whether the records begin so far into the period that it is only partly covered."""
    first = coverage.first
    return first is not None and first < period.end and (first - period.start).days > period.days * _PARTIAL


def ends_early(coverage: Coverage, period: Period) -> bool:
    """Whether the records end so long before a period that is over that it is only partly covered."""
    last = coverage.last
    if last is None or period.to_date or last < period.start:
        return False
    return (period.last_day - last).days > period.days * _PARTIAL


def read_coverage(database: Database, relations: Relations, table: str, column: str) -> Coverage:
    """The coverage of a table's column; `scope` has to exist."""
    first, last = database.rows(f'SELECT CAST(min("{column}") AS DATE), CAST(max("{column}") AS DATE) FROM {table}')[0]
    holders = _holders(relations, table, column)
    if holders is None:
        return Coverage(first, last, None)
    first_of = database.rows(
        f"SELECT s.subject, min(t.first_on) FROM ({holders}) t JOIN scope s ON s.person = t.person "
        "WHERE NOT s.is_peers GROUP BY 1"
    )
    return Coverage(first, last, dict(first_of))


def _holders(relations: Relations, table: str, column: str) -> str | None:
    """A query for who has rows in a table and since when, or None where its rows are nobody's."""
    if table == "deals":
        relations.require(["deal_holders"])
        return "SELECT person, first_on FROM deal_holders"
    holder = next((name for name in ("owner", "person") if TABLES[table].column(name) is not None), None)
    if holder is None:
        return None
    person = _HOLDER.get(table, holder)
    return (
        f'SELECT {person} AS person, CAST(min("{column}") AS DATE) AS first_on FROM {table} '
        f"WHERE {person} IN (SELECT person FROM scope WHERE NOT is_peers) GROUP BY 1"
    )


def count_unowned(database: Database) -> int:
    """How many deals of the period asked for belong to nobody on record."""
    return database.rows(_UNOWNED)[0][0]


_UNOWNED = """
SELECT count(*) FROM deals d JOIN periods p ON p.period = 'current'
WHERE (d.created_on IS NULL OR d.created_on < p.end_on) AND (d.status = 'open' OR d.closed_on >= p.start_on)
  AND (d.owner IS NULL OR d.owner NOT IN (SELECT person_id FROM people))
"""
