"""`--from csv`: files named after the canonical tables, with canonical columns. Spelling of headers is tolerated."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

from tools.errors import InputError, did_you_mean
from tools.sources.assemble import assemble
from tools.sources.cells import CellStyle
from tools.sources.files import Folder, Sheet, read_folder
from tools.sources.headers import find_column, header_key
from tools.sources.mapping import ColumnRule, Mapping, TableMapping
from tools.sources.reading import ReadContext, Reading
from tools.tables import TABLES, Table

# What people call the columns that most files have; the canonical name always comes first.
ALIASES: dict[str, dict[str, tuple[str, ...]]] = {
    "people": {
        "person_id": ("id", "user_id", "employee_id", "email", "name"),
        "name": ("full_name", "person"),
        "email": ("e-mail", "mail"),
        "manager": ("manager_id", "reports_to"),
        "start_on": ("start_date", "hired_on", "hire_date"),
        "leave_on": ("leave_date", "end_date", "left_on"),
    },
    "deals": {
        "deal_id": ("id", "opportunity_id", "record_id"),
        "name": ("deal_name", "opportunity_name", "title"),
        "account": ("account_id", "account_name", "company", "customer"),
        "owner": ("owner_id", "owner_name", "deal_owner", "rep", "sales_rep", "sales_agent"),
        "stage": ("deal_stage", "stage_name"),
        "status": ("deal_status",),
        "amount": ("value", "deal_value", "deal_amount", "close_value"),
        "created_on": ("created", "created_date", "create_date", "created_at"),
        "expected_close_on": ("expected_close", "expected_close_date"),
        "closed_on": ("closed", "closed_date", "close_date", "closed_at"),
        "source": ("lead_source",),
        "type": ("deal_type",),
    },
    "activities": {
        "activity_id": ("id",),
        "type": ("activity_type", "kind"),
        "owner": ("owner_id", "person", "user"),
        "at": ("date", "timestamp", "time", "happened_at"),
        "deal": ("deal_id", "opportunity_id"),
        "account": ("account_id",),
        "lead": ("lead_id",),
    },
    "deal_changes": {
        "deal": ("deal_id",),
        "old": ("old_value", "from"),
        "new": ("new_value", "to"),
        "at": ("changed_at", "timestamp", "date"),
        "by": ("changed_by",),
    },
    "accounts": {"account_id": ("id", "account", "name"), "name": ("account_name", "account")},
    "leads": {"lead_id": ("id",), "created_at": ("created", "created_date"), "converted_at": ("converted_date",)},
    "targets": {
        "person": ("owner", "rep"),
        "start_on": ("start", "start_date", "period_start", "from"),
        "end_on": ("end", "end_date", "period_end", "to"),
        "value": ("target", "amount", "quota"),
    },
    "forecasts": {
        "person": ("owner", "rep"),
        "start_on": ("start", "period_start"),
        "end_on": ("end", "period_end"),
        "submitted_on": ("submitted", "as_of"),
    },
    "products": {"product_id": ("id", "product", "name"), "list_price": ("price",)},
    "evidence": {"evidence_id": ("id",), "on": ("date", "day"), "text": ("note", "body")},
}


def read_canonical(path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read `<table>.csv` files, or one of them. Raises `InputError` where no file is named after a table."""
    if mapping is not None:
        raise InputError("--mapping goes with --from mapped; canonical CSV files need none.")
    folder = read_folder(path)
    named = [(sheet, TABLES[name]) for sheet in folder.sheets if (name := _table_name(sheet)) is not None]
    if not named:
        stem = PurePosixPath(folder.sheets[0].name).stem
        raise InputError(
            f"{folder.sheets[0].name} is not named after a canonical table. {did_you_mean(stem, list(TABLES))} "
            "For other exports use --from hubspot, salesforce or mapped."
        )
    tables = tuple(table_mapping(sheet, table) for sheet, table in named)
    return assemble(Mapping("csv", "canonical tables", tables), _only(folder, named), context, "csv")


def _table_name(sheet: Sheet) -> str | None:
    key = header_key(PurePosixPath(sheet.name).stem)
    return next((name for name in TABLES if header_key(name) == key), None)


def _only(folder: Folder, named: list[tuple[Sheet, Table]]) -> Folder:
    """The named sheets; the others are told apart with the reason."""
    kept = {sheet.name for sheet, _ in named}
    unread = dict(folder.unread)
    for sheet in folder.sheets:
        if sheet.name not in kept:
            unread[sheet.name] = (
                f"not named after a table. {did_you_mean(PurePosixPath(sheet.name).stem, list(TABLES))}"
            )
    return Folder([sheet for sheet, _ in named], unread)


def table_mapping(sheet: Sheet, table: Table) -> TableMapping:
    """Canonical names, and aliases for those that the sheet has not. A header serves one column only."""
    aliases = ALIASES.get(table.name, {})
    canonical = {header_key(name) for name in table.column_names}
    rules: dict[str, ColumnRule] = {}
    for column in table.columns:
        other = tuple(
            name for name in aliases.get(column.name, ()) if header_key(name) not in canonical or name == "name"
        )
        names = (column.name, *other)
        if column.required or any(find_column(sheet, name) for name in names):
            rules[column.name] = ColumnRule(sources=names, style=CellStyle())
    if table.name == "deals" and not {"status", "stage"} & set(rules):
        seen = [str(title) for title in sheet.frame.columns]
        raise InputError(f'{sheet.name} has neither "status" nor "stage". {did_you_mean("status", seen)}')
    if table.name == "targets" and not {"person", "team"} & set(rules):
        seen = [str(title) for title in sheet.frame.columns]
        raise InputError(f'{sheet.name} has neither "person" nor "team". {did_you_mean("person", seen)}')
    if table.name == "evidence" and find_column(sheet, "evidence_id") is None and find_column(sheet, "id") is None:
        rules["evidence_id"] = ColumnRule(hash=("*",), prefix="note-")
    return TableMapping(table, rules, files=(sheet.name,))
