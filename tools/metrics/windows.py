"""The periods that quotas are on record for, where there is none for the period asked for."""

from __future__ import annotations

from datetime import timedelta

from tools.metrics.engine import Engine
from tools.metrics.model import Metric
from tools.metrics.plan import Cell
from tools.metrics.subjects import Subject
from tools.periods import in_words

# So many periods are named; of more, how many there are and how far they reach.
_MOST_NAMED = 2
_DAY = timedelta(days=1)

_WINDOWS = """
SELECT DISTINCT t.start_on, t.end_on FROM targets t
WHERE trim(t.metric) IN ('quota', 'revenue_won') AND t.end_on >= t.start_on
  AND (t.team = $1 OR t.person IN (SELECT person FROM scope WHERE subject = $2))
ORDER BY ALL
"""


def quotas_elsewhere(engine: Engine, subject: Subject, metric: Metric, cell: Cell) -> str | None:
    """What quotas there are and how to ask for them, where a metric lacks one for its period; None if that is not it.

    "no quota is on record for the whole period; those on record run 30 May 2013 – 29 August 2013 and …: ask for such
    a period, as 2013-05-30..2013-08-29".
    """
    if "quota" not in metric.measures or cell.numbers.get("quota") not in (None, 0):
        return None
    if "targets" not in engine.database.present:
        return None
    found = engine.database.rows(_WINDOWS, [subject.team or "", subject.key])
    ahead = "slot = 'next'" in (metric.measures["quota"].where or "")
    asked = engine.period.next() if ahead else engine.period
    if not found or (asked.start, asked.full_end - _DAY) in [(start, end) for start, end in found]:
        return None
    # Those that share most days with it; of those that share none, the least far away.
    shared = {each: (min(each[1], asked.full_end - _DAY) - max(each[0], asked.start)).days + 1 for each in found}
    named = sorted(sorted(found, key=lambda each: -shared[each])[:_MOST_NAMED])
    told = " and ".join(f"{in_words(start)} – {in_words(end)}" for start, end in named)
    if len(found) > len(named):
        told += f" ({len(found)} in all, from {in_words(found[0][0])} to {in_words(max(end for _, end in found))})"
    start, end = named[0]
    how = "" if ahead else f": ask for such a period, as {start}..{end}"
    return f"no quota is on record for the whole {'next ' if ahead else ''}period; those on record run {told}{how}"
