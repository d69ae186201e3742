"""The lines of a report from one computation: whom or what each is about, its figures, and the records behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from tools.database import Database
from tools.metrics.definitions import definition_in, redefinitions
from tools.metrics.engine import Engine, Figures
from tools.metrics.model import Metric
from tools.metrics.needs import what_supplies
from tools.metrics.plan import Cell, size_unknown
from tools.metrics.subjects import Subject
from tools.metrics.windows import quotas_elsewhere
from tools.periods import Period, in_words
from tools.reports.model import PEOPLE, Bucket, Report
from tools.reports.table import Figure, Line, ReportTable, in_order

# What the last line of a report by a column of the records is called.
_TOTAL = "Total"


class Lines:
    """Turns one computation's figures into the lines of a report."""

    def __init__(
        self,
        engine: Engine,
        report: Report,
        by: str,
        subjects: Sequence[Subject],
        buckets: tuple[str, ...],
        every: Bucket | None,
    ) -> None:
        self.engine = engine
        self.report = report
        self.by = by
        self.subjects = subjects
        self.every = every
        self.dimension = by if by not in (*PEOPLE, "total") else None
        self.metrics = [_undivided(metric) if self.dimension is None else self._divided(metric) for metric in
                        report.columns]  # fmt: skip
        self.absent = {metric.id: lacking for metric in self.metrics if (lacking := engine.lacking(metric))}
        self._buckets = buckets
        self._figures = self._compute()
        self._unsaid = self._before_records()

    @property
    def periods(self) -> dict[str, Period]:
        """The periods that lines are about, by name: the buckets, or the one asked for."""
        return {name: self.engine.periods[name] for name in self._buckets or ("current",)}

    def cell(self, line: Line, metric_id: str) -> Cell:
        """The cell of a line."""
        return self._cell(metric_id, line.period, line.subject or self.subjects[-1].key, line.value)

    def cells_by(self, metric_id: str, subject: str) -> Mapping[str, Cell]:
        """The cells of the whole period for each value of the column that the rows are split by."""
        return self._figures.cells_by(metric_id, self.dimension or "", subject, "current")

    def total(self, metric_id: str, period: str = "current") -> Cell:
        """The cell of everything that the report is about, undivided."""
        if (metric_id, period) in self._unsaid:
            return Cell()
        return self._figures.cell(metric_id, self.subjects[-1].key, period)

    def part(self, metric_id: str, subject: str) -> Cell:
        """The cell of one of those whom the total is over, for the period asked for."""
        return self._figures.cell(metric_id, subject, next(iter(self.periods)))

    def table(self, about: str) -> ReportTable:
        """The report, but for its notes."""
        settings, present = self.engine.database.settings, self.engine.database.present
        currency = f"currency:{settings.organisation.currency}"
        compared = list(self.periods.values())
        columns = tuple(
            Figure(
                metric.id, metric.label, currency if metric.unit == "currency" else metric.unit,
                definition_in(metric, self.engine.period, settings), tuple(redefinitions(metric, compared, settings)),
            )
            for metric in self.metrics
        )  # fmt: skip
        lines = self._lines(columns)
        reasons = {metric_id: what_supplies(need, present) for metric_id, need in self.absent.items()}
        for number, metric in enumerate(self.metrics):
            if metric.id not in self.absent and all(line.values[number] is None for line in lines):
                reasons[metric.id] = self._unsaid.get((metric.id, next(iter(self.periods)))) or self.why_empty(
                    metric, self.total(metric.id)
                )
        shown = [each.key for each in columns if each.key not in reasons]
        usual = columns[self.report.picture].key
        return ReportTable(
            self.report.name, self.report.title, about, self._dimensions(), columns, lines, reasons, (),
            usual if usual in shown else next(iter(shown), None),
        )  # fmt: skip

    def why_empty(self, metric: Metric, cell: Cell) -> str:
        """Why there is no figure although the tables for it are there."""
        if cell.unrated is not None:
            return f"there is no exchange rate for {cell.unrated}"
        if cell.value is not None and cell.told is None:
            return f"{cell.unvalued} of {cell.money_rows} records have no amount"
        if self.dimension is not None and cell.value is not None:
            return f"no record has a {self.dimension.replace('_', ' ')}"
        return quotas_elsewhere(self.engine, self.subjects[-1], metric, cell) or metric.absent

    def _divided(self, metric: Metric) -> Metric:
        assert self.dimension is not None
        return replace(metric, by=(self.dimension,), split_of=metric.id)

    def _compute(self) -> Figures:
        """The figures of every line and, of what is divided by a column of the records, those of the whole."""
        possible = [metric for metric in self.metrics if metric.id not in self.absent]
        if self.dimension is not None and self.report.total:
            # Facts of the whole, and those split, under one id.
            possible = [replace(metric, split_of=None) for metric in possible]
        return self.engine.compute(possible, self.subjects, records="all")

    def _before_records(self) -> dict[tuple[str, str], str]:
        """By metric and period, why there is nothing: open deals without a date are no sign of an earlier day."""
        unsaid = {}
        for metric in self.metrics:
            if metric.id in self.absent:
                continue
            names = sorted({measure.rows for measure in metric.measures.values()})
            for rows in (self.engine.rows[name] for name in names):
                if rows.per_subject or rows.coverage != "deals.created_on":
                    continue
                first = self.engine.coverage(rows).first
                for name, period in self.periods.items():
                    if first is not None and first >= period.end:
                        unsaid[metric.id, name] = f"the deals on record begin on {in_words(first)}"
        return unsaid

    def _cell(self, metric_id: str, period: str, subject: str, value: str | None) -> Cell:
        if metric_id in self.absent or (metric_id, period) in self._unsaid:
            return Cell()
        if self.dimension == "size" and size_unknown(
            self._figures.cells_by(metric_id, "size", subject, period).values()
        ):
            return Cell()
        if value is None or self.dimension is None:
            return self._figures.cell(metric_id, subject, period)
        return self._figures.cells_by(metric_id, self.dimension, subject, period).get(value, Cell())

    def _dimensions(self) -> tuple[str, ...]:
        names = () if self.by == "total" and self._buckets else (self.by,)
        return (*names, "period") if self._buckets else names

    def _lines(self, columns: Sequence[Figure]) -> tuple[Line, ...]:
        if self.dimension is not None:
            return self._lines_by_value(columns)
        lines: list[Line] = []
        for number, subject in enumerate(self.subjects, start=1):
            is_total = number == len(self.subjects) and number > 1
            line = Line((subject.name,), (), total=is_total, subject=subject.key)
            lines += self._over_time(line, partial(self._cell, subject=subject.key, value=None), columns)
        return tuple(lines)

    def _lines_by_value(self, columns: Sequence[Figure]) -> tuple[Line, ...]:
        key, by = self.subjects[0].key, self.dimension
        assert by is not None
        values: dict[str, int] = {}
        for metric in self.metrics:
            for period in self.periods:
                for value, cell in self._figures.cells_by(metric.id, by, key, period).items():
                    values[value] = max(values.get(value, 0), len(cell.records))
        names, lines = _names(self.engine.database, by), []
        for value in sorted(values, key=lambda value: (-values[value], value)):
            line = Line((names.get(value, value),), (), value=value)
            lines += self._over_time(line, partial(self._cell, subject=key, value=value), columns)
        lines = list(in_order(lines, self.metrics[0].values or _stage_order(self.engine, by)))
        if self.report.total and lines:
            line = Line((_TOTAL,), (), total=True)
            lines += self._over_time(line, partial(self._cell, subject=key, value=None), columns)
        return tuple(lines)

    def _over_time(self, line: Line, cell_of: Callable[..., Cell], columns: Sequence[Figure]) -> list[Line]:
        """The line, or one for every bucket; none where all of it is empty."""
        lines = []
        for name, period in self.periods.items():
            cells = [cell_of(metric_id=metric.id, period=name) for metric in self.metrics]
            labels = () if self.by == "total" and self._buckets else line.labels
            lines.append(
                replace(
                    line,
                    labels=(*labels, name) if self._buckets else labels,
                    values=tuple(cell.told for cell in cells),
                    records=tuple(cell.records for cell in cells),
                    period=name,
                    otherwise=tuple(each.key for each in columns if each.counted_otherwise(period)),
                )
            )
        return lines if any(map(_filled, lines)) else []


def _undivided(metric: Metric) -> Metric:
    return replace(metric, by=(), split_of=None)


def _filled(line: Line) -> bool:
    return any(value is not None and value != 0 for value in line.values)


def _names(database: Database, by: str) -> dict[str, str]:
    """Names for the values of a column that holds ids."""
    if by != "product":
        return {}
    return dict(database.rows("SELECT product_id, coalesce(name, product_id) FROM products"))


def _stage_order(engine: Engine, by: str) -> list[str]:
    """Stages in the order of their pipelines."""
    if by != "stage" or not {"deals", "deal_changes"} & engine.database.present:
        return []
    engine.relations.require(["stage_list"])
    rows = engine.database.rows("SELECT label FROM stage_list WHERE position IS NOT NULL ORDER BY position, label")
    return list(dict.fromkeys(row[0] for row in rows))
