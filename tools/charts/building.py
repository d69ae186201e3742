"""Charts from facts and report tables, with the words that say the same.

    bullet(fact)                        a result against its target
    parts(sheet, "stage_conversion")    the values of a metric's dimension: a funnel, a waterfall or bars
    trend(title, unit, points)          one metric over periods
    of_report(table)                    a report's main figure: per row, or over time

None is returned where there is nothing to draw. A value that is missing stays in the picture, with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from math import fsum
from typing import Any

from tools.charts import Chart, Mark
from tools.facts import Better, Fact, FactSheet
from tools.quantities import Unit, display, display_against
from tools.reports.table import ReportTable

MOST_MARKS = 24
_MOST_SAID = 8
_MISSING = "not on record"
# A fact about one value of one dimension: stage_conversion[stage=Discovery].entered
_VALUE = re.compile(r"(?P<metric>[^\[]+)\[(?P<by>\w+)=(?P<value>.+)\](?P<suffix>[^\]]*)", re.S)
_FUNNELS, _WATERFALLS = ("stage_conversion.entered",), ("pipeline_waterfall",)


def printed(value: Any, unit: str, locale: str = "en", *, exact: bool = False) -> str:
    """A value with its unit, as pictures show it; `exact` as tables do: money to the unit, the rest a digit finer."""
    kind = Unit.parse(unit).kind
    shown = display(value, unit, locale, exact=exact and kind == "currency", extra=int(exact and kind != "currency"))
    return _with_unit(shown.text, kind)


def mark(
    label: str, value: Any, unit: str, locale: str = "en", *, reason: str = _MISSING, partial: bool = False,
    fact: str | None = None, fine: bool = False,
) -> Mark:  # fmt: skip
    """One mark; a value of None shows the reason why it is missing. `fine`: a digit more, but for money."""
    if value is None:
        return Mark(label=label, value=None, text=reason, fact=fact, partial=partial)
    text = printed(value, unit, locale, exact=fine and Unit.parse(unit).kind != "currency")
    return Mark(label=label, value=float(value), text=text, fact=fact, partial=partial)


def bullet(fact: Fact, period: str, locale: str = "en") -> Chart | None:
    """A result against its target. None without one."""
    if fact.target is None:
        return None
    kind = Unit.parse(fact.unit).kind
    value = _with_unit(display_against(fact.value, fact.target, fact.unit, locale).text, kind)
    target = mark("Target", fact.target, fact.unit, locale).model_copy(
        update={"text": printed(fact.target, fact.unit, locale, exact=True)}
    )
    said = "target missed" if fact.misses_target else "target met"
    return Chart(
        kind="bullet",
        title=fact.label,
        marks=(Mark(label=period, value=float(fact.value), text=value, fact=fact.id, partial=fact.partial),),
        target=target,
        better=fact.better,
        alternative=f"{fact.label}, {period}: {value} against a target of {target.text}, {said}."
        if fact.better
        else f"{fact.label}, {period}: {value} against a target of {target.text}.",
    )


def trend(title: str, marks: Sequence[Mark], *, better: Better = None, target: Mark | None = None) -> Chart | None:
    """One metric over periods, in their order. None with fewer than two values."""
    known = [each for each in marks if each.value is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    said = f"{title}: from {_at(first)} to {_at(last)}."
    highest, lowest = max(known, key=_value), min(known, key=_value)
    if len(known) > 2:
        said += f" Highest {_at(highest)}, lowest {_at(lowest)}."
    if target is not None:
        said += f" Target {target.text}."
    return Chart(
        kind="trend", title=title, marks=tuple(marks), better=better, target=target,
        alternative=said + _missing(marks) + _cut_short(marks),
    )  # fmt: skip


def bars(title: str, marks: Sequence[Mark], *, better: Better = None) -> Chart | None:
    """Values side by side, in the order given. None where there is none."""
    if all(each.value is None for each in marks):
        return None
    return _chart("bars", title, marks, better)


def waterfall(title: str, marks: Sequence[Mark]) -> Chart | None:
    """From one total to another, step by step. None unless there are two totals and a step between them."""
    if len(marks) < 3 or any(each.value is None for each in (marks[0], marks[-1])):
        return None
    return _chart("waterfall", title, marks, None)


def funnel(title: str, marks: Sequence[Mark]) -> Chart | None:
    """How many came how far. None where nobody set out."""
    if not marks or not marks[0].value:
        return None
    return _chart("funnel", title, marks, None)


def parts(sheet: FactSheet, metric: str, by: str | None = None, locale: str = "en") -> Chart | None:
    """The values of a metric's dimension on a sheet; without `by`, of the first dimension that it has.

    `metric` is a fact's id without its `[…]`: stage_conversion.entered.
    """
    facts = []
    for fact in sheet.facts:
        found = _VALUE.fullmatch(fact.id)
        if found is not None and found["metric"] + found["suffix"] == metric and found["by"] == (by or found["by"]):
            by = found["by"]
            facts.append((found["value"], fact))
    if not facts:
        return None
    marks = [
        mark(value, fact.value, fact.unit, locale, partial=fact.partial, fact=fact.id) for value, fact in facts
    ]  # fmt: skip
    value, first = facts[0]
    title = f"{first.label.removesuffix(f', {by} {value}')}, {sheet.period}"
    return _of_kind(metric, title, marks, first.better, first.unit, locale)


def of_report(table: ReportTable, locale: str = "en", cut: Iterable[str] = ()) -> Chart | None:
    """A report's main figure: over time where its rows are periods of one subject, else a bar for each row.

    `cut` names the buckets that lie only partly within the period.
    """
    if table.picture is None or not table.lines:
        return None
    place = next(number for number, each in enumerate(table.columns) if each.key == table.picture)
    figure = table.columns[place]
    lines = [line for line in table.lines if not line.total] or list(table.lines)
    over_time = table.dimensions == ("period",)
    if not over_time and "period" in table.dimensions:
        return None
    cut = set(cut)
    marks = [
        mark(line.labels[-1], line.values[place], figure.unit, locale, partial=line.labels[-1] in cut, fine=True)
        for line in lines
    ]  # fmt: skip
    title = f"{table.title}: {figure.label}, {table.about}"
    if over_time:
        return trend(title, marks) or bars(title, marks)
    return _of_kind(figure.key, title, marks, None, figure.unit, locale)


def _of_kind(key: str, title: str, marks: list[Mark], better: Better, unit: str, locale: str) -> Chart | None:
    if key in _FUNNELS:
        return funnel(title, marks)
    if key in _WATERFALLS:
        return waterfall(title, _with_totals(marks, unit, locale))
    return bars(title, marks, better=better)


def _with_totals(marks: list[Mark], unit: str, locale: str) -> list[Mark]:
    """The steps between two totals: one that came to nothing was left out of the table, and is what they add up to."""
    named = [each.model_copy(update={"label": each.label.replace("_", " ")}) for each in marks]
    steps = [each for each in named if each.label not in ("start", "end")]
    by_label = {each.label: each for each in named}
    start = by_label.get("start") or mark("start", 0, unit, locale)
    # Steps were rounded to cents before: what is left of them below that is none.
    reached = round(fsum(each.value or 0 for each in (start, *steps)), 2) + 0.0
    return [start, *steps, by_label.get("end") or mark("end", reached, unit, locale)]


def _chart(kind: Any, title: str, marks: Sequence[Mark], better: Better) -> Chart:
    shown = tuple(marks) if kind == "waterfall" else tuple(marks[:MOST_MARKS])
    said = "; ".join(f"{each.label} {each.text}" for each in shown if each.value is not None)
    known = [each for each in marks if each.value is not None]
    if len(known) > _MOST_SAID and kind == "bars":
        highest, lowest = max(known, key=_value), min(known, key=_value)
        said = f"{len(known)} values, from {_at(lowest)} to {_at(highest)}"
    return Chart(
        kind=kind, title=title, marks=shown, better=better, more=len(marks) - len(shown),
        alternative=f"{title}: {said}." + _missing(marks) + _cut_short(marks),
    )  # fmt: skip


def _missing(marks: Sequence[Mark]) -> str:
    missing = [each for each in marks if each.value is None]
    if not missing:
        return ""
    return " " + "; ".join(f"{each.label}: {each.text}" for each in missing[:_MOST_SAID]) + "."


def _cut_short(marks: Sequence[Mark]) -> str:
    cut = [each.label for each in marks if each.partial and each.value is not None]
    return f" Only partly covered: {', '.join(cut[:_MOST_SAID])}." if cut else ""


def _at(point: Mark) -> str:
    return f"{point.text} ({point.label})"


def _value(point: Mark) -> float:
    assert point.value is not None
    return point.value


def _with_unit(text: str, kind: str) -> str:
    return f"{text}×" if kind == "multiple" else f"{text} {kind}" if kind in ("days", "hours", "minutes") else text
