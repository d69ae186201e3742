"""Sheets and a mapping in, canonical tables and their report out. Every reader of tables goes through here."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tools.errors import InputError, did_you_mean
from tools.periods import add_months
from tools.sources.cells import Problem, type_cells
from tools.sources.columns import ColumnMaker
from tools.sources.files import Folder, Sheet
from tools.sources.headers import find_column, has_headers, matches_name
from tools.sources.mapping import ColumnRule, Mapping, RowTest, TableMapping
from tools.sources.reading import ReadContext, Reading
from tools.sources.report import Example, FileRead, Report
from tools.sources.tidy import FILE, PASS, ROW, complete_deals, finish, leave_out
from tools.sources.words import is_null
from tools.tables import Column


@dataclass
class Assembly:
    """An import under way: frames per table (with file and row of origin), the report, and what was used."""

    context: ReadContext
    report: Report
    parts: dict[str, list[pd.DataFrame]] = field(default_factory=dict)
    used: dict[str, set[str]] = field(default_factory=dict)
    takers: dict[str, list[str]] = field(default_factory=dict)

    def take(self, table: str, sheet: Sheet, *, counted: bool = True) -> None:
        """Count a sheet's rows for a table, and what its file spoilt. Rows that only repeat names are not counted."""
        first = sheet.name not in self.takers
        self.takers.setdefault(sheet.name, []).append(table)
        if not counted:
            return
        self.report.count(table, sheet.name).read += sheet.read
        for spoilt in sheet.spoilt:
            if spoilt.kind == "left_out" or first:
                self.report.note(spoilt.kind, table, None, spoilt.reason, spoilt.count, spoilt.example(sheet.name))

    def use(self, sheet: Sheet, columns: set[str]) -> None:
        """Remember which of a sheet's columns were read."""
        self.used.setdefault(sheet.name, set()).update(columns)

    def add(self, table: str, frame: pd.DataFrame) -> None:
        """Add typed rows to a table."""
        self.parts.setdefault(table, []).append(frame)


def assemble(mapping: Mapping, folder: Folder, context: ReadContext, source: str) -> Reading:
    """Read a folder as the mapping says. Raises `InputError` where no file matches or a needed column is missing."""
    assembly = Assembly(context, Report(source))
    map_tables(assembly, mapping.tables, folder.sheets)
    if not assembly.takers:
        wanted = ", ".join(dict.fromkeys(pattern for table in mapping.tables for pattern in table.files))
        seen = ", ".join(sheet.name for sheet in folder.sheets)
        reads = f" (it reads {wanted})" if wanted else " by its columns"
        raise InputError(f'No file matches the mapping "{mapping.name}"{reads}; files seen: {seen or "none"}.')
    return conclude(assembly, folder, _looked_up(mapping, folder))


def _looked_up(mapping: Mapping, folder: Folder) -> set[str]:
    """The names of the sheets that columns of others are looked up in."""
    rules = [rule for table in mapping.tables for rule in table.columns.values()]
    patterns = [pattern for rule in rules for lookup in rule.lookups for pattern in lookup.files]
    return {sheet.name for sheet in folder.sheets if matches_name(sheet, patterns)}


def map_tables(assembly: Assembly, tables: Sequence[TableMapping], sheets: Sequence[Sheet]) -> None:
    """Map every sheet that fits into its tables."""
    for table in tables:
        matching = [sheet for sheet in sheets if matches(table, sheet)]
        if matching:
            map_table(assembly, table, matching, sheets)


def conclude(assembly: Assembly, folder: Folder, consulted: Collection[str] = ()) -> Reading:
    """Settle duplicates and references, count, and name what was not read. `consulted` sheets completed others."""
    report = assembly.report
    tables = finish(
        {name: pd.concat(parts, ignore_index=True) for name, parts in assembly.parts.items()},
        report,
        assembly.context.currency,
    )
    for sheet in folder.sheets:
        if sheet.name not in assembly.takers and sheet.name in consulted:
            report.files.append(FileRead(sheet.name, sheet.encoding, sheet.delimiter, sheet.read, (), ()))
            continue
        if sheet.name not in assembly.takers:
            report.unread_files[sheet.name] = "no table takes its columns"
            continue
        used = assembly.used.get(sheet.name, set())
        unread = tuple(
            str(column) for column in sheet.frame.columns if column not in used and not column.startswith("salesbrief ")
        )
        taken = tuple(dict.fromkeys(assembly.takers[sheet.name]))
        report.files.append(FileRead(sheet.name, sheet.encoding, sheet.delimiter, sheet.read, taken, unread))
    report.unread_files.update(folder.unread)
    report.check()
    return Reading(tables, report)


def matches(table: TableMapping, sheet: Sheet) -> bool:
    """Whether a sheet's name and headers are those that the table mapping reads."""
    by_name = matches_name(sheet, table.files) if table.files else True
    unwanted = any(find_column(sheet, name) is not None for name in table.not_headers)
    return by_name and not unwanted and (has_headers(sheet, table.headers) if table.headers else True)


def map_table(assembly: Assembly, mapping: TableMapping, matching: Sequence[Sheet], sheets: Sequence[Sheet]) -> None:
    """Map the matching sheets into one table. Sheets of one export are typed together: one decides for all."""
    name = mapping.table.name
    raws, origins = [], {}
    for sheet in matching:
        assembly.take(name, sheet, counted=not mapping.distinct)
        maker = ColumnMaker(sheet, sheets, f"the {name} table")
        raws.append(_raw(assembly, mapping, maker))
        origins = {column: f"{title} in {sheet.name}" for column, title in maker.origins.items()} | origins
    raw = pd.concat(raws, ignore_index=True)
    found = [column for column in mapping.columns if column in raw.columns]
    frame = raw[[FILE, ROW]].copy()
    frame[PASS] = len(assembly.parts.get(name, ()))
    signs: pd.Series | None = None
    for column_name in found:
        column, rule = mapping.table.column(column_name), mapping.columns[column_name]
        assert column is not None
        typed = type_cells(raw[column_name], column, rule.style, assembly.context, origins[column_name])
        frame[column_name] = typed.values
        for problem in typed.problems:
            _note(assembly.report, name, column_name, problem, raw)
        if typed.currencies is not None:
            signs = typed.currencies if signs is None else signs.where(signs.notna(), typed.currencies)
    frame = _with_currency(frame, signs, mapping)
    for column_name, rule in mapping.columns.items():
        if rule.plus_days and column_name in frame.columns:
            frame[column_name] = frame[column_name] + pd.Timedelta(days=rule.plus_days)
        if rule.until_next is not None:
            frame[column_name] = _until_next(frame, rule)
    _name_missing(assembly.report, mapping, found)
    if name == "deals":
        frame = complete_deals(frame, assembly.report)
    assembly.add(name, _with_required(frame, raw, mapping, assembly.report))


def _raw(assembly: Assembly, mapping: TableMapping, maker: ColumnMaker) -> pd.DataFrame:
    """The sheet's rows that the mapping wants, as text under canonical names."""
    sheet = maker.sheet
    raw: dict[str, pd.Series] = {}
    for name, rule in mapping.columns.items():
        if rule.until_next is not None:
            continue
        column = mapping.table.column(name)
        assert column is not None
        cells = maker.make(column, rule)
        if cells is not None:
            raw[name] = cells
        elif column.required:
            seen = [str(title) for title in sheet.frame.columns]
            wanted = (rule.sources or rule.join)[0]
            raise InputError(f'{sheet.name} has no column "{wanted}" ({name}). {did_you_mean(wanted, seen)}')
    frame = pd.DataFrame({FILE: pd.Series([sheet.name] * len(sheet.frame), dtype=object), ROW: sheet.rows, **raw})
    if mapping.distinct:
        frame = _first_of_each(frame, mapping, maker)
    else:
        frame = _drop_unwanted(frame, mapping, maker, sheet, assembly.report)
        _note_repairs(maker, mapping, frame, assembly.report)
    assembly.use(sheet, maker.used)
    return frame


def _note_repairs(maker: ColumnMaker, mapping: TableMapping, kept: pd.DataFrame, report: Report) -> None:
    for repair in maker.repairs:
        rows = kept.index[repair.mask[kept.index]]
        if len(rows):
            example = Example(maker.sheet.name, int(maker.sheet.rows[rows[0]]), str(repair.before.loc[rows[0]]))
            report.note("changed", mapping.table.name, repair.column, repair.reason, len(rows), example)


def _first_of_each(frame: pd.DataFrame, mapping: TableMapping, maker: ColumnMaker) -> pd.DataFrame:
    """One row per key, of the rows that are wanted; no input row stands for it alone, so it has no place."""
    wanted = maker.all_of(mapping.where)
    for test in mapping.unless:
        wanted = wanted & ~maker.passes(test)
    key = [name for name in mapping.table.key if name in frame.columns]
    first = frame[wanted].drop_duplicates(subset=key)
    return first.assign(**{FILE: None, ROW: -1})


def _drop_unwanted(
    frame: pd.DataFrame, mapping: TableMapping, maker: ColumnMaker, sheet: Sheet, report: Report
) -> pd.DataFrame:
    keep = np.ones(len(frame), dtype=bool)
    for test in mapping.where:
        maker.needed(test.column)
    tests = [(test, True) for test in mapping.where] + [(test, False) for test in mapping.unless]
    for test, wanted in tests:
        dropped = keep & (maker.passes(test) != wanted)
        if dropped.any():
            row = int(dropped.argmax())
            example = Example(sheet.name, int(sheet.rows[row]), _shown(maker, test, row))
            report.note("left_out", mapping.table.name, None, _why(test, wanted), int(dropped.sum()), example)
            keep &= ~dropped
    return frame[keep]


def _shown(maker: ColumnMaker, test: RowTest, row: int) -> str | None:
    column = maker.sheet.frame.get(test.column)
    return None if column is None else str(column.iloc[row])


def _why(test: RowTest, wanted: bool) -> str:
    if test.because:
        return test.because
    listed = " or ".join(test.is_) or "filled"
    return f"{test.column} is not {listed}" if wanted else f"{test.column} is {listed}"


def _note(report: Report, table: str, column: str, problem: Problem, raw: pd.DataFrame) -> None:
    place = int(problem.mask.argmax())
    row = raw.iloc[place]
    example = Example(row[FILE], int(row[ROW]), str(row[column])) if row[FILE] is not None else None
    report.note(problem.kind, table, column, problem.reason, int(problem.mask.sum()), example)


def _with_currency(frame: pd.DataFrame, signs: pd.Series | None, mapping: TableMapping) -> pd.DataFrame:
    """The currency of a row's money: its own column, else the sign in the cell, else what the mapping says."""
    if mapping.table.column("currency") is None:
        return frame
    known = frame["currency"] if "currency" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    if signs is not None:
        known = known.where(known.notna(), signs)
    if mapping.currency is not None:
        known = known.where(known.notna(), mapping.currency)
    return frame.assign(currency=known) if known.notna().any() else frame


def _until_next(frame: pd.DataFrame, rule: ColumnRule) -> pd.Series:
    """The day before the next row's start in the same group; the last row holds `last_months`, or as the one before."""
    starts = frame[rule.until_next].astype("datetime64[us]")
    groups = (
        frame[list(rule.per)].astype(str).agg("\x1f".join, axis=1) if rule.per else pd.Series("", index=frame.index)
    )
    ordered = pd.DataFrame({"start": starts, "group": groups}).sort_values(["group", "start"], kind="stable")
    following = ordered.groupby("group")["start"].shift(-1)
    if rule.last_months is not None:
        after = ordered["start"].map(
            lambda day: pd.Timestamp(add_months(day.date(), rule.last_months)), na_action="ignore"
        )
    else:
        after = ordered["start"] + (ordered["start"] - ordered.groupby("group")["start"].shift(1))
    ends = following.where(following.notna(), after) - pd.Timedelta(days=1)
    return ends.reindex(frame.index).astype("datetime64[us]")


def _name_missing(report: Report, mapping: TableMapping, found: list[str]) -> None:
    missing = [name for name, rule in mapping.columns.items() if name not in found and rule.until_next is None]
    if missing:
        report.note("info", mapping.table.name, None, f"not in the export: {', '.join(missing)}", len(missing))


def _with_required(frame: pd.DataFrame, raw: pd.DataFrame, mapping: TableMapping, report: Report) -> pd.DataFrame:
    """Leave out rows without a cell that every row needs."""
    table = mapping.table
    for column in table.columns:
        if not (column.required or _is_needed(table.name, column)) or column.name not in frame.columns:
            continue
        missing = frame[column.name].isna()
        if column.type == "text":
            filled = frame[column.name].fillna("")
            missing |= is_null(filled.astype(object))
        shown = raw[column.name] if column.name in raw.columns else None
        frame = leave_out(
            frame, missing.to_numpy(dtype=bool), table.name, f"no {column.name}", report, column.name, shown
        )
    return frame


def _is_needed(table: str, column: Column) -> bool:
    """A deal without status cannot be used, though no source need have the column."""
    return table == "deals" and column.name == "status"
