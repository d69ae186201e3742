"""`salesbrief metrics`: every metric there is, with what it means, needs and is for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.options import AsJson

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.organisation import Settings

_BETTER = {"higher": "higher is better", "lower": "lower is better", None: "neither way is better"}


def metrics(
    metric: Annotated[str | None, typer.Argument(help="One metric's id, to read all about it: win_rate.")] = None,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="WORKSPACE", help="Also list this workspace's own metrics.")
    ] = None,
    json: AsJson = False,
) -> None:
    """List every metric: definition, unit, which way is better, the tables it needs, and where it comes from."""
    from agent.cli.output import columns, print_json
    from tools.errors import NotFound, did_you_mean
    from tools.metrics.catalogue import catalogue

    listed = catalogue(_settings(data))
    if metric is not None:
        ids = [each["id"] for each in listed]
        listed = [each for each in listed if metric in (each["id"], each["id"].split(".")[0].split("[")[0])]
        if not listed:
            raise NotFound(f'There is no metric "{metric}". {did_you_mean(metric, ids)}')
    if json:
        print_json(listed)
    elif metric is not None:
        print("\n\n".join(_in_full(each) for each in listed))
    else:
        rows = [
            (each["id"], each["unit"], each["better"] or "–", _needs(each["needs"]), each["origin"], each["definition"])
            for each in listed
        ]
        print(columns(("id", "unit", "better", "needs", "origin", "definition"), rows))
        print(f"\n{len(listed)} metrics. `salesbrief metrics ID` says why one matters and how not to read it.")


def _settings(data: Path | None) -> Settings | None:
    from tools.workspace import Workspace

    return None if data is None else Workspace.open(data).settings


def _in_full(metric: dict[str, Any]) -> str:
    lines = [
        f"{metric['label']} ({metric['id']}): {metric['unit']}, {_BETTER[metric['better']]}",
        f"  means    {metric['definition']}",
        f"  why      {metric['why']}",
        *([f"  caveat   {metric['caveat']}"] if metric["caveat"] else []),
        f"  needs    {_needs(metric['needs'])}",
        *([f"  split by {', '.join(metric['by'])}"] if metric["by"] else []),
        f"  origin   {metric['origin']}",
    ]
    return "\n".join(lines)


def _needs(needs: Sequence[str]) -> str:
    return ", ".join(need.replace("|", " or ") for need in needs)
