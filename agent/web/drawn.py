"""Charts on a page: inline SVG with its text alternative inside."""

from __future__ import annotations

from markupsafe import Markup

from agent.web.addresses import Source
from tools.charts import Chart
from tools.charts.svg import svg


def drawn(chart: Chart, source: Source | None, width: int = 480) -> Markup:
    """The chart with its title. The drawing escapes every word that it places."""
    picture = Markup(svg(chart, width))
    return Markup('<figure class="chart"><figcaption>{}</figcaption>{}</figure>').format(chart.title, picture)
