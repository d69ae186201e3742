"""What a metric's definition was in a period: the shipped text, or what workspace.toml says held since a day.

A stage that was renamed is the same stage throughout; figures of it say what it was called before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tools.metrics.model import Metric
from tools.organisation import DefinitionChange, RenamedStage, Settings
from tools.periods import Period

_START_EVENTS = {"created_on": "creation", "first_contact_on": "first contact"}
# What stands between a definition and what its stage was called.
_RENAMED = "; the stage was "


@dataclass(frozen=True)
class Redefinition:
    """From `since` on a metric counts as `after` says; until then as `before`."""

    since: date
    before: str
    after: str


def definition_in(metric: Metric, period: Period, settings: Settings, stage: str | None = None) -> str:
    """The definition that held in the period; where it changed within, both with the day.

    `stage`: the name of the stage that the figure is about, if it is about one.
    """
    text = shipped_definition(metric, settings)
    for change in _changes(metric, settings):
        if change.since < period.end:
            since = change.since.isoformat()
            text = change.text if change.since <= period.start else f"until {since}: {text}; since then: {change.text}"
    for rename in renames_of(stage, settings):
        if rename.since >= period.end:
            text += f"{_RENAMED}then called {rename.stage}"
        elif rename.since > period.start:
            text += f"{_RENAMED}called {rename.stage} until {rename.since.isoformat()}"
    return text


def redefinitions(metric: Metric, periods: Sequence[Period], settings: Settings) -> list[Redefinition]:
    """The changes of a metric's definition that lie between the first and the last day of some periods."""
    first, last = min(each.start for each in periods), max(each.end for each in periods)
    text, found = shipped_definition(metric, settings), []
    for change in _changes(metric, settings):
        if first < change.since < last:
            found.append(Redefinition(change.since, text, change.text))
        text = change.text
    return found


def renames_of(stage: str | None, settings: Settings) -> list[RenamedStage]:
    """The names that a stage had before, the latest first."""
    found, name, before = [], stage, date.max
    for rename in sorted(settings.renamed_stages, key=lambda each: each.since, reverse=True):
        if rename.now == name and rename.since < before:
            found.append(rename)
            name, before = rename.stage, rename.since
    return found


def apart_from_names(definition: str) -> str:
    """The definition without what its stage was called before."""
    return definition.split(_RENAMED)[0]


def _changes(metric: Metric, settings: Settings) -> list[DefinitionChange]:
    """The changes of a metric's definition, the earliest first."""
    ids = {metric.id, metric.fact_id, metric.stands_for}
    return sorted((each for each in settings.definitions if each.metric in ids), key=lambda each: each.since)


def shipped_definition(metric: Metric, settings: Settings) -> str:
    """The definition as shipped, with the organisation's parameters in it."""
    rules = settings.rules.model_dump()
    values = {name: f"{value:g}" if isinstance(value, int | float) else str(value) for name, value in rules.items()}
    values["cycle_start"] = _START_EVENTS[rules["cycle_start"]]
    return metric.definition.format(**values)
