"""Charts on a page, each with its text alternative."""

from __future__ import annotations

from markupsafe import Markup

from agent.web.addresses import Source
from tools.charts import Chart


def drawn(chart: Chart, source: Source | None) -> Markup:
    """The chart as a small table of its marks, until it is drawn."""
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th><td class="right">{}</td></tr>').format(mark.label, mark.text)
        for mark in (*chart.marks, *([chart.target] if chart.target is not None else []))
    )
    return Markup('<figure class="chart"><figcaption>{}</figcaption><table>{}</table></figure>').format(
        chart.title, rows
    )
