"""Since when and until when records speak: nothing is compared before that, and partly covered periods are marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tools.database import Database
from tools.metrics.queries import Relations
from tools.periods import Period
from tools.tables import TABLES

# The records may begin, or end, this share of a period late (or early) before the period counts as partly covered.
_PARTIAL = 1 / 6
# Whose a contract is where it names no owner of its own.
_ACCOUNT_OWNER = "coalesce(owner, (SELECT any_value(a.owner) FROM accounts a WHERE a.account_id = account))"
_HOLDER = {"subscriptions": _ACCOUNT_OWNER, "renewals": _ACCOUNT_OWNER}


@dataclass(frozen=True)
class Coverage:
    """Since when and until when rows speak, for the organisation and for each subject that has any."""

    first: date | None
    last: date | None
    first_of: Mapping[str, date | None] | None


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
    day = f'CAST("{column}" AS DATE)'
    first, last = database.rows(f"SELECT min({day}), max({day}) FROM {table}")[0]
    holders = _holders(relations, table, day)
    if holders is None:
        return Coverage(first, last, None)
    first_of = database.rows(
        f"SELECT s.subject, min(t.first_on) FROM ({holders}) t JOIN scope s ON s.person = t.person GROUP BY 1"
    )
    return Coverage(first, last, dict(first_of))


def _holders(relations: Relations, table: str, day: str) -> str | None:
    """A query for who has rows in a table and since when, or None where its rows are nobody's."""
    if table == "deals":
        relations.require(["deal_holders"])
        return "SELECT person, first_on FROM deal_holders"
    holder = next((name for name in ("owner", "person") if TABLES[table].column(name) is not None), None)
    if holder is None:
        return None
    return f"SELECT {_HOLDER.get(table, holder)} AS person, min({day}) AS first_on FROM {table} GROUP BY 1"
