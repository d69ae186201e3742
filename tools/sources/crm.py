"""What the CRM readers share: finding cells, pairs between sheets, and whose clock an export was written by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from tools.errors import InputError
from tools.sources.assemble import Assembly, conclude, map_table, matches
from tools.sources.cells import CellStyle
from tools.sources.columns import filled_cells
from tools.sources.files import Folder, Sheet, read_folder
from tools.sources.headers import find_column, header_key
from tools.sources.mapping import in_zone, load_crm_mapping
from tools.sources.numbers import read_figures
from tools.sources.reading import ReadContext, Reading
from tools.sources.report import Report
from tools.sources.words import read_flags

# Columns that a reader adds to a sheet before it is mapped begin so; no export has them.
OWN = "salesbrief "


class Export:
    """The sheets of one export, and which of them were consulted to complete others."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self.sheets = list(sheets)
        self.consulted: set[str] = set()

    def pairs(
        self, key: Sequence[str], value: Sequence[str], *also: str, where: Callable[[Sheet], bool] = lambda sheet: True
    ) -> dict[str, str]:
        """Key → value over every sheet that has both columns (and those of `also`); the first pair of a key counts."""
        found: dict[str, str] = {}
        for sheet in self.sheets:
            groups = (key, value, *([name] for name in also))
            if not where(sheet) or not all(any(find_column(sheet, name) for name in names) for names in groups):
                continue
            self.consulted.add(sheet.name)
            for left, right in zip(first_cells(sheet, *key), first_cells(sheet, *value), strict=True):
                if left is not None and right is not None:
                    found.setdefault(left, right)
        return found


def read_crm(
    name: str, path: Path, context: ReadContext, mapping: str | None,
    plain: Callable[[Sheet], Sheet],
    complete: Callable[[Sheet, Export], Sheet],
    add_histories: Callable[[Assembly, Sequence[Sheet]], None],
) -> Reading:  # fmt: skip
    """Read a CRM's export into canonical tables.

    `plain` evens out a sheet's headers and ids, `complete` adds columns that need other sheets or rules, the shipped
    aliases map them all, and histories become changes.
    """
    if mapping is not None:
        raise InputError(f"--mapping goes with --from mapped; --from {name} knows its headers.")
    folder = read_folder(path)
    export = Export([plain(sheet) for sheet in folder.sheets])
    sheets = [complete(sheet, export) for sheet in export.sheets]
    assembly = Assembly(context, Report(name))
    for table in load_crm_mapping(name).tables:
        fitting = [sheet for sheet in sheets if matches(table, sheet)]
        # An export made in the browser writes the user's clock, an interface or a loader writes UTC.
        for by_person in (True, False):
            alike = [sheet for sheet in fitting if written_for_people(sheet) is by_person]
            if alike:
                map_table(assembly, table if by_person else in_zone(table, "UTC"), alike, sheets)
    add_histories(assembly, sheets)
    if not assembly.takers:
        headers = ", ".join(str(title) for title in list(folder.sheets[0].frame.columns)[:8])
        raise InputError(
            f"No file in {path.name} looks like a {name.capitalize()} export "
            f"({folder.sheets[0].name} has {headers} …); "
            "for other exports use --from mapped or --from csv."
        )
    return conclude(assembly, Folder(sheets, folder.unread), export.consulted)


def written_for_people(sheet: Sheet) -> bool:
    """Whether the headers are labels ("Deal Name") as a browser's export writes them, not API names."""
    return any(" " in str(title) for title in sheet.frame.columns if not str(title).startswith(OWN))


def history_style(sheet: Sheet) -> CellStyle:
    """How a history's times and figures are written."""
    return CellStyle() if written_for_people(sheet) else CellStyle(zone="UTC", decimal=".")


def renamed(sheet: Sheet, columns: dict[str, str]) -> Sheet:
    """The sheet with columns renamed, where the new name is free."""
    taken = set(sheet.frame.columns)
    free = {old: new for old, new in columns.items() if new not in taken}
    return replace(sheet, frame=sheet.frame.rename(columns=free))


def with_own(sheet: Sheet, **columns: pd.Series) -> Sheet:
    """The sheet with columns of ours; "kind" is found by mappings as "salesbrief kind"."""
    titled = {OWN + name.replace("_", " "): cells.where(cells.notna(), "") for name, cells in columns.items()}
    return sheet.with_columns(**titled)


def first_cells(sheet: Sheet, *names: str) -> pd.Series:
    """The first of the named columns that is there, None for empty cells; all None where none is."""
    for name in names:
        column = find_column(sheet, name)
        if column is not None:
            return filled_cells(sheet, column)
    return pd.Series(None, index=pd.RangeIndex(len(sheet.frame)), dtype=object)


def flags(sheet: Sheet, *names: str) -> pd.Series:
    """True, False or None per row."""
    cells = first_cells(sheet, *names)
    return read_flags(cells.fillna("").astype(object))


def figures(sheet: Sheet, *names: str) -> np.ndarray:
    """Numbers per row, NaN where there is none; per cent as a ratio where the sign is written."""
    cells = first_cells(sheet, *names)
    values = np.full(len(cells), np.nan)
    filled = cells.notna().to_numpy(dtype=bool)
    if filled.any():
        read = read_figures(cells[filled], decimal=".")
        values[filled] = np.where(read.percent, read.values / 100, read.values)
    return values


def looked_up(cells: pd.Series, table: dict[str, str]) -> pd.Series:
    """Each cell's partner, None where there is none."""
    partners = cells.map(table, na_action="ignore").astype(object)
    return partners.where(partners.notna(), None)


def has(sheet: Sheet, *names: str) -> bool:
    """Whether the sheet has every named column."""
    return all(find_column(sheet, name) is not None for name in names)


def file_says(sheet: Sheet, word: str) -> bool:
    """Whether the file's name holds the word."""
    return word in header_key(sheet.name)
