"""Charts on a page: inline SVG with its text alternative inside."""

from __future__ import annotations

from markupsafe import Markup

from agent.web.addresses import Source
from tools.charts import Chart
from tools.charts.svg import svg

# Narrow enough that its words can still be read on a phone, where it shrinks to fit.
_WIDTH = 400


def drawn(chart: Chart, source: Source | None, width: int = _WIDTH) -> Markup:
    """The chart with its title. The drawing escapes every word that it places."""
    picture = Markup(svg(chart, width))
    return Markup('<figure class="chart"><figcaption>{}</figcaption>{}</figure>').format(chart.title, picture)
