"""Where things stand in a chart: one measure for SVG and terminal, in units of its own width.

label │ ▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆▆      │ value       bars, waterfall, funnel, bullet: a row for each mark
──────●────────●──────────●             trend: a point for each mark
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tools.charts import Chart, Mark


@dataclass(frozen=True)
class Scale:
    """Values on a line from 0 to `length`; 0 is always on it, so that no bar looks longer than it is."""

    low: float
    high: float
    length: float

    @classmethod
    def over(cls, values: list[float], length: float) -> Scale:
        low, high = min(0.0, *values, 0.0), max(0.0, *values, 0.0)
        return cls(low, high if high > low else low + 1.0, length)

    def at(self, value: float) -> float:
        """Where that value stands."""
        # Each is divided first: the widest span of two floats is no float.
        return self.length * (value / self._span - self.low / self._span)

    @property
    def _span(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Bar:
    """One mark as a bar from `start` to `end`; both None where its value is missing. `total` stands on the zero."""

    mark: Mark
    start: float | None
    end: float | None
    total: bool = False

    @property
    def left(self) -> float:
        assert self.start is not None and self.end is not None
        return min(self.start, self.end)

    @property
    def width(self) -> float:
        assert self.start is not None and self.end is not None
        return abs(self.end - self.start)


@dataclass(frozen=True)
class Bars:
    """A row for each mark, in `length`; `zero` is where nothing stands, `target` where the target does."""

    rows: tuple[Bar, ...]
    zero: float
    target: float | None = None


def bars_of(chart: Chart, length: float) -> Bars:
    """The rows of a chart that is drawn in rows."""
    if chart.kind == "waterfall":
        return _waterfall(chart, length)
    if chart.kind == "funnel":
        return _funnel(chart, length)
    values = [each.value for each in (*chart.marks, *_target(chart)) if each.value is not None]
    scale = Scale.over(values, length)
    zero = scale.at(0)
    rows = (
        Bar(each, None, None) if each.value is None else Bar(each, zero, scale.at(each.value), True)
        for each in chart.marks
    )
    target = None if chart.target is None or chart.target.value is None else scale.at(chart.target.value)
    return Bars(tuple(rows), zero, target)


def _target(chart: Chart) -> tuple[Mark, ...]:
    return () if chart.target is None else (chart.target,)


def _waterfall(chart: Chart, length: float) -> Bars:
    """Each step begins where the one before it ended; the first and the last mark stand on the zero."""
    spans, reached = [], 0.0
    for number, each in enumerate(chart.marks):
        total = number in (0, len(chart.marks) - 1)
        if each.value is None:
            spans.append((each, None, None, total))
            continue
        begins = 0.0 if total else reached
        reached = each.value if total else reached + each.value
        spans.append((each, begins, reached, total))
    scale = Scale.over([end for _, _, end, _ in spans if end is not None], length)
    rows = (
        Bar(each, None if start is None else scale.at(start), None if end is None else scale.at(end), total)
        for each, start, end, total in spans
    )
    return Bars(tuple(rows), scale.at(0))


def _funnel(chart: Chart, length: float) -> Bars:
    """Bars around the middle, as wide as their share of the widest."""
    widest = max((each.value or 0.0 for each in chart.marks), default=0.0) or 1.0
    rows = []
    for each in chart.marks:
        half = None if each.value is None else max(each.value, 0.0) / widest * length / 2
        rows.append(Bar(each, None, None) if half is None else Bar(each, length / 2 - half, length / 2 + half, True))
    return Bars(tuple(rows), length / 2)


@dataclass(frozen=True)
class Point:
    """One mark of a trend: `x` from the left, `y` from the top; y is None where its value is missing."""

    mark: Mark
    x: float
    y: float | None


@dataclass(frozen=True)
class Line:
    """A trend in `width` × `height`; `zero` and `target` are heights."""

    points: tuple[Point, ...]
    zero: float
    target: float | None = None


def line_of(chart: Chart, width: float, height: float) -> Line:
    """The points of a trend."""
    targets = [each.value for each in _target(chart) if each.value is not None]
    scale = Scale.over([*(each.value for each in chart.marks if each.value is not None), *targets], height)
    steps = max(len(chart.marks) - 1, 1)
    points = (
        Point(each, number * width / steps, None if each.value is None else height - scale.at(each.value))
        for number, each in enumerate(chart.marks)
    )
    target = height - scale.at(targets[0]) if targets else None
    return Line(tuple(points), height - scale.at(0), target)


def columns_of(text: str) -> int:
    """How many columns of a terminal the text takes; a wide letter takes two."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def shortened(text: str, columns: int) -> str:
    """The text in so many columns, with … where its end is left out."""
    if columns_of(text) <= columns:
        return text
    kept, width = "", 0
    for character in text:
        width += columns_of(character)
        if width > columns - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def clean(text: str) -> str:
    """The text without what steers a terminal, breaks XML or turns the reading direction of what follows."""
    spaced = "".join(" " if character in "\t\n\r\u2028\u2029" else character for character in text)
    return "".join(c for c in spaced if unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") and c not in _TURNING)


_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
