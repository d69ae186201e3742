"""Charts on a page, each with its text alternative."""

from __future__ import annotations

from markupsafe import Markup

from agent.web.addresses import Source
from tools.charts import Chart
from tools.charts.svg import svg


def drawn(chart: Chart, source: Source | None) -> Markup:
    """The chart under its title. What stands in it was escaped where it was drawn."""
    return Markup('<figure class="chart"><figcaption>{}</figcaption>{}</figure>').format(
        chart.title, Markup(svg(chart))
    )
