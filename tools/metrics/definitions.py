"""What a metric's definition was in a period: the shipped text, or what workspace.toml says held since a day."""

from __future__ import annotations

from tools.metrics.model import Metric
from tools.organisation import Settings
from tools.periods import Period

_START_EVENTS = {"created_on": "creation", "first_contact_on": "first contact"}


def definition_in(metric: Metric, period: Period, settings: Settings) -> str:
    """The definition that held in the period; where it changed within, both with the day."""
    changes = sorted(
        (change.since, change.text)
        for change in settings.definitions
        if change.metric in (metric.id, metric.fact_id) and change.since < period.end
    )
    text = shipped_definition(metric, settings)
    for since, changed in changes:
        text = changed if since <= period.start else f"until {since.isoformat()}: {text}; since then: {changed}"
    return text


def shipped_definition(metric: Metric, settings: Settings) -> str:
    """The definition as shipped, with the organisation's parameters in it."""
    rules = settings.rules.model_dump()
    values = {name: f"{value:g}" if isinstance(value, int | float) else str(value) for name, value in rules.items()}
    values["cycle_start"] = _START_EVENTS[rules["cycle_start"]]
    return metric.definition.format(**values)
