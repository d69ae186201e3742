"""From cells to fact sheets: comparators, notes, what is absent and why, and what a reader should know of the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from tools.facts import Absent, Fact, FactSheet
from tools.metrics.engine import Cell, Engine, Figures
from tools.metrics.model import Metric, Rows
from tools.metrics.subjects import Subject, scope_of
from tools.periods import Period

# Under three people a team value would give away a single colleague's figure.
_SMALLEST_GROUP = 3
# The records may begin this share of a period late before the period counts as partial.
_PARTIAL = 1 / 6
# A sum is not shown where more than this share of its deals has no amount.
_MOST_UNVALUED = 1 / 2
# A dimension gives facts for its values with most records; reports show the rest.
_MOST_VALUES = 10

_NEED_TEXT = {
    "deals": "deals", "deal_changes": "history of deal changes", "targets": "targets", "forecasts": "submitted forecasts",
    "activities": "activities", "leads": "leads", "accounts": "accounts", "subscriptions": "subscriptions",
    "renewals": "renewals", "usage": "usage", "escalations": "escalations", "spend": "spend", "people": "people",
}  # fmt: skip


class Sheets:
    """Fact sheets from one computation."""

    def __init__(
        self, engine: Engine, metrics: Sequence[Metric], figures: Figures, kpis: Mapping[str, Sequence[str]]
    ) -> None:
        self._engine = engine
        self._metrics = metrics
        self._figures = figures
        settings = engine.database.settings
        self._kpis = {**kpis, **{role: each.kpis for role, each in settings.roles.items() if each.kpis}}
        self._currency = f"currency:{settings.organisation.currency}"
        self._lacking = {metric.id: engine.lacking(metric) for metric in metrics}

    def sheet(self, subject: Subject) -> FactSheet:
        """The fact sheet of one subject."""
        engine, period = self._engine, self._engine.period
        organisation = engine.database.settings.organisation
        facts, absent = self._facts(subject)
        return FactSheet(
            person=subject.name,
            person_id=subject.person,
            role=subject.role,
            period=period.label,
            start=period.start,
            end=period.last_day,
            prior_period=engine.periods["prior"].label,
            year_ago_period=engine.periods["year_ago"].label,
            to_date=period.to_date,
            organisation=organisation.name,
            currency=organisation.currency,
            amount_basis=organisation.amount_basis,
            scope=scope_of(engine.database, subject, period),
            facts=tuple(facts),
            absent=tuple(absent),
        )

    def _facts(self, subject: Subject) -> tuple[list[Fact], list[Absent]]:
        facts, absent = [], []
        for metric in self._metrics:
            if subject.kind == "person" and "person" not in metric.subjects:
                continue
            if subject.is_team and "team" not in metric.subjects:
                continue
            found = [] if metric.split_of else self._whole(metric, subject)
            reason = self._unavailable(metric, subject)
            if reason is None:
                found = [*found, *self._parts(metric, subject)]
                reason = self._why_absent(metric, subject)
            if found:
                facts.extend(found)
            else:
                absent.append(Absent(id=metric.id, reason=reason))
        return facts, absent

    def _whole(self, metric: Metric, subject: Subject) -> list[Fact]:
        if self._unavailable(metric, subject) is not None:
            return []
        cells = {name: self._figures.cell(metric.id, subject.key, name) for name in self._engine.periods}
        peers = self._figures.cell(metric.id, subject.peers, "current")
        fact = self._fact(metric, subject, metric.fact_id, metric.label, cells, peers)
        return [] if fact is None else [fact]

    def _parts(self, metric: Metric, subject: Subject) -> list[Fact]:
        """A fact for each value of each dimension, those with most records first."""
        facts = []
        for by in metric.by:
            cells = {name: self._figures.cells_by(metric.id, by, subject.key, name) for name in self._engine.periods}
            peers = self._figures.cells_by(metric.id, by, subject.peers, "current")
            values = sorted(cells["current"], key=lambda value: (-len(cells["current"][value].records), value))
            for value in values[:_MOST_VALUES]:
                of_value = {name: cells[name].get(value, Cell()) for name in cells}
                fact_id = divided_id(metric.fact_id, by, value)
                label = f"{metric.label}, {by.replace('_', ' ')} {value}"
                fact = self._fact(metric, subject, fact_id, label, of_value, peers.get(value, Cell()))
                if fact is not None:
                    facts.append(fact)
        return facts

    def _fact(
        self, metric: Metric, subject: Subject, fact_id: str, label: str, cells: Mapping[str, Cell], peers: Cell
    ) -> Fact | None:
        current = cells["current"]
        value = self._number(metric, current)
        if value is None:
            return None
        prior_partial = self._partial(metric, self._engine.periods["prior"])
        size = self._figures.group_sizes.get(subject.peers or "", 0)
        key_metrics = self._kpis.get(subject.role, ())
        return Fact(
            id=fact_id,
            label=label,
            value=value,
            unit=self._unit(metric),
            prior=self._comparable(metric, subject, "prior", cells["prior"]),
            prior_partial=prior_partial,
            year_ago=self._comparable(metric, subject, "year_ago", cells["year_ago"]),
            team=self._team(metric, peers, size),
            team_size=size if size >= _SMALLEST_GROUP and metric.team is not None else None,
            better=metric.better,
            key=fact_id in key_metrics,
            definition=metric.definition,
            prior_definition=metric.definition,
            why=metric.why,
            caveat=metric.caveat,
            notes=tuple(_money_notes(current)),
            record_table=self._table(metric),
            records=current.records,
        )

    def _number(self, metric: Metric, cell: Cell) -> int | float | None:
        if cell.unrated is not None or cell.unvalued > _MOST_UNVALUED * cell.money_rows:
            return None
        return _plain(cell.value, self._unit(metric))

    def _comparable(self, metric: Metric, subject: Subject, name: str, cell: Cell) -> int | float | None:
        """The value of an earlier period, or None where the data say nothing about it."""
        period = self._engine.periods[name]
        for rows in self._rows(metric):
            coverage = self._engine.coverage(rows)
            if coverage.first is None or coverage.first >= period.end:
                return None
            first = coverage.first_of.get(subject.key)
            if coverage.first_of and (first is None or first >= period.end):
                return None
        if name == "year_ago" and self._partial(metric, period):
            return None
        return self._number(metric, cell)

    def _partial(self, metric: Metric, period: Period) -> bool:
        late = period.days * _PARTIAL
        firsts = [self._engine.coverage(rows).first for rows in self._rows(metric)]
        return any(first is not None and period.start < first < period.end and (first - period.start).days > late
                   for first in firsts)  # fmt: skip

    def _team(self, metric: Metric, peers: Cell, size: int) -> int | float | None:
        if metric.team is None or size < _SMALLEST_GROUP:
            return None
        value = self._number(metric, peers)
        if value is None or metric.team == "pooled":
            return value
        return value / size

    def _unavailable(self, metric: Metric, subject: Subject) -> str | None:
        """Why the metric cannot be computed for this subject whatever the figures say, or None."""
        lacking = self._lacking[metric.id]
        if lacking is not None:
            return _what_supplies(lacking)
        for rows in self._rows(metric):
            coverage = self._engine.coverage(rows)
            if coverage.first is None:
                return f"no row of {rows.table} has a {rows.coverage}"
            if coverage.first >= self._engine.period.end:
                return f"the {_named(rows.table)} on record begin on {coverage.first.isoformat()}"
            if coverage.first_of and subject.key not in coverage.first_of:
                return f"no {_named(rows.table)} of {subject.name} are on record"
        return None

    def _why_absent(self, metric: Metric, subject: Subject) -> str:
        cell = self._figures.cell(metric.id, subject.key, "current")
        if cell.unrated is not None:
            return f"there is no exchange rate for {cell.unrated}; add it to exchange_rates"
        if cell.unvalued > _MOST_UNVALUED * cell.money_rows:
            return f"{cell.unvalued} of {cell.money_rows} deals have no amount"
        return metric.absent

    def _rows(self, metric: Metric) -> list[Rows]:
        names = {measure.rows for measure in metric.measures.values()}
        rows = [self._engine.rows[name] for name in sorted(names)]
        return [each for each in rows if not each.per_subject]

    def _table(self, metric: Metric) -> str:
        return self._engine.rows[metric.measures[metric.record_measures[0]].rows].table

    def _unit(self, metric: Metric) -> str:
        return self._currency if metric.unit == "currency" else metric.unit


def divided_id(fact_id: str, by: str, value: str) -> str:
    """The id of a metric's part: `sales_cycle_days.median` by segment smb is `sales_cycle_days[segment=smb].median`."""
    base, dot, suffix = fact_id.partition(".")
    return f"{base}[{by}={value}]{dot}{suffix}"


def _plain(value: Any, unit: str) -> int | float | None:
    """A number as facts hold it: counts and whole money as int, the rest as float."""
    if value is None:
        return None
    if unit == "count" or (isinstance(value, Decimal) and value == value.to_integral_value()):
        return int(value)
    return float(value)


def _money_notes(cell: Cell) -> list[str]:
    if cell.unvalued == 0:
        return []
    return [f"{cell.unvalued} of {cell.money_rows} deals have no amount and are left out"]


def _named(table: str) -> str:
    return _NEED_TEXT.get(table, table.replace("_", " "))


def _what_supplies(need: str) -> str:
    """`activities` → "no activities are on record"; `deals.next_step|activities` names both."""
    choices = []
    for choice in need.split("|"):
        table, _, column = choice.partition(".")
        choices.append(_named(table) if column == "" else f"{column} in {table}")
    return f"no {' or '.join(choices)} on record; import {'one of them' if len(choices) > 1 else 'it'} to compute this"
