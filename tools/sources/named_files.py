"""Canonical CSV files that `workspace.toml` names: kept by hand, so one cell that cannot be read refuses the file."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from tools.errors import InputError
from tools.metrics.catalogue import metrics_of
from tools.organisation import Settings
from tools.sources.canonical_csv import table_mapping
from tools.sources.cells import type_cells
from tools.sources.columns import ColumnMaker
from tools.sources.files import Sheet, read_sheet
from tools.sources.reading import ReadContext
from tools.sources.targets import LARGEST_RATIO, overlaps, repeated, too_large
from tools.sources.tidy import ADDITIVE
from tools.tables import Table


def read_named_file(file: Path, table: Table, settings: Settings) -> pd.DataFrame:
    """The table's rows in that file, typed as an import types them.

    Raises `InputError` naming file, row and column where a cell cannot be read or two targets contradict each other.
    """
    organisation = settings.organisation
    context = ReadContext(organisation.zone, organisation.currency, organisation.date_order, organisation.decimal)
    sheet = read_sheet(file, file.name)
    for spoilt in sheet.spoilt:
        raise InputError(f"{spoilt.example(file.name)}: {spoilt.reason}; mend that row and run again.")
    maker = ColumnMaker(sheet, [sheet], f"the {table.name} table")
    rules = table_mapping(sheet, table).columns
    made = {
        name: maker.make(column, rule) for name, rule in rules.items() if (column := table.column(name)) is not None
    }
    missing = [name for name, cells in made.items() if cells is None and table.column(name).required]
    if missing:
        seen = ", ".join(map(str, sheet.frame.columns))
        raise InputError(f"{file} has no column {', '.join(missing)}; columns seen: {seen}.")
    frame = pd.DataFrame(index=sheet.frame.index)
    for name, rule in rules.items():
        column = table.column(name)
        assert column is not None
        cells = made[name]
        if cells is None:
            continue
        title = maker.origins.get(name, name)
        typed = type_cells(cells, column, rule.style, context, f"{title} in {file.name}")
        for problem in typed.problems:
            place = int(problem.mask.argmax())
            reason = problem.reason.removesuffix("; left empty")
            raise InputError(f'{_row(sheet, place)}: {name} "{cells.iloc[place]}" is {reason}; mend it and run again.')
        if column.required and typed.values.isna().any():
            raise InputError(
                f"{_row(sheet, int(typed.values.isna().to_numpy().argmax()))}: {name} is empty; fill it in."
            )
        frame[name] = typed.values
    if table.name == "targets":
        _check_targets(sheet, frame, settings)
    elif table.name not in ADDITIVE:
        _check_repeated(sheet, frame, table)
    return frame


def _row(sheet: Sheet, place: int) -> str:
    return f"{sheet.name}, row {int(sheet.rows[place])}"


def _check_targets(sheet: Sheet, frame: pd.DataFrame, settings: Settings) -> None:
    """Refuse a per cent written as a ratio, and spans that stand twice or overlap."""
    for place, row in enumerate(frame.to_dict("records")):
        if row["end_on"] < row["start_on"]:
            raise InputError(f"{_row(sheet, place)}: end_on lies before start_on; mend it and run again.")
    units = {metric.fact_id: metric.unit for metric in metrics_of(settings)}
    large = too_large(frame, units)
    if large.any():
        place = int(large.to_numpy().argmax())
        metric, value = str(frame["metric"].iloc[place]).strip(), frame["value"].iloc[place]
        if units.get(metric.split("[")[0]) == "ratio":
            told = f"a {metric} of {value:g} is over {LARGEST_RATIO}00 %; write {value / 100:g} for {value:g} %."
        else:
            told = f"a {metric} of {value:,.0f} is over a hundred times what others are set; mend it and run again."
        raise InputError(f"{_row(sheet, place)}: {told}")
    for place, other in overlaps(frame):
        row = frame.iloc[place]
        raise InputError(
            f"{_row(sheet, place)}: the {str(row['metric']).strip()} target of {row.get('person') or row.get('team')} "
            f"overlaps with the one in row {int(sheet.rows[other])}; keep one of the two."
        )


def _check_repeated(sheet: Sheet, frame: pd.DataFrame, table: Table) -> None:
    """Refuse what stands twice: nobody can tell which of the two was meant."""
    found = repeated(frame, table.key)
    if found is not None:
        place, other = found
        raise InputError(
            f"{_row(sheet, place)}: the same {', '.join(table.key)} stands in row {int(sheet.rows[other])}; "
            "keep one of the two."
        )
