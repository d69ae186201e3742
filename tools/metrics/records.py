"""The records behind a figure: each with its own columns and what it adds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tools.metrics.engine import Engine
from tools.metrics.model import Metric, Rows

# What is shown of a record, in this order; of tables not named here, whatever is filled in.
_SHOWN = {
    "deals": ("deal_id", "name", "account", "owner", "stage", "status", "amount", "currency", "type", "created_on",
              "expected_close_on", "closed_on", "lost_reason", "slip_reason"),
    "activities": ("activity_id", "type", "owner", "at", "status", "outcome", "deal", "account", "lead"),
    "people": ("person_id", "name", "role", "team", "segment"),
}  # fmt: skip
_NAMED = {"owner": ("people", "person_id"), "person": ("people", "person_id"), "account": ("accounts", "account_id"),
          "product": ("products", "product_id")}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A metric, or what of it has one value of a dimension."""

    metric: Metric
    by: str | None = None
    value: str | None = None


def record_rows(engine: Engine, metric: Metric) -> Rows:
    """The row set whose records stand behind the metric."""
    return engine.rows[metric.measures[metric.record_measures[0]].rows]


def records_of(engine: Engine, part: Part, subject: str, period: str, ids: Sequence[str]) -> list[dict[str, Any]]:
    """The records of these ids, while the relations behind the figure still exist in the engine's database."""
    rows = record_rows(engine, part.metric)
    added = _added(engine, part, subject, period)
    own = _own_columns(engine, rows.table, ids)
    if not own and rows.per_subject:
        own = _rows_of(engine, subject, period, rows)
    return [{**own.get(each, {"id": each}), **added.get(each, {})} for each in ids]


def _rows_of(engine: Engine, subject: str, period: str, rows: Rows) -> dict[str, dict[str, Any]]:
    """Records that have no id of their own, as the row set shows them."""
    cursor = engine.database.connection.execute(
        f"SELECT * EXCLUDE (subject, period) FROM ({rows.sql}) WHERE subject = ? AND period = ?", [subject, period]
    )
    columns = [column[0] for column in cursor.description]
    found = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return {row["record_id"]: {name: value for name, value in row.items() if value is not None} for row in found}


def _own_columns(engine: Engine, table: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Each record's columns, with people, accounts and products by name."""
    key = engine.database.query(f"SELECT * FROM {table} LIMIT 0").columns[0]
    cursor = engine.database.connection.execute(
        f'SELECT t.* FROM {table} t WHERE t."{key}" IN (SELECT unnest(?::VARCHAR[])) ORDER BY t."{key}"', [list(ids)]
    )
    columns = [column[0] for column in cursor.description]
    rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    shown = _SHOWN.get(table, columns)
    filled = [name for name in shown if any(row[name] is not None for row in rows)]
    names = {column: _names(engine, *_NAMED[column]) for column in filled if column in _NAMED}
    return {
        row[key]: {name: names[name].get(row[name], row[name]) if name in names else row[name] for name in filled}
        for row in rows
    }


def _names(engine: Engine, table: str, key: str) -> dict[str, str]:
    return dict(engine.database.rows(f"SELECT {key}, coalesce(name, {key}) FROM {table}"))


def _added(engine: Engine, of: Part, subject: str, period: str) -> dict[str, dict[str, Any]]:
    """What each record adds to each measure: its amount as counted, its days …; counts only where one counts again."""
    added: dict[str, dict[str, Any]] = {}
    for name in of.metric.record_measures:
        measure = of.metric.measures[name]
        rows = engine.rows[measure.rows]
        if rows.per_subject and not rows.bounded:
            continue
        part, values = ("true", []) if of.by is None else (f'CAST("{of.by}" AS VARCHAR) = ?', [of.value])
        found = engine.database.rows(
            f"SELECT record_id, {measure.sql} FROM {_counted_for(rows)} "
            f"WHERE subject = ? AND period = ? AND ({measure.where or 'true'}) AND {part} GROUP BY record_id",
            [subject, period, *values],
        )
        if measure.sql.startswith("count(") and all(times == 1 for _, times in found):
            continue
        for record, amount in found:
            added.setdefault(record, {})[name] = amount
    return added


def _counted_for(rows: Rows) -> str:
    """The rows with the subjects that they count for."""
    if rows.per_subject:
        return f"(SELECT *, false AS is_peers FROM ({rows.sql}))"
    return (
        f"(SELECT r.*, s.is_peers, s.subject FROM ({rows.sql}) r JOIN scope s "
        "ON s.person = r.person AND r.on_day >= s.from_on AND r.on_day < s.to_on)"
    )


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def record_table(records: Sequence[dict[str, Any]]) -> list[str]:
    """Lines of aligned columns for a terminal, the columns' names first."""
    if not records:
        return []
    names = list(dict.fromkeys(name for record in records for name in record))
    texts = [names, *[[shown(record.get(name)) for name in names] for record in records]]
    widths = [max(len(row[n]) for row in texts) for n in range(len(names))]
    return ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in texts]


def shown(value: Any) -> str:
    """A value as a terminal may show it."""
    text = plain(value)
    # Names come from the export: nothing in them may move a terminal's cursor.
    return "" if text is None else re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", str(text))
