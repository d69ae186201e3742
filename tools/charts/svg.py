"""A chart as inline SVG: no script, no style attribute, nothing fetched; words and figures escaped.

Colours come from the page: lines and words are drawn in its own colour (`currentColor`), and the classes below let a
style sheet choose others. Without one, the picture is still right in light and dark.

    .bar  .bar.total  .bar.short (a target missed)  .bar.minus   fill them
    .partial (hatched)  .missing  .axis  .step  .target  .line  .dot  .label  .value
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape

from tools.charts import Chart, Mark
from tools.charts.shapes import Bar, Line, Point, bars_of, clean, columns_of, line_of, shortened
from tools.facts import worse

WIDTH = 480
_ROW, _BAR, _LETTER, _GAP = 26, 14, 7.8, 10
_LONGEST_LABEL, _LONGEST_VALUE = 22, 20
_TREND, _ABOVE, _BELOW = 96, 22, 24
# The words of a trend's target stand above the picture, where no point can be; so high is that row.
_KEY = 18
# Labels under a trend need this much room each.
_LABEL_ROOM = 66


def svg(chart: Chart, width: int = WIDTH) -> str:
    """The chart as one `<svg>` element, `width` units wide; a page may show it at any size."""
    key = "c" + hashlib.sha256(chart.model_dump_json().encode()).hexdigest()[:10]
    body, height = _trend(chart, width, key) if chart.kind == "trend" else _rows(chart, width, key)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart-{chart.kind}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" viewBox="0 0 {width} {_n(height)}" width="{width}" height="{_n(height)}" '
        'font-size="13" fill="currentColor" direction="ltr">'
        f'<title id="{key}-t">{_words(chart.title)}</title><desc id="{key}-d">{_words(chart.alternative)}</desc>'
        f"{_hatching(key) if any(each.partial for each in chart.marks) else ''}{''.join(body)}</svg>"
    )


def _rows(chart: Chart, width: int, key: str) -> tuple[list[str], float]:
    """A row for each mark: its label, its bar, its value flush right."""
    labels = [shortened(clean(each.label), _LONGEST_LABEL) for each in chart.marks]
    values = [shortened(clean(each.text), _LONGEST_VALUE if each.value is not None else 60) for each in chart.marks]
    known = [value for value, each in zip(values, chart.marks, strict=True) if each.value is not None]
    begin = _room(labels) + _GAP
    end = width - _room(known) - _GAP
    bars = bars_of(chart, max(end - begin, 40))
    top = _ROW - 4 if bars.target is not None else 2
    height = top + _ROW * len(bars.rows) + 2
    body = []
    if chart.kind != "funnel":
        body.append(_upright("axis", begin + bars.zero, top, height, 'stroke-opacity="0.35"'))
    for number, row in enumerate(bars.rows):
        y = top + number * _ROW
        body.append(f"<g><title>{_words(_said(row.mark))}</title>")
        body.append(_text(labels[number], 0, y + _ROW / 2, "label"))
        body += _bar(chart, row, begin, y + (_ROW - _BAR) / 2, key)
        if row.start is None:
            body.append(_text(values[number], begin + bars.zero + 6, y + _ROW / 2, "missing", 'fill-opacity="0.65"'))
        else:
            body.append(_text(values[number], width, y + _ROW / 2, "value", 'text-anchor="end"'))
        body.append("</g>")
    body += _steps(chart, bars.rows, begin, top)
    if bars.target is not None and chart.target is not None:
        body += _target(chart.target, begin + bars.target, top, height, width)
    if chart.more:
        body.append(_text(f"+ {chart.more}", 0, height + _ROW / 2, "more", 'fill-opacity="0.65"'))
        height += _ROW
    return body, height


def _bar(chart: Chart, row: Bar, begin: float, y: float, key: str) -> Iterator[str]:
    if row.start is None:
        return
    kind = "total" if row.total and chart.kind == "waterfall" else ""
    if chart.kind == "waterfall" and not row.total and (row.mark.value or 0) < 0:
        kind = "minus"
    if chart.target is not None and _short(chart, row.mark):
        kind = "short"
    # What is 0 still shows that it is there.
    place = f'x="{_n(begin + row.left)}" y="{_n(y)}" width="{_n(max(row.width, 1))}" height="{_BAR}"'
    strength = "0.45" if kind in ("minus", "") else "0.75"
    name = f"bar {kind}".strip()
    if row.mark.partial:
        # No `.bar`: a style sheet that fills bars would paint over the hatching.
        yield f'<rect class="partial" {place} fill="url(#{key}-h)" stroke="currentColor" stroke-opacity="0.6"/>'
    else:
        yield f'<rect class="{name}" {place} fill-opacity="{strength}"/>'


def _steps(chart: Chart, rows: tuple[Bar, ...], begin: float, top: float) -> Iterator[str]:
    """Thin lines that lead from the end of one step of a waterfall to the beginning of the next."""
    if chart.kind != "waterfall":
        return
    for number, (row, following) in enumerate(zip(rows, rows[1:], strict=False)):
        if row.end is not None and following.start is not None:
            y = top + number * _ROW + (_ROW + _BAR) / 2
            yield _upright("step", begin + row.end, y, y + _ROW - _BAR, 'stroke-opacity="0.35"')


def _target(target: Mark, x: float, top: float, height: float, width: int) -> Iterator[str]:
    text = f"{clean(target.label)} {clean(target.text)}"
    half = columns_of(text) * _LETTER / 2
    yield _upright("target", x, top, height, 'stroke-width="2"')
    yield _text(text, min(max(x, half), width - half), top / 2, "target", 'text-anchor="middle" fill-opacity="0.75"')


def _trend(chart: Chart, width: int, key: str) -> tuple[list[str], float]:
    """Points joined where neighbours are known; the first, the last and the extremes carry their values."""
    ends = (chart.marks[0], chart.marks[-1])
    edge = max(_room([clean(each.text) for each in ends]), _room([_label(each) for each in ends])) / 2
    inner = width - 2 * edge
    line = line_of(chart, inner, _TREND)
    has_target = line.target is not None and chart.target is not None
    above = _ABOVE + (_KEY if has_target else 0)
    height = above + _TREND + _BELOW
    body = [_level("axis", line.zero + above, width, 'stroke-opacity="0.35"')]
    if line.target is not None and chart.target is not None:
        dashes = 'stroke-dasharray="5 4" stroke-width="1.5"'
        body.append(_level("target", line.target + above, width, dashes))
        body.append(_level("target", _KEY / 2, 24, dashes))
        text = f"{clean(chart.target.label)} {clean(chart.target.text)}"
        body.append(_text(text, 32, _KEY / 2, "target", 'fill-opacity="0.75"'))
    step = inner / max(len(line.points) - 1, 1)
    named = _named(line.points, max(1, round(_LABEL_ROOM / step + 0.499)))
    told = _told(line.points)
    for point in line.points:
        if point.mark.partial:
            left, right = max(point.x + edge - step / 2, 0), min(point.x + edge + step / 2, width)
            body.append(
                f'<rect class="partial" x="{_n(left)}" y="{above}" width="{_n(right - left)}" height="{_TREND}" '
                f'fill="url(#{key}-h)"/>'
            )
    for before, after in zip(line.points, line.points[1:], strict=False):
        if before.y is not None and after.y is not None:
            dashed = ' stroke-dasharray="4 3"' if before.mark.partial or after.mark.partial else ""
            body.append(
                f'<line class="line" x1="{_n(before.x + edge)}" y1="{_n(before.y + above)}" x2="{_n(after.x + edge)}" '
                f'y2="{_n(after.y + above)}" stroke="currentColor" stroke-width="2"{dashed}/>'
            )
    for number, point in enumerate(line.points):
        x, y = point.x + edge, (line.zero if point.y is None else point.y) + above
        body.append(f"<g><title>{_words(_said(point.mark))}</title>")
        if point.y is None:
            body.append(_text("–", x, y - 8, "missing", 'text-anchor="middle" fill-opacity="0.65"'))
        else:
            body.append(f'<circle class="dot" cx="{_n(x)}" cy="{_n(y)}" r="3.5"/>')
        if number in told and point.y is not None:
            place = y + _beside(point, line)
            body.append(_text(clean(point.mark.text), x, place, "value", 'text-anchor="middle"'))
        if number in named:
            body.append(_text(_label(point.mark), x, height - 9, "label", 'text-anchor="middle" fill-opacity="0.75"'))
        body.append("</g>")
    return body, height


def _label(mark: Mark) -> str:
    return shortened(clean(mark.label), int(_LABEL_ROOM / _LETTER))


def _named(points: tuple[Point, ...], every: int) -> set[int]:
    """Which points carry their label: the last, and from there every so many."""
    return {number for number in range(len(points)) if (len(points) - 1 - number) % every == 0}


def _beside(point: Point, line: Line) -> float:
    """How far above (less than 0) or below its point a value stands: where the target's line does not cross it."""
    assert point.y is not None
    crossed = line.target is not None and abs(point.y - 12 - line.target) < 10
    return 16 if crossed and point.y + 26 < line.zero else -12


def _told(points: tuple[Point, ...]) -> set[int]:
    """Which points carry their value: all of few, else the first, the last, the highest and the lowest."""
    known = [(point.mark.value or 0.0, number) for number, point in enumerate(points) if point.y is not None]
    if len(known) <= 6:
        return {number for _, number in known}
    chosen = [known[-1][1]]
    for number in (known[0][1], max(known)[1], min(known)[1]):
        # Two values side by side would lie on each other.
        if all(abs(number - other) > len(points) / 8 for other in chosen):
            chosen.append(number)
    return set(chosen)


def _short(chart: Chart, mark: Mark) -> bool:
    target = chart.target.value if chart.target is not None else None
    return mark.value is not None and target is not None and worse(mark.value, target, chart.better)


def _said(mark: Mark) -> str:
    return f"{mark.label}: {mark.text}" + (" (partly covered)" if mark.partial and mark.value is not None else "")


def _hatching(key: str) -> str:
    return (
        f'<defs><pattern id="{key}-h" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6" stroke="currentColor" stroke-width="3" '
        'stroke-opacity="0.35"/></pattern></defs>'
    )


def _text(words: str, x: float, y: float, name: str, more: str = "") -> str:
    """Words around the height `y`, in their own reading direction."""
    return (
        f'<text class="{name}" x="{_n(x)}" y="{_n(y + 4.5)}" unicode-bidi="plaintext"{" " + more if more else ""}>'
        f"{_words(words)}</text>"
    )


def _upright(name: str, x: float, top: float, bottom: float, more: str) -> str:
    place = f'x1="{_n(x)}" y1="{_n(top)}" x2="{_n(x)}" y2="{_n(bottom)}"'
    return f'<line class="{name}" {place} stroke="currentColor" {more}/>'


def _level(name: str, y: float, width: int, more: str) -> str:
    return f'<line class="{name}" x1="0" y1="{_n(y)}" x2="{width}" y2="{_n(y)}" stroke="currentColor" {more}/>'


def _room(texts: list[str]) -> float:
    return max((columns_of(text) for text in texts), default=0) * _LETTER


def _words(text: str) -> str:
    return escape(clean(text))


def _n(number: float) -> str:
    """A length with at most one decimal."""
    return f"{number:.1f}".removesuffix(".0")
