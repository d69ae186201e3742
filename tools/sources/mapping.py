"""A mapping: which file and column of an export becomes which canonical column, as strict TOML.

    about = "one line that says what this export is"
    zone = "UTC"  date_order = "dmy"  decimal = ","  currency = "EUR"   # how the export writes, if unclear

    [[table]]
    into = "deals"                               # a canonical table
    files = ["Potentials*.csv"]                  # names with * ; or `headers`, which recognises files by their columns
    headers = [["Record ID", "Deal ID"], ["Deal Name"]]          # one of each group must be there,
    not_headers = ["Valid Through"]                              # and none of these
    where = [{ column = "Type", is = ["Customer"] }]             # only these rows
    unless = [{ column = "Deleted", is = ["true"], because = "deleted in the CRM" }]
    distinct = true                              # rows repeat what they name (a manager per rep): take each once

    [table.columns]
    name = "Deal Name"                           # a column of the export, or a list: the first that is filled
    owner = { join = ["First Name", "Last Name"], with = " " }
    type = { value = "new" }                     # a constant
    deal_id = { from = "Id", hash = ["Created", "Name"] }        # an id of its own where there is none, always the same
    stage = { from = "Stage", values = { "Closed Won" = "won" }, otherwise = "open" }
    amount = { from = "Value", empty = ["0"], empty_when = { Stage = ["Lost"] }, scale = 1000, decimal = "," }
    closed_on = { from = "Close", only_when = { Stage = ["Won", "Lost"] }, date_order = "mdy" }
    team = { from = "Owner Id", lookup = { files = ["Users.csv"], key = "Id", take = "Team" } }   # or a list, in turn
    manager = { from = "Node", lookup = { files = ["Chart.csv"], key = "Node", take = "Id", parent_of = "/" } }
    end_on = { until_next = "start_on", per = ["person"], last_months = 3 }
    to_on = { from = "Last Day", plus_days = 1 }                 # where the export writes the last day itself

Headers are matched whatever their case, spaces and punctuation. An unknown key is refused with the nearest known one.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

from tools.errors import InputError, NotFound, did_you_mean
from tools.sources.cells import CellStyle
from tools.sources.reading import DateOrder, Decimal
from tools.tables import TABLES, Table

SHIPPED = Path(__file__).parent / "mappings"


@dataclass(frozen=True)
class Lookup:
    """Another file's column `take`, found by the value standing in its column `key`.

    With `parent_of`, by the parent of the value: of a path whose parts this mark divides, what stands above its end.
    """

    files: tuple[str, ...]
    key: str
    take: str
    parent_of: str | None = None


@dataclass(frozen=True)
class RowTest:
    """Rows whose `column` is one of `is_` (any filled cell, where none is listed)."""

    column: str
    is_: tuple[str, ...] = ()
    because: str = ""


@dataclass(frozen=True)
class ColumnRule:
    """How one canonical column is filled. `sources` are the export's columns that it reads, best first."""

    sources: tuple[str, ...] = ()
    join: tuple[str, ...] = ()
    with_: str = " "
    value: str | None = None
    hash: tuple[str, ...] = ()
    prefix: str = ""
    lookups: tuple[Lookup, ...] = ()
    values: tuple[tuple[str, str], ...] = ()
    otherwise: str | None = None
    empty: tuple[str, ...] = ()
    empty_when: tuple[RowTest, ...] = ()
    only_when: tuple[RowTest, ...] = ()
    until_next: str | None = None
    per: tuple[str, ...] = ()
    last_months: int | None = None
    plus_days: int = 0
    style: CellStyle = CellStyle()


@dataclass(frozen=True)
class TableMapping:
    """One canonical table from the files that match."""

    table: Table
    columns: dict[str, ColumnRule]
    files: tuple[str, ...] = ()
    headers: tuple[tuple[str, ...], ...] = ()
    not_headers: tuple[str, ...] = ()
    where: tuple[RowTest, ...] = ()
    unless: tuple[RowTest, ...] = ()
    currency: str | None = None
    distinct: bool = False


@dataclass(frozen=True)
class Mapping:
    """All tables of one kind of export."""

    name: str
    about: str
    tables: tuple[TableMapping, ...]


def shipped_mappings() -> list[str]:
    """The names of the mappings that come with the product."""
    return sorted(file.stem for file in SHIPPED.glob("*.toml"))


def load_crm_mapping(name: str) -> Mapping:
    """The aliases of a CRM's own export headers, which its reader completes."""
    file = SHIPPED / "crm" / f"{name}.toml"
    return parse_mapping(tomllib.loads(file.read_text(encoding="utf-8")), name)


def in_zone(table: TableMapping, zone: str) -> TableMapping:
    """The same mapping for exports whose times without an offset are in `zone`."""
    rules = {name: replace(rule, style=replace(rule.style, zone=zone)) for name, rule in table.columns.items()}
    return replace(table, columns=rules)


def load_mapping(name_or_file: str) -> Mapping:
    """A shipped mapping by name, or a TOML file. Raises `InputError` for what it says wrong, `NotFound` for no such."""
    shipped = SHIPPED / f"{name_or_file}.toml"
    if re.fullmatch(r"[\w-]+", name_or_file) and shipped.is_file():
        file = shipped
    else:
        file = Path(name_or_file)
        if not file.is_file():
            hint = did_you_mean(name_or_file, shipped_mappings())
            raise NotFound(f'There is no mapping "{name_or_file}", neither shipped nor a TOML file. {hint}')
    try:
        text = file.read_text(encoding="utf-8-sig")
        return parse_mapping(tomllib.loads(text), file.stem)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file.name} is not valid TOML: {error}.") from None


def parse_mapping(content: dict[str, Any], name: str) -> Mapping:
    """A mapping from parsed TOML; `name` is what errors call it."""
    content = dict(content)
    place = f"{name}.toml"
    tables = content.pop("table", [])
    about = _take(content, "about", str, place, default="")
    defaults = _style(content, CellStyle(), place)
    currency = _take(content, "currency", str, place)
    _refuse_unknown(content, ("about", "table", "currency", *_STYLE_KEYS), place)
    if not isinstance(tables, list) or not tables:
        raise InputError(f"{place} maps no table; write at least one [[table]].")
    return Mapping(name, about, tuple(_table(dict(table), defaults, currency, place) for table in tables))


_STYLE_KEYS = ("date_order", "format", "zone", "decimal", "scale", "percent")
_TABLE_KEYS = (
    "into", "files", "headers", "not_headers", "where", "unless", "columns", "currency", "distinct", *_STYLE_KEYS,
)  # fmt: skip
_COLUMN_KEYS = (
    "from", "join", "with", "value", "hash", "prefix", "lookup", "values", "otherwise", "empty", "empty_when",
    "only_when", "until_next", "per", "last_months", "plus_days", *_STYLE_KEYS,
)  # fmt: skip


def _table(content: dict[str, Any], defaults: CellStyle, currency: str | None, place: str) -> TableMapping:
    into = _take(content, "into", str, f"{place} [[table]]", required=True)
    if into not in TABLES:
        raise InputError(f'{place} maps into "{into}", which is no table. {did_you_mean(into, list(TABLES))}')
    table, here = TABLES[into], f"{place} [{into}]"
    files = _strings(content.pop("files", ()), here, "files")
    headers = tuple(_strings(group, here, "headers") for group in content.pop("headers", ()))
    if not files and not headers:
        raise InputError(f'{here} names neither files nor headers, so no file can match; add files = ["….csv"].')
    not_headers = _strings(content.pop("not_headers", ()), here, "not_headers")
    where = _tests(content.pop("where", ()), here, "where")
    unless = _tests(content.pop("unless", ()), here, "unless")
    columns = content.pop("columns", {})
    style = _style(content, defaults, here)
    currency = _take(content, "currency", str, here, default=currency)
    distinct = _take(content, "distinct", bool, here, default=False)
    _refuse_unknown(content, _TABLE_KEYS, here)
    rules = {}
    for column, rule in columns.items():
        if table.column(column) is None:
            raise InputError(
                f'{here} fills "{column}", which {into} has not. {did_you_mean(column, table.column_names)}'
            )
        rules[column] = _column(rule, style, f"{here} {column}")
    missing = [column.name for column in table.columns if column.required and column.name not in rules]
    if into == "deals" and not {"status", "stage"} & set(rules):
        missing.append("status (or stage)")
    if missing:
        raise InputError(f"{here} does not fill {', '.join(missing)}, which every row of {into} needs.")
    return TableMapping(table, rules, files, headers, not_headers, where, unless, currency, distinct)


def _column(content: Any, style: CellStyle, place: str) -> ColumnRule:
    if isinstance(content, str | list):
        return ColumnRule(sources=_strings(content, place, "from"), style=style)
    if not isinstance(content, dict):
        raise InputError(f'{place} must be a column\'s name in quotes or a rule like {{ from = "…" }}.')
    content = dict(content)
    _refuse_unknown(content, _COLUMN_KEYS, place)
    rule = ColumnRule(
        sources=_strings(content.pop("from", ()), place, "from"),
        join=_strings(content.pop("join", ()), place, "join"),
        with_=_take(content, "with", str, place, default=" "),
        value=_take(content, "value", str, place),
        hash=_strings(content.pop("hash", ()), place, "hash"),
        prefix=_take(content, "prefix", str, place, default=""),
        lookups=_lookups(content.pop("lookup", ()), place),
        values=_pairs(content.pop("values", {}), place),
        otherwise=_take(content, "otherwise", str, place),
        empty=_strings(content.pop("empty", ()), place, "empty"),
        empty_when=_column_tests(content.pop("empty_when", {}), place, "empty_when"),
        only_when=_column_tests(content.pop("only_when", {}), place, "only_when"),
        until_next=_take(content, "until_next", str, place),
        per=_strings(content.pop("per", ()), place, "per"),
        last_months=_take(content, "last_months", int, place),
        plus_days=_take(content, "plus_days", int, place, default=0),
        style=_style(content, style, place),
    )
    ways = [bool(rule.sources or rule.hash), bool(rule.join), rule.value is not None, rule.until_next is not None]
    if sum(ways) != 1:
        raise InputError(f"{place} needs exactly one of from (or hash), join, value and until_next.")
    return rule


def _style(content: dict[str, Any], base: CellStyle, place: str) -> CellStyle:
    """The style keys of a table or column, over those around it; takes them out of `content`."""
    given = {
        "date_order": _take(content, "date_order", str, place),
        "pattern": _take(content, "format", str, place),
        "zone": _take(content, "zone", str, place),
        "decimal": _take(content, "decimal", str, place),
        "scale": _take(content, "scale", (int, float), place),
        "percent": _take(content, "percent", bool, place),
    }
    assert set(given) == {field.name for field in fields(CellStyle)}
    for key, allowed in (("date_order", get_args(DateOrder)), ("decimal", get_args(Decimal))):
        if given[key] is not None and given[key] not in allowed:
            raise InputError(f'{place} says {key} = "{given[key]}"; it can be {" or ".join(map(repr, allowed))}.')
    if given["zone"] is not None:
        try:
            ZoneInfo(given["zone"])
        except (KeyError, ValueError, OSError):
            raise InputError(f'{place} names the zone "{given["zone"]}"; write one like "Europe/Stockholm".') from None
    return replace(base, **{key: value for key, value in given.items() if value is not None})


def _lookups(content: Any, place: str) -> tuple[Lookup, ...]:
    listed = [content] if isinstance(content, dict) else content
    return tuple(_lookup(each, f"{place} lookup") for each in listed)


def _lookup(content: Any, place: str) -> Lookup:
    if not isinstance(content, dict):
        raise InputError(f'{place} must be a rule like {{ files = ["…"], key = "…", take = "…" }}, or a list of them.')
    content = dict(content)
    _refuse_unknown(content, ("files", "key", "take", "parent_of"), place)
    return Lookup(
        _strings(content.get("files", ()), place, "files"),
        _take(content, "key", str, place, required=True),
        _take(content, "take", str, place, required=True),
        _take(content, "parent_of", str, place),
    )


def _tests(content: Any, place: str, key: str) -> tuple[RowTest, ...]:
    tests = []
    for test in [content] if isinstance(content, dict) else content:
        here = f"{place} {key}"
        if not isinstance(test, dict):
            raise InputError(f'{here} must be a list like [{{ column = "…", is = ["…"] }}].')
        test = dict(test)
        _refuse_unknown(test, ("column", "is", "because"), here)
        column = _take(test, "column", str, here, required=True)
        tests.append(
            RowTest(column, _strings(test.pop("is", ()), here, "is"), _take(test, "because", str, here, default=""))
        )
    return tuple(tests)


def _column_tests(content: Any, place: str, key: str) -> tuple[RowTest, ...]:
    if not isinstance(content, dict):
        raise InputError(f'{place} {key} must be a rule like {{ Stage = ["Lost"] }}.')
    return tuple(RowTest(column, _strings(words, place, key)) for column, words in content.items())


def _pairs(content: Any, place: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
        raise InputError(f'{place} values must be a table like {{ "Closed Won" = "won" }}.')
    return tuple(content.items())


def _strings(content: Any, place: str, key: str) -> tuple[str, ...]:
    listed = (content,) if isinstance(content, str) else content
    if not isinstance(listed, list | tuple) or not all(isinstance(item, str) for item in listed):
        raise InputError(f"{place} {key} must be text in quotes, or a list of them.")
    return tuple(listed)


def _take(
    content: dict[str, Any], key: str, type_: Any, place: str, *, default: Any = None, required: bool = False
) -> Any:
    if key not in content:
        if required:
            raise InputError(f'{place} lacks "{key}".')
        return default
    value = content.pop(key)
    if not isinstance(value, type_) or (isinstance(value, bool) and type_ is not bool):
        raise InputError(f"{place} says {key} = {value!r}, which is not of the kind expected.")
    return value


def _refuse_unknown(content: dict[str, Any], known: tuple[str, ...], place: str) -> None:
    for key in content:
        if key not in known:
            raise InputError(f'{place} has an unknown key "{key}". {did_you_mean(key, list(known))}')
