"""How a question is given back: "why forecast accuracy is what it is, Q1 2026"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agent.chat.router.vocabulary import Vocabulary
from agent.naming import period_name

_AGAINST = {
    "team": "comparable colleagues",
    "target": "the target",
    "prior": "the period before",
    "year_ago": "a year earlier",
}
_LONGEST = 80


def said_back(says: str, arguments: Mapping[str, Any], vocabulary: Vocabulary) -> str:
    """The intent's sentence with its arguments. What people typed stays as they typed it."""
    metric = arguments.get("metric")
    label = vocabulary.metrics.get(metric, str(metric).replace("_", " ")) if metric is not None else None
    if metric is not None and metric.startswith("loss_reasons[reason="):
        label = f"deals lost over “{metric.partition('=')[2].rstrip(']')}”"
    report = arguments.get("name")
    where = ", ".join(value for _, value in arguments.get("where", ()))
    split = arguments.get("by") or arguments.get("every")
    words = {
        "metric": _small(label or "the figure"),
        "metric_or_results": _small(label or "the key results"),
        "who": f" of {arguments['who']}" if arguments.get("who") else "",
        "period": f", {shown_period(arguments['period'])}" if arguments.get("period") else "",
        "stage": f" in {arguments['stage']}" if arguments.get("stage") else "",
        "by": f" by {split}" if split and split != "total" else "",
        "where": f", {where} only" if where else "",
        "report": _small(vocabulary.reports.get(report, str(report).replace("_", " "))),
        "against": _AGAINST.get(arguments.get("against", ""), "comparable colleagues"),
        "wish": arguments.get("wish", ""),
        "text": str(arguments.get("text", ""))[:_LONGEST],
        "called": arguments.get("called", ""),
        "which": arguments.get("which", ""),
    }
    return says.format(**words)


def shown_period(label: str) -> str:
    """A period's label for people."""
    try:
        return period_name(label)
    except (ValueError, KeyError):
        return label


def _small(label: str) -> str:
    """A label inside a sentence; CRM and MRR stay as they are."""
    return label if re.match(r"[A-Z]{2}", label) else label[:1].lower() + label[1:]
