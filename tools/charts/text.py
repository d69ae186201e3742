"""A chart for a terminal: a row for each mark, with a bar in eighths of a character.

    Qualification  ████████████████████  40
    Discovery      ███████████████████   38
    Proposal       ░░░░░░░░░▌            19  (partly covered)

A target stands as ┃ in the rows, a missing value as its reason, and below zero bars grow to the left of │.
"""

from __future__ import annotations

from tools.charts import Chart, Mark
from tools.charts.shapes import Bar, Bars, bars_of, clean, columns_of, shortened

_EIGHTHS = "▏▎▍▌▋▊▉"
_NARROWEST, _WIDEST = 8, 40
_LONGEST_LABEL, _LONGEST_VALUE = 28, 24


def text_chart(chart: Chart, width: int = 80) -> str:
    """The chart in lines of at most `width` columns, its title first."""
    drawn = chart.model_copy(update={"kind": "bars"}) if chart.kind == "trend" else chart
    labels = [shortened(clean(each.label), min(_LONGEST_LABEL, width // 3)) for each in drawn.marks]
    values = [shortened(clean(each.text), _LONGEST_VALUE) for each in drawn.marks]
    first = max(map(columns_of, labels), default=0)
    known = [text for text, each in zip(values, drawn.marks, strict=True) if each.value is not None]
    last = max(map(columns_of, known), default=0)
    length = max(_NARROWEST, min(_WIDEST, width - first - last - 4))
    bars = bars_of(drawn, length)
    lines = [shortened(clean(chart.title), width)]
    for row, label, value in zip(bars.rows, labels, values, strict=True):
        if row.start is None:
            told = shortened(clean(row.mark.text), width - first - 2)
        else:
            bar = _bar(row, bars, length, chart.kind)
            told = f"{_padded(bar, length)}  {' ' * (last - columns_of(value))}{value}{_remark(row.mark)}"
        lines.append(f"{_padded(label, first)}  {told}".rstrip())
    if chart.target is not None:
        lines.append(shortened(f"┃ {clean(chart.target.label)} {clean(chart.target.text)}", width))
    if chart.more:
        lines.append(f"and {chart.more} more")
    return "\n".join(lines)


def _remark(mark: Mark) -> str:
    return "  (partly covered)" if mark.partial and mark.value is not None else ""


def _bar(row: Bar, bars: Bars, length: int, kind: str) -> str:
    """One row of characters: the bar, the zero where something lies below it, and the target."""
    cells = [" "] * length
    if row.start is not None:
        full = "░" if row.mark.partial else "█"
        begin, end = row.left, row.left + row.width
        for place in range(length):
            covered = min(end, place + 1) - max(begin, place)
            if covered >= 1 - 1 / 16:
                cells[place] = full
            elif covered > 1 / 16:
                # Only a bar's right end can be drawn in eighths; its left end is rounded.
                eighths = round(covered * 8)
                cells[place] = _EIGHTHS[eighths - 1] if begin <= place and full == "█" else full if eighths > 3 else " "
    if bars.zero > 0.5 and row.total and kind != "funnel":
        _put(cells, bars.zero, "│")
    if bars.target is not None:
        _put(cells, bars.target, "┃")
    return "".join(cells)


def _put(cells: list[str], at: float, sign: str) -> None:
    cells[min(int(at), len(cells) - 1)] = sign


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - columns_of(text))
