"""From cells to fact sheets: comparators and targets, notes, and what is absent and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from tools.evidence.selection import cleaned, reads_like_instruction, select_evidence
from tools.facts import Absent, Fact, FactSheet, Scope
from tools.metrics.coverage import Coverage, begins_late, is_steady
from tools.metrics.definitions import definition_in, redefinitions
from tools.metrics.distribution import distribution_facts, spreads
from tools.metrics.engine import Engine, Figures, Goal
from tools.metrics.given import moments_of
from tools.metrics.groups import Spread
from tools.metrics.model import Metric
from tools.metrics.needs import NO_CLOSE_DATES, NO_HISTORY, what_supplies
from tools.metrics.plan import Cell, size_unknown
from tools.metrics.quality import Quality, table_words
from tools.metrics.subjects import Subject, scope_of
from tools.metrics.windows import quotas_elsewhere
from tools.periods import in_words

# Under three people a team value would give away a single colleague's figure.
_SMALLEST_GROUP = 3
# A dimension gives facts for its values with most records; reports show the rest.
_MOST_VALUES = 10


class Figured(NamedTuple):
    """What could be computed and what could not."""

    facts: tuple[Fact, ...]
    absent: tuple[Absent, ...]


class Sheets:
    """Fact sheets from one computation.

    `given_spreads`: where the engine holds a part of the organisation only, how figures are spread over the whole.
    """

    def __init__(
        self,
        engine: Engine,
        metrics: Sequence[Metric],
        figures: Figures,
        kpis: Mapping[str, Sequence[str]],
        given_spreads: Mapping[tuple[str, str], Spread] | None = None,
    ) -> None:
        self._engine = engine
        self._given_spreads = given_spreads
        self._metrics = metrics
        self._figures = figures
        self._settings = engine.database.settings
        self._kpis = {**kpis, **{role: each.kpis for role, each in self._settings.roles.items() if each.kpis}}
        self._currency = f"currency:{self._settings.organisation.currency}"
        self._lacking = {metric.id: engine.lacking(metric) for metric in metrics}
        self._moments = moments_of(engine.period, self._settings)

    @cached_property
    def _quality(self) -> Quality:
        return Quality(self._engine, self._coverages())

    def sheet(self, subject: Subject) -> FactSheet:
        """The fact sheet of one subject."""
        engine, period, organisation = self._engine, self._engine.period, self._settings.organisation
        facts, absent = self.facts(subject)
        chosen = select_evidence(engine.database, subject.person, subject.team if subject.is_team else None, period)
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
            scope=self._scope(subject),
            facts=facts,
            absent=absent,
            evidence=chosen.evidence,
            quality=(*self._quality.lines(subject), *chosen.quality),
        )

    def _scope(self, subject: Subject) -> Scope:
        """What the person owned, and what changed: for them, and in the names of stages."""
        scope = scope_of(self._engine.database, subject, self._engine.period)
        begin = self._engine.periods["prior"].start
        renamed = [
            f"{each.since.isoformat()}: stage {cleaned(each.stage)} renamed {cleaned(each.now)}"
            for each in self._settings.renamed_stages
            if begin < each.since < self._engine.period.end
        ]
        return scope.model_copy(update={"changes": (*scope.changes, *renamed)})

    def facts(self, subject: Subject) -> Figured:
        """The facts about one subject, and what is absent."""
        facts, absent = [], []
        for metric in self._metrics:
            if ("team" if subject.is_team else "person") not in metric.subjects:
                continue
            reason = self._unavailable(metric, subject)
            found = [] if reason is not None else [*self._whole(metric, subject), *self._parts(metric, subject)]
            facts += found
            if not found:
                absent.append(Absent(id=metric.id, reason=reason or self._why_empty(metric, subject)))
        return Figured(
            (*facts, *self._goal_attainments(subject, facts), *self._distributions(subject, facts)), tuple(absent)
        )

    def _whole(self, metric: Metric, subject: Subject) -> list[Fact]:
        if metric.split_of is not None:
            return []
        cells = {name: self._figures.cell(metric.id, subject.key, name) for name in self._engine.periods}
        peers = self._figures.cell(metric.id, subject.peers, "current")
        return self._fact(metric, subject, metric.id, metric.label, cells, peers, None)

    def _parts(self, metric: Metric, subject: Subject) -> list[Fact]:
        """A fact for each value of each dimension, those with most records first, and for each that has a target.

        Values come from the export, so that one that speaks to a language model is left out.
        """
        facts = []
        for by in metric.by:
            cells = {name: self._figures.cells_by(metric.id, by, subject.key, name) for name in self._engine.periods}
            peers = self._figures.cells_by(metric.id, by, subject.peers, "current")
            current = cells["current"]
            if by == "size" and size_unknown(current.values()):
                continue
            values = _shown_values(metric, current)
            for value in [*values, *self._agreed_values(metric, subject, by, values)]:
                of_value = {name: cells[name].get(value, _nothing(metric)) for name in cells}
                facts += self._fact(
                    metric,
                    subject,
                    divided_id(metric.fact_id, by, value),
                    f"{metric.label}, {by.replace('_', ' ')} {cleaned(value)}",
                    of_value,
                    peers.get(value, Cell()),
                    value if by == "stage" else None,
                )
        return facts

    def _agreed_values(self, metric: Metric, subject: Subject, by: str, known: Sequence[str]) -> list[str]:
        """Values of a dimension that have a target but no record of their own."""
        empty, goals = divided_id(metric.fact_id, by, "\0"), self._goals(subject, "current")
        head, _, tail = empty.partition("\0")
        values = [
            goal[len(head) : len(goal) - len(tail)] for goal in goals if goal.startswith(head) and goal.endswith(tail)
        ]
        return sorted(set(values) - set(known))

    def _fact(
        self,
        metric: Metric,
        subject: Subject,
        fact_id: str,
        label: str,
        cells: Mapping[str, Cell],
        peers: Cell,
        stage: str | None,
    ) -> list[Fact]:
        """The fact, or nothing where its value cannot be computed. `stage`: the one that it is about, if any."""
        value = self._number(metric, cells["current"])
        if value is None:
            return []
        prior = self._comparable(metric, subject, "prior", cells["prior"])
        year_ago = self._comparable(metric, subject, "year_ago", cells["year_ago"])
        held = {name: definition_in(metric, each, self._settings, stage) for name, each in self._engine.periods.items()}
        size = self._figures.group_sizes.get(subject.peers or "", 0)
        goal = self._goals(subject, "current").get(fact_id)
        target = goal.value if goal is not None else metric.own_target
        fact = Fact(
            id=fact_id,
            label=label,
            value=value,
            unit=self._unit(metric),
            target=None if target is None else _plain(target, self._unit(metric)),
            target_before=None if goal is None else goal.before,
            target_note=None if goal is None else goal.note,
            prior=prior,
            prior_partial=prior is not None and self._partial(metric, "prior"),
            partial=self._cut_short(metric),
            year_ago=year_ago,
            team=self._team(metric, peers, size),
            team_size=size if metric.team is not None and size >= _SMALLEST_GROUP else None,
            better=metric.better,
            key=target is not None or fact_id in self._kpis.get(subject.role, ()),
            definition=held["current"],
            prior_definition=held["prior"],
            year_ago_definition=held["year_ago"] if year_ago is not None and _differ(held, "year_ago") else None,
            why=metric.why,
            caveat=metric.caveat,
            as_of=None if metric.moment is None else self._moments[metric.moment],
            notes=tuple(self._notes(metric, cells["current"])),
            record_table=self._engine.rows[metric.measures[metric.record_measures[0]].rows].table,
            records=cells["current"].records,
        )
        return [fact]

    def _goal_attainments(self, subject: Subject, facts: Sequence[Fact]) -> list[Fact]:
        """Actual ÷ target of every goal that adds up over time, but for the quota, which has its own metric."""
        by_id = {metric.id: metric for metric in self._metrics}
        prior_goals = self._goals(subject, "prior")
        attainments = []
        for fact in facts:
            metric = by_id.get(fact.id)
            if metric is None or not metric.additive or fact.better != "higher" or fact.id == "revenue_won":
                continue
            if fact.target is None or fact.target <= 0:
                continue
            before = prior_goals.get(fact.id)
            comparable = fact.prior is not None and before is not None and before.value > 0
            attainments.append(
                Fact(
                    id=f"goal_attainment[{fact.id}]",
                    label=f"{fact.label}, attainment",
                    value=fact.value / fact.target,
                    unit="ratio",
                    target=1.0,
                    prior=fact.prior / before.value if comparable else None,
                    prior_partial=fact.prior_partial,
                    partial=fact.partial,
                    better="higher",
                    definition=_of_target(fact, fact.definition),
                    prior_definition=_of_target(fact, fact.prior_definition),
                    why=fact.why,
                    notes=fact.notes,
                    record_table=fact.record_table,
                    records=fact.records,
                )
            )
        return attainments

    @cached_property
    def _spreads(self) -> Mapping[tuple[str, str], Spread]:
        """The spread of everything that is a KPI or a goal of anybody, over comparable people."""
        if self._given_spreads is not None:
            return self._given_spreads
        asked = {kpi for kpis in self._kpis.values() for kpi in kpis}
        asked |= {goal for goals in self._figures.goals.values() for goal in goals}
        asked |= {metric.id for metric in self._metrics if metric.own_target is not None}
        return spreads(self._engine, [metric for metric in self._metrics if metric.id in asked and not metric.split_of])

    def _distributions(self, subject: Subject, facts: Sequence[Fact]) -> list[Fact]:
        """Where the person's key figures stand among comparable people."""
        if subject.kind != "person" or subject.peers is None:
            return []
        return [
            each
            for fact in facts
            if fact.key and (subject.peers, fact.id) in self._spreads
            for each in distribution_facts(fact, self._spreads[subject.peers, fact.id])
        ]

    def _goals(self, subject: Subject, period: str) -> Mapping[str, Goal]:
        return self._figures.goals.get((subject.key, period), {})

    def _number(self, metric: Metric, cell: Cell) -> int | float | None:
        return _plain(cell.told, self._unit(metric))

    def _comparable(self, metric: Metric, subject: Subject, name: str, cell: Cell) -> int | float | None:
        """The value of an earlier period, or None where the data say nothing about it."""
        if not self._speaks(metric, subject, name) or (name == "year_ago" and self._partial(metric, name)):
            return None
        return self._number(metric, cell)

    def _speaks(self, metric: Metric, subject: Subject, name: str) -> bool:
        """Whether the organisation's records and the subject's begin before the period ends."""
        for rows, coverage in self._coverage_of(metric):
            period = self._engine.periods[name]
            looked_at = period.prior() if rows.looks_back else period
            if coverage.first is None or coverage.first >= looked_at.end:
                return False
            if rows.looks_back and begins_late(coverage, looked_at):
                return False
            if coverage.first_of is not None:
                first = coverage.first_of.get(subject.key)
                if first is None or first >= looked_at.end:
                    return False
        return True

    def _partial(self, metric: Metric, name: str) -> bool:
        period = self._engine.periods[name]
        return any(begins_late(coverage, period) for _, coverage in self._coverage_of(metric))

    def _cut_short(self, metric: Metric) -> bool:
        """Whether records of the kind that the metric counts end before the period does."""
        tables = {rows.coverage.split(".")[0] for rows, _ in self._coverage_of(metric)}
        return any(map(is_steady, tables)) and self._engine.trail.ends_within(self._engine.period)

    def _team(self, metric: Metric, peers: Cell, size: int) -> int | float | None:
        if metric.team is None or size < _SMALLEST_GROUP:
            return None
        value = self._number(metric, peers)
        return value if value is None or metric.team == "pooled" else value / size

    def _unavailable(self, metric: Metric, subject: Subject) -> str | None:
        """Why the metric cannot be computed for this subject whatever the figures say, or None."""
        lacking = self._lacking[metric.id]
        if lacking is not None:
            return what_supplies(lacking, self._engine.database.present)
        if metric.only_finished and self._engine.period.to_date:
            return "the period is still running"
        for rows, coverage in self._coverage_of(metric):
            words = table_words(rows.coverage.split(".")[0])
            if coverage.first is None:
                return f"no record has a date in {rows.coverage}"
            if coverage.first >= self._engine.period.end:
                return f"the {words} on record begin on {in_words(coverage.first)}"
            last = self._engine.trail.end_before(rows.coverage.split(".")[0], self._engine.period)
            if last is not None:
                return f"the {words} on record end on {in_words(last)}"
            if coverage.first_of is not None and subject.key not in coverage.first_of:
                return f"no {words} of {subject.name} are on record"
        if not self._speaks(metric, subject, "current"):
            return metric.absent
        return None

    def _why_empty(self, metric: Metric, subject: Subject) -> str:
        cell = self._figures.cell(metric.id, subject.key, "current")
        if cell.unrated is not None:
            them = "them" if " and " in cell.unrated else "it"
            return f"there is no exchange rate for {cell.unrated}; add {them} to exchange_rates"
        if cell.value is not None and cell.told is None:
            return self._unvalued(metric, [cell])
        sizes = self._figures.cells_by(metric.id, "size", subject.key, "current").values()
        if size_unknown(sizes):
            return self._unvalued(metric, sizes)
        return quotas_elsewhere(self._engine, subject, metric, cell) or metric.absent

    def _unvalued(self, metric: Metric, cells: Iterable[Cell]) -> str:
        counted = list(cells)
        bare, whole = sum(each.unvalued for each in counted), sum(each.money_rows for each in counted)
        return f"{bare} of {whole} {self._valued(metric)} have no amount"

    def _notes(self, metric: Metric, cell: Cell) -> list[str]:
        notes = [text.format(n=count) for (text, _), count in zip(metric.remarks, cell.remarks, strict=False) if count]
        if any(rows.looks_back for rows, _ in self._coverage_of(metric)):
            notes += self._redefined_since(metric)
        if cell.unvalued:
            verbs = "has no amount and is" if cell.unvalued == 1 else "have no amount and are"
            notes.append(f"{cell.unvalued} of {cell.money_rows} {self._valued(metric)} {verbs} left out")
        of_deals = any(rows.coverage.startswith("deals.") for rows, _ in self._coverage_of(metric))
        if of_deals and metric.moment in ("end", "to_go") and "deal_changes" not in self._engine.database.present:
            notes.append(NO_HISTORY)
        if metric.fact_id == "slipped_deals" and "deal_changes" not in self._engine.database.present:
            notes.append(NO_CLOSE_DATES)
        return notes

    def _redefined_since(self, metric: Metric) -> list[str]:
        """A note where a metric that compares two periods itself rests on one that was counted otherwise before."""
        rests_on = next(each for each in self._engine.metrics if each.id == "revenue_won")
        periods = [self._engine.periods["prior"], self._engine.period]
        return [
            f"{rests_on.label.lower()} was counted otherwise until {in_words(change.since)}: {change.before}"
            for each in (rests_on, metric)
            for change in redefinitions(each, periods, self._settings)
        ]

    def _valued(self, metric: Metric) -> str:
        """What the records are called that have an amount or lack it."""
        rows = next(measure.rows for measure in metric.measures.values() if measure.money)
        return table_words(self._engine.rows[rows].table)

    def _coverage_of(self, metric: Metric) -> list[tuple[Any, Coverage]]:
        names = sorted({measure.rows for measure in metric.measures.values()})
        rows = [self._engine.rows[name] for name in names]
        return [(each, self._engine.coverage(each)) for each in rows if each.bounded or not each.per_subject]

    def _coverages(self) -> dict[str, Coverage]:
        possible = [metric for metric in self._metrics if self._lacking[metric.id] is None]
        return {rows.coverage: coverage for metric in possible for rows, coverage in self._coverage_of(metric)}

    def _unit(self, metric: Metric) -> str:
        return self._currency if metric.unit == "currency" else metric.unit


def _shown_values(metric: Metric, cells: Mapping[str, Cell]) -> list[str]:
    """The values of a dimension that become facts: those with most records, or all where they belong together."""
    found = [value for value in cells if cells[value].records]
    if metric.values:
        return [value for value in metric.values if value in found]
    told = [value for value in found if not reads_like_instruction(value)]
    return sorted(told, key=lambda value: (-len(cells[value].records), value))[:_MOST_VALUES]


def divided_id(fact_id: str, by: str, value: str) -> str:
    """The id of a metric's part: `sales_cycle_days.median` by segment smb is `sales_cycle_days[segment=smb].median`."""
    base, dot, suffix = fact_id.partition(".")
    return f"{base}[{by}={value}]{dot}{suffix}"


def _differ(definitions: Mapping[str, str], period: str) -> bool:
    return definitions[period] != definitions["current"]


def _of_target(fact: Fact, definition: str | None) -> str:
    """What an attainment is; with the goal's own definition where that changed between the periods."""
    meaning = "" if fact.definition == fact.prior_definition else f" ({definition})"
    return f"{fact.label.lower()}{meaning} / its target"


def _nothing(metric: Metric) -> Cell:
    """What a part without any record comes to: 0 where things are counted or added up."""
    return Cell(0 if metric.unit in ("count", "currency") and metric.team == "mean" else None)


def _plain(value: Any, unit: str) -> int | float | None:
    """A number as facts hold it: whole counts and whole money as int, the rest as float."""
    if value is None:
        return None
    if (unit == "count" or unit.startswith("currency")) and value == int(value):
        return int(value)
    return float(value)
