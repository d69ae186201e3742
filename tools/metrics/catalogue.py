"""The metrics there are, in the order in which people read them, and the rows they are measured on."""

from __future__ import annotations

from tools.errors import NotFound, did_you_mean
from tools.metrics import outcomes, pipeline, team
from tools.metrics.model import Metric, Rows
from tools.organisation import Settings

FAMILIES = (outcomes, pipeline, team)

ROWS: tuple[Rows, ...] = tuple(rows for family in FAMILIES for rows in family.ROWS)
METRICS: tuple[Metric, ...] = tuple(metric for family in FAMILIES for metric in family.METRICS)


def metrics_of(settings: Settings) -> tuple[Metric, ...]:
    """The shipped metrics and the organisation's own."""
    return METRICS


def find_metric(fact_id: str, metrics: tuple[Metric, ...] = METRICS) -> Metric:
    """The metric of that id, or of a fact's id with dimension. Raises `NotFound` naming the nearest."""
    by_id = {metric.id: metric for metric in metrics}
    if fact_id in by_id:
        return by_id[fact_id]
    base = fact_id.split("[")[0]
    suffix = fact_id.rpartition("]")[2] if "[" in fact_id else ""
    if base + suffix in by_id:
        return by_id[base + suffix]
    raise NotFound(f'There is no metric "{fact_id}". {did_you_mean(fact_id, list(by_id))}')
