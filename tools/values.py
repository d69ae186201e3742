"""What the columns hold that people filter by: stages, segments, sources, products, as they stand in the records."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tools.database import Database

# Names of accounts and deals that are kept ready; of more none are.
_MOST_NAMES = 4000
# Of one column; a column of more is no kind of thing but free text.
_MOST = 60
_NAMED = """
    SELECT DISTINCT a.name FROM deals d JOIN accounts a ON a.account_id = d.account WHERE list_contains(?, d.owner)
    UNION SELECT DISTINCT name FROM deals WHERE list_contains(?, owner)
"""
_QUERIES = {
    **{column: f"SELECT DISTINCT {column} FROM deals WHERE {column} IS NOT NULL"
       for column in ("source", "origin", "type", "pipeline", "forecast_category")},
    **{column: f"SELECT DISTINCT {column} FROM accounts WHERE {column} IS NOT NULL"
       for column in ("territory", "industry")},
    "segment": "SELECT segment FROM deals WHERE segment IS NOT NULL "
               "UNION SELECT segment FROM accounts WHERE segment IS NOT NULL",
    "product": "SELECT DISTINCT coalesce(p.name, d.product) FROM deals d LEFT JOIN products p "
               "ON p.product_id = d.product WHERE d.product IS NOT NULL",
}  # fmt: skip


@dataclass(frozen=True)
class RecordNames:
    """`stages` in the order of their pipelines; `values` by column of the deals, (column, values)."""

    stages: tuple[str, ...]
    values: tuple[tuple[str, tuple[str, ...]], ...]
    reasons: tuple[str, ...] = ()
    """Why deals were lost."""


def names_in_records(database: Database) -> RecordNames:
    """The stages and the values of the columns that a report may be narrowed to."""
    stages = database.rows("SELECT coalesce(label, stage) FROM stages ORDER BY position NULLS LAST, 1")
    on_deals = database.rows("SELECT DISTINCT stage FROM deals WHERE stage IS NOT NULL ORDER BY 1")
    values = []
    for column, query in _QUERIES.items():
        found = [row[0] for row in database.rows(f"{query} ORDER BY 1")]
        if 0 < len(found) <= _MOST:
            values.append((column, tuple(found)))
    named = tuple(dict.fromkeys(row[0] for row in (*stages, *on_deals)))
    reasons = database.rows("SELECT DISTINCT lost_reason FROM deals WHERE lost_reason IS NOT NULL ORDER BY 1")
    return RecordNames(named[:_MOST], tuple(values), tuple(row[0] for row in reasons) if len(reasons) <= _MOST else ())


def names_of_deals(database: Database, owners: Collection[str]) -> tuple[str, ...]:
    """The names of the deals of those people and of their accounts; none where there are very many."""
    whose = sorted(owners)
    found = database.rows(f"SELECT * FROM ({_NAMED}) WHERE name IS NOT NULL LIMIT {_MOST_NAMES + 1}", [whose, whose])
    return tuple(sorted(row[0] for row in found)) if len(found) <= _MOST_NAMES else ()
