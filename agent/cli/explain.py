"""`salesbrief explain`: a number opened to its formula and the records behind it."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsJson, AsOf, Data, PeriodText, Who, as_of_day


def explain(
    metric: Annotated[str, typer.Argument(help="The metric's id, as `salesbrief facts` lists it: win_rate.")],
    data: Data,
    who: Who,
    period: PeriodText,
    as_of: AsOf = None,
    json: AsJson = False,
) -> None:
    """Open a number: its formula in words, the numbers in it, and the records behind it."""
    from agent.cli.output import print_json
    from prompts.loader import PromptSet
    from tools.metrics.build import explain as explain_metric
    from tools.workspace import Workspace

    opened = explain_metric(
        Workspace.open(data), who, period, metric, as_of=as_of_day(as_of), kpis=PromptSet.load().kpis()
    )
    if json:
        print_json(opened.to_dict())
    else:
        print(opened.render())
