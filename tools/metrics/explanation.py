"""A number opened: the definition in words, the formula with its numbers, and every record behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tools.errors import NotFound, did_you_mean
from tools.facts import Absent, Fact
from tools.metrics.definitions import definition_in
from tools.metrics.engine import Engine, Figures
from tools.metrics.model import Metric
from tools.metrics.records import Part, plain, record_rows, record_table, records_of, shown
from tools.metrics.sheets import Figured, divided_id
from tools.metrics.subjects import Subject

# So many names still make one line.
_MOST_NAMED = 12
# revenue_won[product=GTX Pro] and loss_reasons[reason=Price].value: base, dimension, value, suffix
_PART = re.compile(r"(?P<base>[a-z_0-9]+)\[(?P<by>[a-z_]+)=(?P<value>.*)\](?P<suffix>(?:\.[a-z_]+)?)", re.DOTALL)


@dataclass(frozen=True)
class Explanation:
    """One fact with what it was computed from. `fact` is None where it is absent, and `absent` says why.

    `numbers` are the values of the names in `formula`. `records` are rows of `record_table`; beside the record's own
    columns each has what it adds to the measures, under the measure's name.
    """

    id: str
    label: str
    definition: str
    formula: str
    numbers: dict[str, int | float | None]
    record_table: str | None
    records: tuple[dict[str, Any], ...]
    fact: Fact | None
    absent: Absent | None
    group: tuple[str, ...] = ()
    """The names of the comparable people, the person included, whom the team value is taken over."""

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "id": self.id, "label": self.label, "definition": self.definition, "formula": self.formula,
            "numbers": self.numbers, "fact": None if self.fact is None else self.fact.model_dump(mode="json"),
            "absent": None if self.absent is None else self.absent.reason, "group": list(self.group),
            "record_table": self.record_table,
            "records": [{name: plain(value) for name, value in record.items()} for record in self.records],
        }  # fmt: skip

    def render(self) -> str:
        """For a terminal: a few lines, then the records as a table."""
        value = f"absent: {self.absent.reason}" if self.fact is None and self.absent else ""
        if self.fact is not None:
            value = f"{self.fact.value:,.6g} ({self.fact.unit})" if isinstance(self.fact.value, float) else (
                f"{self.fact.value:,} ({self.fact.unit})")  # fmt: skip
        lines = [f"{self.label} ({self.id}): {value}", f"  means    {self.definition}", f"  formula  {self.formula}"]
        lines += [
            f"           {name} = {'–' if number is None else f'{number:,}'}" for name, number in self.numbers.items()
        ]
        if self.fact is not None:
            lines += [f"  note     {note}" for note in self.fact.notes]
            lines += _group_line(self.fact, self.group)
        lines += [
            "",
            *([f"{len(self.records)} records in {self.record_table}:"] if self.records else []),
            *(["No records behind it."] if self.fact is not None and not self.records else []),
        ]
        return "\n".join([*lines, *record_table(self.records)])


class Opened(NamedTuple):
    """Which fact to open: its id, the metric behind it, and the dimension and value where it is a part."""

    fact_id: str
    metric: Metric
    by: str | None
    value: str | None


def find_fact(fact_id: str, metrics: Sequence[Metric]) -> Opened:
    """The metric behind a fact's id, and its dimension and value. Raises `NotFound` naming the nearest."""
    inner = re.fullmatch(r"goal_attainment\[(.*)\]", fact_id, re.DOTALL)
    if inner is not None:
        return find_fact(inner[1], metrics)._replace(fact_id=fact_id)
    whole = next((metric for metric in metrics if metric.id == fact_id and metric.split_of is None), None)
    if whole is not None:
        return Opened(fact_id, whole, None, None)
    part = _PART.fullmatch(fact_id)
    if part is not None:
        for metric in metrics:
            if metric.fact_id == part["base"] + part["suffix"] and part["by"] in metric.by:
                return Opened(fact_id, metric, part["by"], part["value"])
    split = next((metric for metric in metrics if fact_id in (metric.id, metric.fact_id)), None)
    if split is not None:
        shapes = " or ".join(_shape(split, by) for by in split.by)
        raise NotFound(f"{fact_id} is given per {' and '.join(split.by)}: ask for {shapes}.")
    named = [metric for metric in metrics if fact_id.strip().lower() in (metric.id.lower(), metric.label.lower())]
    if named and named[0].id != fact_id:
        return find_fact(next((each.id for each in named if each.split_of is None), named[0].id), metrics)
    labelled = _labelled_part(fact_id, metrics)
    if labelled is not None:
        return labelled
    raise NotFound(f'There is no metric "{fact_id}". {did_you_mean(fact_id, [metric.id for metric in metrics])}')


def _labelled_part(label: str, metrics: Sequence[Metric]) -> Opened | None:
    """A part asked for as it is shown: "Win rate, segment smb", or "Win rate (smb)" as drafts have it."""
    folded = label.strip().lower()
    for metric in metrics:
        for by in metric.by:
            shown = f"{metric.label}, {by.replace('_', ' ')} ".lower()
            named = re.fullmatch(rf"{re.escape(metric.label.lower())} \((.+)\)", folded)
            value = folded[len(shown) :] if folded.startswith(shown) else named[1] if named else ""
            if value != "":
                return Opened(divided_id(metric.fact_id, by, value), metric, by, value)
    return None


def _as_recorded(opened: Opened, parts: Mapping[str, Any]) -> Opened:
    """The part under the value that is on record, where what was asked for differs by case and underscores only."""
    if opened.by is None or opened.value is None or opened.value in parts:
        return opened
    folded = opened.value.replace("_", " ").casefold()
    value = next((each for each in parts if each.replace("_", " ").casefold() == folded), None)
    if value is None:
        return opened
    return opened._replace(fact_id=divided_id(opened.metric.fact_id, opened.by, value), value=value)


def open_fact(engine: Engine, subject: Subject, opened: Opened, figures: Figures, found: Figured) -> Explanation:
    """The explanation of one fact, while the relations behind it still exist in the engine's database."""
    metric = opened.metric
    if opened.by is None:
        numbers = dict(figures.cell(metric.id, subject.key, "current").numbers)
    else:
        parts = figures.cells_by(metric.id, opened.by, subject.key, "current")
        opened = _as_recorded(opened, parts)
        numbers = dict(parts[opened.value].numbers) if opened.value in parts else {}
    fact = next((fact for fact in found.facts if fact.id == opened.fact_id), None)
    formula = metric.formula
    if opened.fact_id.startswith("goal_attainment["):
        formula = f"({formula}) / target"
        numbers["target"] = next((each.target for each in found.facts if each.id == metric.id), None)
    absent = next((each for each in found.absent if each.id == metric.id), None)
    cell = figures.cell(metric.id, subject.key, "current")
    if fact is None and (cell.unrated is not None or cell.unvalued):
        # What could be added up of it is no part of any answer.
        numbers = {}
    return Explanation(
        id=opened.fact_id,
        label=metric.label if fact is None else fact.label,
        definition=definition_in(metric, engine.period, engine.database.settings)
        if fact is None
        else fact.definition or "",
        formula=formula,
        numbers={name: plain(number) for name, number in numbers.items()},
        record_table=record_rows(engine, metric).table,
        records=()
        if fact is None
        else tuple(records_of(engine, Part(metric, opened.by, opened.value), subject.key, "current", fact.records)),
        fact=fact,
        absent=None if fact is not None else absent or Absent(id=opened.fact_id, reason=_NO_SUCH_RECORD),
        group=() if fact is None or fact.team is None else _group(engine, subject),
    )


def _group(engine: Engine, subject: Subject) -> tuple[str, ...]:
    rows = engine.database.rows(
        "SELECT DISTINCT coalesce(p.name, m.person) FROM peer_members m LEFT JOIN people p ON p.person_id = m.person "
        "WHERE m.peers = ? AND m.from_on < ? AND m.to_on > ? ORDER BY 1",
        [subject.peers, engine.period.end, engine.period.start],
    )
    return tuple(name for (name,) in rows)


def _group_line(fact: Fact, group: Sequence[str]) -> list[str]:
    """Whom the team value is taken over: how many, and who they are where that is no long list."""
    if fact.team is None or not group:
        return []
    names = f": {', '.join(map(shown, group))}" if len(group) <= _MOST_NAMED else ""
    return [f"  team     {fact.team:,.6g} over {len(group)} comparable people, this one included{names}"]


_NO_SUCH_RECORD = "no record of the period has this value, or no target is set"


def _shape(metric: Metric, by: str) -> str:
    base, dot, suffix = metric.fact_id.partition(".")
    return f"{base}[{by}=…]{dot}{suffix}"
