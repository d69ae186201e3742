"""Text cells into typed cells, a whole column at a time. What cannot be read is left empty and counted.

Only the distinct cells of a column are parsed, so a long column costs little more than a short one.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tools.sources.dates import UNREADABLE, read_moments
from tools.sources.numbers import read_currencies, read_figures
from tools.sources.reading import DateOrder, Decimal, ReadContext
from tools.sources.report import Kind
from tools.sources.words import is_null, read_choices, read_flags
from tools.tables import Column


@dataclass(frozen=True)
class CellStyle:
    """How one column's cells are written, where the export does not show it."""

    date_order: DateOrder | None = None
    pattern: str | None = None
    zone: str | None = None
    decimal: Decimal | None = None
    scale: float = 1.0
    percent: bool | None = None


@dataclass(frozen=True)
class Problem:
    """Something that happened to the cells where `mask` is true."""

    kind: Kind
    reason: str
    mask: np.ndarray


@dataclass(frozen=True)
class Typed:
    """A typed column, what went wrong in it, and the currency codes found in its cells (None where none was)."""

    values: pd.Series
    problems: list[Problem] = field(default_factory=list)
    currencies: pd.Series | None = None


def type_cells(cells: pd.Series, column: Column, style: CellStyle, context: ReadContext, label: str) -> Typed:
    """Type a column of text cells (None where the source has nothing) as `column` asks.

    `label` names the source's column in refusals. Raises `InputError` where the column cannot be read one way only.
    """
    codes, unique = pd.factorize(cells.to_numpy(dtype=object), use_na_sentinel=True)
    distinct = pd.Series(unique, dtype=object)
    typed = _type_distinct(distinct, column, style, context, label)
    problems = [Problem(p.kind, p.reason, _spread(p.mask, codes, False)) for p in typed.problems]
    found = None if typed.currencies is None else _take(typed.currencies, codes, cells.index)
    return Typed(_take(typed.values, codes, cells.index), [p for p in problems if p.mask.any()], found)


def _take(values: pd.Series, codes: np.ndarray, index: pd.Index) -> pd.Series:
    # Code -1 stands for a missing cell: one missing value is added at the end, where -1 points.
    if values.dtype == object:
        padded = np.append(values.to_numpy(dtype=object), [None])
        return pd.Series(padded[codes], index=index, dtype=object)
    array = values.to_numpy()
    missing = np.array([np.datetime64("NaT", "us") if array.dtype.kind == "M" else np.nan], dtype=array.dtype)
    return pd.Series(np.append(array, missing)[codes], index=index)


def _spread(mask: np.ndarray, codes: np.ndarray, missing: bool) -> np.ndarray:
    return np.append(mask, [missing])[codes]


def _type_distinct(cells: pd.Series, column: Column, style: CellStyle, context: ReadContext, label: str) -> Typed:
    if column.type == "text" and column.name != "currency":
        return _text(cells)
    empty = is_null(cells) if len(cells) else np.zeros(0, dtype=bool)
    filled = cells[~empty]
    if column.name == "currency":
        typed = _listed(filled, read_currencies(filled, context.currency), "no ISO 4217 currency; left empty")
    elif column.type in ("person", "deal", "account", "lead", "product"):
        typed = _text(filled)
    elif column.type in ("date", "instant"):
        typed = _moments(filled, column.type, style, context, label)
    elif column.type in ("money", "number", "ratio", "integer"):
        typed = _figures(filled, column.type, style, context, label)
    elif column.type == "flag":
        typed = _listed(filled, read_flags(filled), "neither yes nor no; left empty")
    else:
        assert column.type == "choice", column.type
        typed = _listed(
            filled, read_choices(filled, column.choices), f"none of {', '.join(column.choices)}; left empty"
        )
    return _put_back(typed, empty)


def _put_back(typed: Typed, empty: np.ndarray) -> Typed:
    """The same column with the empty cells in their places again."""
    order = np.full(len(empty), -1)
    order[~empty] = np.arange(int((~empty).sum()))
    index = pd.RangeIndex(len(empty))
    problems = [Problem(p.kind, p.reason, _spread(p.mask, order, False)) for p in typed.problems]
    found = None if typed.currencies is None else _take(typed.currencies, order, index)
    return Typed(_take(typed.values, order, index), problems, found)


def _text(cells: pd.Series) -> Typed:
    stripped = cells.str.strip()
    return Typed(stripped.where(stripped != "", None).astype(object))


def _listed(cells: pd.Series, values: pd.Series, reason: str) -> Typed:
    unknown = values.isna().to_numpy(dtype=bool)
    return Typed(values.where(~unknown, None).astype(object), [Problem("changed", reason, unknown)])


def _moments(cells: pd.Series, type_: str, style: CellStyle, context: ReadContext, label: str) -> Typed:
    moments = read_moments(cells, order=style.date_order or context.date_order, pattern=style.pattern, label=label)
    source_zone = style.zone or context.zone
    shift = moments.days if type_ == "date" else moments.instants
    unreadable = Problem("changed", "not readable as a date; left empty", moments.kind == UNREADABLE)
    return Typed(pd.Series(shift(source_zone, context.zone)), [unreadable])


def _figures(cells: pd.Series, type_: str, style: CellStyle, context: ReadContext, label: str) -> Typed:
    figures = read_figures(
        cells, decimal=style.decimal or context.decimal, money=type_ == "money", home=context.currency, label=label
    )
    values = figures.values * style.scale
    problems = [Problem("changed", "not readable as a number; left empty", np.isnan(values))]
    if type_ == "ratio":
        values = _as_ratio(values, figures.percent, style.percent)
        outside = (values < 0) | (values > 1)
        problems.append(Problem("changed", "outside 0–100 %; left empty", outside))
        values = np.where(outside, np.nan, values)
    elif type_ == "integer":
        values = np.round(values)
    currencies = None
    if type_ == "money":
        currencies = pd.Series(np.where(figures.currencies == "", None, figures.currencies), dtype=object)
    return Typed(pd.Series(values), problems, currencies)


def _as_ratio(values: np.ndarray, written_percent: np.ndarray, percent: bool | None) -> np.ndarray:
    """0–1. Unless stated, a column with any value over 1 is per cent, as is every cell with the sign."""
    if percent is None:
        bare = values[~written_percent & ~np.isnan(values)]
        percent = bool((bare > 1).any())
    return np.where(written_percent | percent, values / 100, values)
