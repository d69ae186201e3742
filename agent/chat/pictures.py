"""Charts of a sheet's facts, with what they show in words: by code, like every figure."""

from __future__ import annotations

from collections.abc import Sequence

from agent.chat.answer import Picture
from agent.chat.view import View
from agent.comparing import comparator
from agent.draft import Against
from agent.naming import dimension, period_name
from tools.charts import Chart, Mark
from tools.facts import Fact


def trend(view: View, fact: Fact) -> Picture | None:
    """The fact a year ago, one period ago and now, against its target; None where nothing earlier is on record."""
    sheet = view.sheet
    earlier: tuple[tuple[str | None, Against, bool], ...] = (
        (sheet.year_ago_period, "year_ago", False), (sheet.prior_period, "prior", fact.prior_partial),
    )  # fmt: skip
    marks = [
        Mark(label=period_name(period, view.locale), value=value, text=view.other(fact, kind).text, partial=partial)
        for period, kind, partial in earlier
        if period is not None and (value := comparator(fact, kind)) is not None
    ]
    if not marks:
        return bullet(view, fact)
    marks.append(_mark(view, fact, view.period))
    target = _target(view, fact)
    told = ", ".join(f"{mark.text} in {mark.label}" for mark in marks)
    aim = f"; the target is {target.text}" if target is not None else ""
    chart = Chart(
        kind="trend", title=fact.label, marks=tuple(marks), target=target, better=fact.better,
        alternative=f"{fact.label}: {told}{aim}.",
    )  # fmt: skip
    return Picture(chart=chart, of=view.of)


def bullet(view: View, fact: Fact) -> Picture | None:
    """The fact against its target; None where it has none."""
    target = _target(view, fact)
    if target is None:
        return None
    chart = Chart(
        kind="bullet", title=fact.label, marks=(_mark(view, fact, view.period),), target=target, better=fact.better,
        alternative=f"{fact.label}: {view.printer.comparison(fact, 'target')}.",
    )  # fmt: skip
    return Picture(chart=chart, of=view.of)


def bars(view: View, title: str, facts: Sequence[Fact], *, waterfall: bool = False) -> Picture | None:
    """Facts side by side, by the value of their dimension, or as the steps of a waterfall; None for fewer than two."""
    if len(facts) < 2:
        return None
    marks = tuple(_mark(view, fact, named(fact)) for fact in facts)
    told = ", ".join(f"{mark.label} {mark.text}" for mark in marks)
    chart = Chart(
        kind="waterfall" if waterfall else "bars", title=title, marks=marks, better=facts[0].better,
        alternative=f"{title}: {told}.",
    )  # fmt: skip
    return Picture(chart=chart, of=view.of)


def named(fact: Fact) -> str:
    """What the fact's dimension is called: "Mid market" of `win_rate[segment=mid_market]`."""
    name = dimension(fact.id).replace("_", " ") or fact.label
    return name[:1].upper() + name[1:]


def _mark(view: View, fact: Fact, label: str) -> Mark:
    return Mark(label=label, value=fact.value, text=view.value(fact).text, fact=fact.id, partial=fact.partial)


def _target(view: View, fact: Fact) -> Mark | None:
    if fact.target is None or fact.better is None:
        return None
    return Mark(label="Target", value=fact.target, text=view.other(fact, "target").text)
