"""A report as a picture: bars per row, or a line over time. Needs the optional extra `charts`."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from tools.errors import InputError
from tools.files import write_whole
from tools.reports.table import ReportTable

_MOST_ROWS = 60
_AXIS = {"ratio": "%", "currency": "~s"}


def write_png(table: ReportTable, file: Path) -> None:
    """Write the report's main figure as a PNG. Raises `InputError` where it has none or the extra is not installed."""
    try:
        import altair
        import vl_convert  # noqa: F401 - altair draws PNG with it
    except ImportError:
        raise InputError('--png needs the extra "charts": pip install "salesbrief[charts]".') from None
    if table.picture is None or not table.lines:
        raise InputError(f"{table.name} has no figures to draw for {table.about}.")
    chart = altair.Chart.from_dict(_spec(table))
    buffer = BytesIO()
    chart.save(buffer, format="png", scale_factor=2)
    write_whole(file, buffer.getvalue())


def _spec(table: ReportTable) -> dict[str, Any]:
    """A Vega-Lite chart: a line over time where the rows are buckets, else bars in the report's order."""
    figure = next(each for each in table.columns if each.key == table.picture)
    first = table.dimensions[0]
    rows = [row for row in table.to_dict()["rows"] if row[figure.key] is not None]
    lines = [line for line in table.lines if not line.total]
    if table.dimensions != ("period",):
        labels = {line.labels for line in lines}
        rows = [row for row in rows if tuple(row[name] for name in table.dimensions) in labels]
    value = {
        "field": figure.key, "type": "quantitative", "title": figure.label,
        "axis": {"format": _AXIS.get(figure.unit.split(":")[0], ",.2~f")},
    }  # fmt: skip
    name = {"field": first, "type": "nominal", "sort": None, "title": None}
    over_time = "period" in table.dimensions
    encoding = {"x": {**name, "field": "period"}, "y": value} if over_time else {"y": name, "x": value}
    if over_time and first != "period":
        encoding["color"] = {"field": first, "type": "nominal", "title": None}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "title": {"text": table.title, "subtitle": table.about, "anchor": "start"},
        "data": {"values": rows[: _MOST_ROWS * (10 if over_time else 1)]},
        "mark": {"type": "line", "point": True} if over_time else {"type": "bar"},
        "encoding": encoding,
        "width": 480,
    }
