"""The metrics there are, in the order in which people read them, and the rows they are measured on."""

from __future__ import annotations

from typing import Any

from tools.errors import SettingsError, did_you_mean
from tools.metrics import (
    activity,
    capacity,
    customers,
    forecast,
    funnel,
    outcomes,
    pipeline,
    stages,
    team,
    waterfall,
)
from tools.metrics.definitions import shipped_definition
from tools.metrics.distribution import DISTRIBUTION
from tools.metrics.model import OWN, Measure, Metric, Rows
from tools.organisation import MetricSettings, Settings

FAMILIES = (outcomes, pipeline, waterfall, stages, forecast, activity, funnel, customers, team, capacity)

ROWS: tuple[Rows, ...] = tuple(rows for family in FAMILIES for rows in family.ROWS)
METRICS: tuple[Metric, ...] = tuple(metric for family in FAMILIES for metric in family.METRICS)

GOAL_ATTAINMENT = Metric(
    id="goal_attainment",
    label="Goal attainment",
    definition="actual / target, for every goal that adds up over time but the quota",
    unit="ratio",
    better="higher",
    formula="",
    measures={},
    by=("metric",),
    split_of="goal_attainment",
    why="Says how much of what was agreed was reached, whatever the goal is counted in.",
    needs=("targets",),
    absent="no such goal is on record for the whole period",
)

# Made from the facts of a sheet, once those are computed.
DERIVED: tuple[Metric, ...] = (GOAL_ATTAINMENT, DISTRIBUTION)


def metrics_of(settings: Settings) -> tuple[Metric, ...]:
    """The shipped metrics and the organisation's own, which workspace.toml defines."""
    metrics = (*METRICS, *(_own(each) for each in settings.metrics))
    known = {metric_id for metric in metrics for metric_id in (metric.id, metric.fact_id)}
    for change in settings.definitions:
        if change.metric not in known:
            nearest = did_you_mean(change.metric, sorted(known))
            raise SettingsError(f'workspace.toml: definitions: there is no metric "{change.metric}". {nearest}')
    return metrics


def catalogue(settings: Settings | None = None) -> list[dict[str, Any]]:
    """Every metric for people and machines: id, label, definition, unit, better side, needed tables, origin …"""
    known = settings or Settings()
    return [_listed(metric, known) for metric in (*metrics_of(known), *DERIVED)]


def _listed(metric: Metric, settings: Settings) -> dict[str, Any]:
    return {
        "id": metric.id, "label": metric.label, "definition": shipped_definition(metric, settings),
        "unit": metric.unit, "better": metric.better, "facts": metric.fact_id, "by": list(metric.by),
        "team": metric.team, "needs": list(metric.needs), "why": metric.why, "caveat": metric.caveat,
        "origin": metric.origin,
    }  # fmt: skip


def _own(own: MetricSettings) -> Metric:
    if any(metric.id == own.id for metric in METRICS):
        raise SettingsError(f'workspace.toml: metrics: "{own.id}" is a shipped metric; give yours another id.')
    rows = {each.name: each for each in ROWS}
    for name, measure in own.measures.items():
        if measure.rows not in rows:
            known = did_you_mean(measure.rows, list(rows))
            raise SettingsError(f'workspace.toml: metrics.{own.id}.{name}: there are no rows "{measure.rows}". {known}')
    tables = sorted({rows[measure.rows].coverage.split(".")[0] for measure in own.measures.values()})
    return Metric(
        id=own.id, label=own.label, definition=own.definition.replace("{", "{{").replace("}", "}}"), unit=own.unit,
        better=own.better, formula=own.formula,
        measures={
            # Counts and sums over nothing are 0, means and medians are not.
            name: Measure(each.rows, each.sql, each.where, 0 if each.sql.lower().startswith(("count", "sum")) else None)
            for name, each in own.measures.items()
        },
        team="mean" if own.unit in ("currency", "count") else "pooled", needs=tuple(tables), origin=OWN,
    )  # fmt: skip
