"""One canonical column's text cells, made from a sheet as its rule says: chosen, joined, looked up, replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.errors import InputError, did_you_mean
from tools.sources.files import Sheet
from tools.sources.headers import find_column, header_key, matches_name
from tools.sources.mapping import ColumnRule, Lookup, RowTest
from tools.tables import Column

# Columns whose words stay words; in the others (status, position) `values` only translates.
_SPELT = ("text", "person", "deal", "account", "lead", "product")


@dataclass(frozen=True)
class Repair:
    """Cells that the rule changed on purpose: where, and what stood there."""

    column: str
    reason: str
    mask: np.ndarray
    before: pd.Series


class ColumnMaker:
    """Makes raw columns of one sheet; remembers which of the sheet's columns were used."""

    def __init__(self, sheet: Sheet, sheets: Sequence[Sheet], place: str) -> None:
        self.sheet = sheet
        self.sheets = sheets
        self.place = place
        self.used: set[str] = set()
        self.repairs: list[Repair] = []
        self.origins: dict[str, str] = {}

    def make(self, column: Column, rule: ColumnRule) -> pd.Series | None:
        """Text cells, None where there is nothing; None altogether where the sheet has none of the columns."""
        cells = self._base(rule)
        if cells is None:
            return None
        self.origins[column.name] = next(
            (title for name in (*rule.sources, *rule.join) if (title := find_column(self.sheet, name)) is not None), ""
        )
        for lookup in rule.lookups:
            cells = self._look_up(cells, lookup)
        if rule.values or rule.otherwise is not None:
            replaced = _replace(cells, rule)
            # A listed choice is translated; a name that is spelt otherwise afterwards was changed.
            if column.type in _SPELT:
                self._repaired(column, "spelt otherwise by the mapping", cells, replaced)
            cells = replaced
        if rule.prefix:
            cells = (rule.prefix + cells).where(cells.notna(), None)
        if rule.empty or rule.empty_when:
            zero = _same_words(cells, rule.empty) if rule.empty else np.ones(len(cells), dtype=bool)
            emptied = cells.where(~(zero & self.all_of(rule.empty_when)), None)
            if rule.empty:
                told = f"{' or '.join(map(str, rule.empty))} here means that no {column.name} is on record; left empty"
                self._repaired(column, told, cells, emptied)
            cells = emptied
        if rule.only_when:
            cells = cells.where(self.all_of(rule.only_when), None)
        return cells

    def _repaired(self, column: Column, reason: str, before: pd.Series, after: pd.Series) -> None:
        mask = (before.notna() & (before != after)).to_numpy(dtype=bool)
        if mask.any():
            self.repairs.append(Repair(column.name, reason, mask, before))

    def all_of(self, tests: Sequence[RowTest]) -> np.ndarray:
        """The rows that pass every test. Raises `InputError` where the sheet has not a test's column."""
        passed = np.ones(len(self.sheet.frame), dtype=bool)
        for test in tests:
            self.needed(test.column)
            passed = passed & self.passes(test)
        return passed

    def passes(self, test: RowTest) -> np.ndarray:
        """The rows that pass a test; none where the sheet has not its column."""
        column = find_column(self.sheet, test.column)
        if column is None:
            return np.zeros(len(self.sheet.frame), dtype=bool)
        self.used.add(column)
        cells = filled_cells(self.sheet, column)
        return _same_words(cells, test.is_) if test.is_ else cells.notna().to_numpy(dtype=bool)

    def needed(self, name: str) -> str:
        """A column that must be there. Raises `InputError` that shows the columns seen."""
        column = find_column(self.sheet, name)
        if column is None:
            seen = [str(title) for title in self.sheet.frame.columns]
            raise InputError(
                f'{self.sheet.name} has no column "{name}", which {self.place} reads. {did_you_mean(name, seen)}'
            )
        self.used.add(column)
        return column

    def _base(self, rule: ColumnRule) -> pd.Series | None:
        if rule.value is not None:
            return pd.Series([rule.value] * len(self.sheet.frame), dtype=object)
        if rule.join:
            columns = [column for column in (find_column(self.sheet, name) for name in rule.join) if column]
            self.used.update(columns)
            return _joined(self.sheet, columns, rule.with_) if columns else None
        found = [column for column in (find_column(self.sheet, name) for name in rule.sources) if column is not None]
        self.used.update(found)
        if not found:
            return self._hashed(rule.hash) if rule.hash else None
        cells = filled_cells(self.sheet, found[0])
        for column in dict.fromkeys(found[1:]):
            if cells.notna().all():
                break
            cells = cells.where(cells.notna(), filled_cells(self.sheet, column))
        if rule.hash and cells.isna().any():
            cells = cells.where(cells.notna(), self._hashed(rule.hash))
        return cells

    def _hashed(self, names: Sequence[str]) -> pd.Series:
        """A short id from the named columns' cells ("*": the whole row); columns that are not there count as empty."""
        if "*" in names:
            columns = list(self.sheet.frame.columns)
        else:
            columns = [column for column in (find_column(self.sheet, name) for name in names) if column is not None]
        if not columns:
            self.needed(names[0])
        self.used.update(columns if "*" not in names else ())
        return _hashes(self.sheet, columns)

    def _look_up(self, cells: pd.Series, lookup: Lookup) -> pd.Series:
        """Each cell's partner in another file; None where that file has not the key. The first row of a key counts."""
        if lookup.parent_of is not None:
            cells = cells.map(lambda path: _parent(path, lookup.parent_of), na_action="ignore").astype(object)
        table: dict[str, str] = {}
        for sheet in self.sheets:
            if not matches_name(sheet, lookup.files):
                continue
            maker = ColumnMaker(sheet, self.sheets, self.place)
            keys = filled_cells(sheet, maker.needed(lookup.key))
            partners = filled_cells(sheet, maker.needed(lookup.take))
            for key, partner in zip(keys, partners, strict=True):
                if key is not None and partner is not None:
                    table.setdefault(key, partner)
        return cells.map(table).astype(object).where(cells.notna(), None).replace({np.nan: None})


def filled_cells(sheet: Sheet, column: str) -> pd.Series:
    """A column with None for cells that hold only blanks."""
    cells = sheet.frame[column]
    codes, unique = pd.factorize(cells.to_numpy(dtype=object))
    kept = np.array([cell if cell.strip() else None for cell in unique] + [None], dtype=object)
    return pd.Series(kept[codes], dtype=object)


def _parent(path: str, mark: str) -> str:
    """What stands above a path's last part, ending as the path ends: "/6/1/" of "/6/1/4/"; "a" of "a.b"."""
    end = mark if path.endswith(mark) else ""
    return path.removesuffix(mark).rpartition(mark)[0] + end


def _same_words(cells: pd.Series, words: Sequence[str]) -> np.ndarray:
    """Cells equal to one of the words, whatever their case and outer blanks."""
    wanted = {word.strip().casefold() for word in words}
    return cells.str.strip().str.casefold().isin(wanted).to_numpy(dtype=bool)


def _replace(cells: pd.Series, rule: ColumnRule) -> pd.Series:
    known = {header_key(old) or old: new for old, new in rule.values}
    codes, unique = pd.factorize(cells.to_numpy(dtype=object))
    unmatched = (lambda cell: cell) if rule.otherwise is None else (lambda cell: rule.otherwise)
    replaced = [known.get(header_key(cell) or cell) or unmatched(cell) for cell in unique]
    return pd.Series(np.array([*replaced, None], dtype=object)[codes], dtype=object)


def _joined(sheet: Sheet, columns: list[str], between: str) -> pd.Series:
    parts = [filled_cells(sheet, column) for column in columns]
    texts = [between.join(part.strip() for part in row if part is not None) for row in zip(*parts, strict=True)]
    return pd.Series([text or None for text in texts], dtype=object)


def _hashes(sheet: Sheet, columns: list[str]) -> pd.Series:
    """A short id from the cells' text: the same row gets the same id at every import."""
    rows = zip(*(sheet.frame[column] for column in columns), strict=True)
    digests = [hashlib.blake2b("\x1f".join(row).encode(), digest_size=6).hexdigest() for row in rows]
    return pd.Series(digests, dtype=object)
