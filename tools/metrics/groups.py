"""What comparable people reached, kept per period asked for: it is the same for each of them, and most of the work.

One file per group, beside the relations of those periods (`tools.prepared`): for every metric its value over the group,
whole and divided, and how it is spread over its people. What is kept of a metric stands under a hash of its definition.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tools.errors import InputError
from tools.files import write_whole
from tools.metrics.model import Metric, Rows
from tools.metrics.plan import Cell

Divided = Mapping[str, Mapping[str, Cell]]


@dataclass(frozen=True)
class Spread:
    """One metric over a group: everybody's value in order, and the quartiles between them."""

    values: tuple[float, ...]
    people: tuple[str, ...]
    low: float
    median: float
    high: float

    def standing(self, value: float) -> float:
        """The share of the group whose value is not above this one."""
        return bisect_right(self.values, value) / len(self.values)


@dataclass
class Kept:
    """What is kept of a group, by metric key. A spread is None where too few people have a value."""

    cells: dict[str, list[Any] | None] = field(default_factory=dict)
    parts: dict[str, dict[str, dict[str, list[Any]]]] = field(default_factory=dict)
    spreads: dict[str, list[Any] | None] = field(default_factory=dict)


class Groups:
    """The groups that are kept in a folder, and whose figures are known without computing them."""

    def __init__(self, folder: Path | None, rows: Mapping[str, Rows]) -> None:
        self._folder = folder
        self._rows = rows
        self._kept: dict[str, Kept] = {}

    def known(self, groups: Iterable[str], metrics: Iterable[Metric]) -> bool:
        """Whether all these metrics are kept of all these groups."""
        if self._folder is None:
            return False
        self._kept = {group: self._read(group) for group in groups}
        keys = {self._key(metric) for metric in metrics}
        return all(keys <= kept.cells.keys() for kept in self._kept.values())

    def cells(self, group: str, metrics: Iterable[Metric]) -> dict[str, Cell]:
        """The group's cells by metric id."""
        kept = self._kept[group].cells
        found = {metric.id: kept[self._key(metric)] for metric in metrics}
        return {metric_id: _cell(each) for metric_id, each in found.items() if each is not None}

    def divided(self, group: str, by: str, metrics: Iterable[Metric]) -> Divided:
        """The group's cells by metric id and value of a dimension."""
        kept = self._kept[group].parts
        found = {metric.id: kept[self._key(metric)].get(by, {}) for metric in metrics}
        return {metric_id: {value: _cell(each) for value, each in cells.items()} for metric_id, cells in found.items()}

    def spreads(self, group: str, metrics: Iterable[Metric]) -> dict[str, Spread | None] | None:
        """How metrics are spread over the group, by metric id; None where that is not kept of one of them."""
        kept = self._kept.get(group, Kept()).spreads
        keys = {metric.id: self._key(metric) for metric in metrics}
        if not kept.keys() >= set(keys.values()):
            return None
        return {metric_id: None if kept[key] is None else _spread(kept[key]) for metric_id, key in keys.items()}

    def keep(
        self, group: str, metrics: Iterable[Metric], cells: Mapping[str, Cell], parts: Mapping[str, Divided]
    ) -> None:
        """Keep what was computed of a group: its cells, and its divided cells by dimension."""
        if self._folder is None:
            return
        kept = self._kept[group] = self._read(group)
        for metric in metrics:
            key = self._key(metric)
            kept.cells[key] = _plain(cells[metric.id]) if metric.id in cells else None
            kept.parts[key] = {
                by: {value: _plain(cell) for value, cell in divided.get(metric.id, {}).items()}
                for by, divided in parts.items()
                if by in metric.by
            }
        self._write(group)

    def keep_spreads(self, group: str, metrics: Iterable[Metric], spreads: Mapping[str, Spread]) -> None:
        """Keep how metrics, by id, are spread over a group."""
        if self._folder is None or group not in self._kept:
            return
        for metric in metrics:
            found = spreads.get(metric.id)
            self._kept[group].spreads[self._key(metric)] = None if found is None else list(astuple(found))
        self._write(group)

    def _key(self, metric: Metric) -> str:
        """A hash of all that a metric's value follows from beside the tables."""
        names = sorted({measure.rows for measure in metric.measures.values()})
        definition = (metric.id, metric.formula, metric.measures, metric.by, [self._rows[name].sql for name in names])
        return hashlib.sha256(repr(definition).encode()).hexdigest()[:16]

    def _file(self, group: str) -> Path:
        assert self._folder is not None
        return self._folder / f"group-{hashlib.sha256(group.encode()).hexdigest()[:16]}.json"

    def _read(self, group: str) -> Kept:
        try:
            return Kept(**json.loads(self._file(group).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return Kept()

    def _write(self, group: str) -> None:
        try:
            write_whole(self._file(group), json.dumps(self._kept[group].__dict__))
        except InputError:
            # Where nothing can be written, it is computed again each time.
            return


def _plain(cell: Cell) -> list[Any]:
    value = cell.value
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    return [value, cell.money_rows, cell.unvalued, cell.unrated]


def _cell(kept: list[Any]) -> Cell:
    value, money_rows, unvalued, unrated = kept
    return Cell(value=value, money_rows=money_rows, unvalued=unvalued, unrated=unrated)


def _spread(kept: list[Any]) -> Spread:
    values, people, low, median, high = kept
    return Spread(tuple(values), tuple(people), low, median, high)
