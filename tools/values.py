"""What the columns hold that people filter by: stages, segments, sources, products, as they stand in the records."""

from __future__ import annotations

from dataclasses import dataclass

from tools.database import Database

# Of one column; a column of more is no kind of thing but free text.
_MOST = 60
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
    return RecordNames(named[:_MOST], tuple(values))
