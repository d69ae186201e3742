"""Histories of deals, as exports tell them, into `deal_changes`: one row per value, or one row per whole state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tools.sources.assemble import Assembly
from tools.sources.cells import CellStyle, type_cells
from tools.sources.columns import filled_cells
from tools.sources.files import Sheet
from tools.sources.headers import find_column, header_key
from tools.sources.report import Example
from tools.sources.tidy import FILE, PASS, ROW
from tools.tables import DEAL_CHANGES, DEALS

_FIELDS = DEAL_CHANGES.column("field")
_AT = DEAL_CHANGES.column("at")
_NO_CHANGE = "nothing changed that is tracked here"


@dataclass(frozen=True)
class ValueHistory:
    """A sheet with one row per changed value: the names of its columns, and which property is which field."""

    deal: str
    field: str
    new: str
    at: str
    fields: Mapping[str, str]
    old: str | None = None
    by: str | None = None


@dataclass(frozen=True)
class StateHistory:
    """A sheet with one row per state of a deal: the names of its columns, `states` by field."""

    deal: str
    at: str
    states: Mapping[str, tuple[str, ...]]
    by: str | None = None


def add_value_history(assembly: Assembly, sheet: Sheet, shape: ValueHistory, style: CellStyle) -> None:
    """Add the changes of a sheet with one row per value; rows of fields that are not tracked are left out."""
    known = {header_key(name): field for name, field in shape.fields.items()}
    rows = _rows(assembly, sheet, shape.deal, shape.at, shape.by, style)
    names = _cells(assembly, sheet, shape.field)
    rows["field"] = names.map(lambda name: known.get(header_key(name)), na_action="ignore").astype(object)
    rows["new"] = _cells(assembly, sheet, shape.new)
    if shape.old is not None and find_column(sheet, shape.old) is not None:
        rows["old"] = _cells(assembly, sheet, shape.old)
    untracked = rows["field"].isna().to_numpy(dtype=bool)
    rows = _leave_out(assembly, sheet, rows, untracked, "a property that is not tracked here", names)
    rows = _usable(assembly, sheet, rows)
    for name in ("new", "old"):
        if name in rows.columns:
            rows[name] = _as_text(assembly, rows[name], rows["field"], style, sheet)
    if "old" not in rows.columns:
        rows = rows.sort_values(["deal", "field", "at"], kind="stable")
        rows["old"] = rows.groupby(["deal", "field"])["new"].shift(1).astype(object)
        rows["old"] = rows["old"].where(rows["old"].notna(), None)
    same = (rows["old"].fillna("") == rows["new"].fillna("")).to_numpy(dtype=bool)
    rows = _leave_out(assembly, sheet, rows, same, _NO_CHANGE, rows["new"])
    assembly.add("deal_changes", rows)


def add_state_history(assembly: Assembly, sheet: Sheet, shape: StateHistory, style: CellStyle) -> None:
    """Add the changes between one state of a deal and the next; the first state counts as set then."""
    rows = _rows(assembly, sheet, shape.deal, shape.at, shape.by, style)
    tracked = []
    for field, names in shape.states.items():
        column = next((found for name in names if (found := find_column(sheet, name)) is not None), None)
        if column is not None:
            cells = _cells(assembly, sheet, column)
            rows[field] = _as_text(assembly, cells, pd.Series(field, index=cells.index), style, sheet)
            tracked.append(field)
    rows = _usable(assembly, sheet, rows).sort_values(["deal", "at"], kind="stable")
    before = rows.groupby("deal")[tracked].shift(1)
    changed = rows[tracked].fillna("") != before.fillna("")
    rows = _leave_out(assembly, sheet, rows, ~changed.any(axis=1).to_numpy(dtype=bool), _NO_CHANGE, rows["deal"])
    for field in tracked:
        mask = changed.loc[rows.index, field]
        part = rows.loc[mask, [FILE, ROW, PASS, "deal", "at", "by"]]
        part = part.assign(field=field, old=before.loc[part.index, field], new=rows.loc[mask, field])
        part[["old", "new"]] = part[["old", "new"]].astype(object).where(part[["old", "new"]].notna(), None)
        assembly.add("deal_changes", part)


def _cells(assembly: Assembly, sheet: Sheet, column: str) -> pd.Series:
    title = find_column(sheet, column)
    assert title is not None, (sheet.name, column)
    assembly.use(sheet, {title})
    return filled_cells(sheet, title)


def _rows(assembly: Assembly, sheet: Sheet, deal: str, at: str, by: str | None, style: CellStyle) -> pd.DataFrame:
    """Who changed which deal when, one row per row of the sheet."""
    assembly.take("deal_changes", sheet)
    assert _AT is not None
    moments = _cells(assembly, sheet, at)
    rows = pd.DataFrame({FILE: pd.Series([sheet.name] * len(sheet.frame), dtype=object), ROW: sheet.rows})
    rows[PASS] = len(assembly.parts.get("deal_changes", ()))
    rows["deal"] = _cells(assembly, sheet, deal)
    rows["at"] = type_cells(moments, _AT, style, assembly.context, f"{at} in {sheet.name}").values
    rows["by"] = None if by is None or find_column(sheet, by) is None else _cells(assembly, sheet, by)
    return rows.astype({"by": object})


def _usable(assembly: Assembly, sheet: Sheet, rows: pd.DataFrame) -> pd.DataFrame:
    for column in ("deal", "at"):
        missing = rows[column].isna().to_numpy(dtype=bool)
        rows = _leave_out(assembly, sheet, rows, missing, f"no {column} that can be read", None)
    return rows


def _leave_out(
    assembly: Assembly, sheet: Sheet, rows: pd.DataFrame, mask: np.ndarray, reason: str, shown: pd.Series | None
) -> pd.DataFrame:
    if not mask.any():
        return rows
    first = rows.index[int(mask.argmax())]
    value = None if shown is None or pd.isna(shown.loc[first]) else str(shown.loc[first])
    example = Example(sheet.name, int(rows.at[first, ROW]), value)
    assembly.report.note("left_out", "deal_changes", None, reason, int(mask.sum()), example)
    return rows[~mask]


def _as_text(assembly: Assembly, cells: pd.Series, fields: pd.Series, style: CellStyle, sheet: Sheet) -> pd.Series:
    """Values as canonical text: days as ISO, amounts plain, forecast categories by our names, all else as written."""
    texts = cells.copy()
    for field in ("amount", "expected_close_on", "forecast_category"):
        column = DEALS.column(field)
        assert column is not None
        mask = (fields == field).to_numpy(dtype=bool)
        if not mask.any():
            continue
        if field == "forecast_category":
            texts[mask] = cells[mask].map(_category, na_action="ignore")
            continue
        values = type_cells(cells[mask], column, style, assembly.context, f"{field} in {sheet.name}").values
        if field == "amount":
            texts[mask] = values.map(_plain, na_action="ignore").astype(object)
        else:
            texts[mask] = pd.to_datetime(values).dt.strftime("%Y-%m-%d").astype(object)
    return texts.astype(object).where(texts.notna(), None)


def _plain(value: float) -> str:
    """12000.0 as "12000", 0.5 as "0.5"."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


_CATEGORIES = {
    "bestcase": "best_case", "mostlikely": "best_case", "commit": "commit", "forecast": "commit", "omit": "omitted",
    "omitted": "omitted", "pipeline": "pipeline", "closed": "closed",
}  # fmt: skip


def _category(word: str) -> str:
    return _CATEGORIES.get(header_key(word), word)
