"""Records as small tables: which columns a reader needs, each row with the record that it opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from agent.chat.answer import Cell, Table
from agent.chat.view import NONE, View
from tools.evidence.selection import cleaned
from tools.metrics.catalogue import METRICS
from tools.metrics.explanation import Explanation
from tools.quantities import display
from tools.tables import TABLES

MOST_RECORDS = 10
# The columns shown of a record, in this order, after its id; of tables not named here, the first few there are.
_SHOWN = {
    "deals": ("name", "stage", "amount", "created_on", "expected_close_on", "closed_on", "lost_reason", "slip_reason"),
    "activities": ("at", "type", "status", "outcome", "account"),
    "people": ("name", "role", "team", "segment"),
}
_TITLES = {
    "name": "Name", "stage": "Stage", "amount": "Amount", "created_on": "Created", "expected_close_on": "Due",
    "closed_on": "Closed", "lost_reason": "Lost because", "slip_reason": "Slipped because", "at": "When",
}  # fmt: skip
_MOST_COLUMNS = 7
# What says nothing unless it is so: whether an amount is missing, or has no rate.
_UNTOLD = ("unvalued", "unrated")


def record_table(
    view: View,
    title: str,
    fact_id: str,
    opened: Explanation,
    most: int = MOST_RECORDS,
    rows: Sequence[dict[str, Any]] | None = None,
) -> Table:
    """The records behind a fact, in their order or as `rows` has them.

    Each row's first cell opens its record; amounts carry their own currency.
    """
    table = opened.record_table or ""
    key = next(iter(opened.records[0]))
    columns = _columns(table, opened.records, key, slipped=fact_id.startswith(("slip", "push")))
    if _of_several(view, opened.records) and "owner" not in columns:
        columns.insert(columns.index("name") + 1 if "name" in columns else 0, "owner")
        columns = columns[:_MOST_COLUMNS]
    units = _units(opened, view)
    shown = (rows or opened.records)[:most]
    lines = tuple(
        (
            Cell(text=cleaned(str(row[key])), fact=fact_id, of=view.of, record=(table, str(row[key]))),
            *(Cell(text=_printed(table, row, name, units, view)) for name in columns),
        )
        for row in shown
    )
    right = tuple(place for place, name in enumerate(columns, start=1) if _is_money(table, name) or name in units)
    header = ("Id", *(_TITLES.get(name, name.replace("_", " ").capitalize()) for name in columns))
    return Table(title=f"{title} ({len(opened.records)})", header=header, rows=lines, right=right,
                 more=len(opened.records) - len(shown))  # fmt: skip


def one_record(table: str, row: dict[str, Any], view: View) -> Table:
    """Everything known of one record, one field a line."""
    rows = tuple(
        (
            Cell(text=_TITLES.get(name, name.replace("_", " ").capitalize())),
            Cell(text=_printed(table, row, name, {}, view)),
        )
        for name, value in row.items()
        if value is not None
    )
    first = cleaned(str(next(iter(row.values()))))
    return Table(title=f"{table.rstrip('s').replace('_', ' ').capitalize()} {first}", header=("", ""), rows=rows)


def _columns(table: str, records: Sequence[dict[str, Any]], key: str, slipped: bool) -> list[str]:
    names = [name for name in dict.fromkeys(name for row in records for name in row) if name != key]
    filled = [name for name in names if any(row.get(name) is not None for row in records)]
    wanted = _SHOWN.get(table)
    if wanted is None:
        told = [name for name in filled if name not in _UNTOLD or any(row.get(name) is True for row in records)]
        return [name for name in told if name != "currency"][: _MOST_COLUMNS - 1]
    chosen = [name for name in wanted if name in filled and (slipped or name != "slip_reason")]
    if table == "deals" and "closed_on" in chosen and all(row.get("closed_on") is not None for row in records):
        chosen = [name for name in chosen if name != "expected_close_on"]
    known = {*wanted, "status", "owner", "currency", "type", "account", "deal", "lead", "activity_id"}
    added = [name for name in filled if name not in known and _differs(records, name)]
    return [*chosen, *added][:_MOST_COLUMNS]


def _of_several(view: View, records: Sequence[dict[str, Any]]) -> bool:
    """Whether the records are several people's, and those a team's: its reader asks first whose they are."""
    of_team = view.sheet.role == "sales_manager" or view.of.who.startswith("team:")
    return of_team and len({row.get("owner") for row in records} - {None}) > 1


def _differs(records: Sequence[dict[str, Any]], name: str) -> bool:
    """Whether what a record adds to a measure is anything but its amount."""
    return any(row.get(name) is not None and row.get(name) != row.get("amount") for row in records)


def _units(opened: Explanation, view: View) -> dict[str, str]:
    """The unit of what each record adds to each measure."""
    metric = next((each for each in METRICS if each.fact_id == opened.id.split("[")[0]), None)
    if metric is None:
        return {}
    currency = f"currency:{view.sheet.currency or 'USD'}"
    plain = metric.unit if metric.unit in ("days", "minutes", "hours") else "count"
    return {name: currency if measure.money else plain for name, measure in metric.measures.items()}


def _is_money(table: str, name: str) -> bool:
    column = TABLES[table].column(name) if table in TABLES else None
    return column is not None and column.type == "money"


def _printed(table: str, row: dict[str, Any], name: str, units: dict[str, str], view: View) -> str:
    value = row.get(name)
    if value is None:
        return NONE
    if name == "amount":
        currency = str(row.get("currency") or view.sheet.currency or "USD").upper()
        return display(float(value), f"currency:{currency}", view.locale, exact=True).text
    if name in units and not isinstance(value, str | date):
        return view.quantity(float(value), units[name], exact=units[name].startswith("currency"))
    if _is_money(table, name) and not isinstance(value, str):
        return view.quantity(float(value), f"currency:{view.sheet.currency or 'USD'}", exact=True)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else cleaned(str(value))
