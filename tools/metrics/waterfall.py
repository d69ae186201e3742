"""How the pipeline moved: from where it stood as the period began to where it stood at its end, step by step."""

from __future__ import annotations

from tools.metrics.model import Metric, Rows, count, money
from tools.metrics.needs import OPEN_KNOWN

# In the order in which a waterfall is read; what goes out is negative, and all but the last add up to the last.
STEPS = (
    "start", "created", "pulled_in", "increased", "reopened", "transferred_in", "decreased", "pushed_out",
    "transferred_out", "lost", "won", "currency", "end",
)  # fmt: skip

ROWS = (
    Rows(
        "pipeline_steps",
        """SELECT subject, period, deal_id AS record_id, pool, step, amount, unvalued, unrated FROM subject_moves""",
        table="deals",
        coverage="deals.created_on",
        per_subject=True,
        bounded=True,
    ),
    Rows(
        "deal_fields_changed",
        """SELECT c.period, c.person, c.on_day, c.deal AS record_id, c.field, c.old, c.new, c.at, c.by
           FROM changes_made c""",
        table="deals",
        coverage="deal_changes.at",
    ),
)

_IN = "pool = 'all' AND step IN ('created', 'reopened', 'transferred_in', 'increased')"
_OUT = "pool = 'all' AND step IN ('won', 'lost', 'transferred_out', 'decreased')"

METRICS = (
    Metric(
        id="pipeline_inflow",
        label="Pipeline inflow",
        definition="amount that entered the open pipeline in the period: created, reopened, taken over, raised",
        unit="currency",
        better=None,
        formula="inflow",
        measures={"inflow": money("pipeline_steps", _IN)},
        team="mean",
        why="What flows in now is what later periods can win.",
        caveat="Of a shared deal everybody has their share, by today's shares.",
        needs=("deals.created_on", OPEN_KNOWN),
        moment="end",
    ),
    Metric(
        id="pipeline_outflow",
        label="Pipeline outflow",
        definition="amount that left the open pipeline in the period: won, lost, handed over, lowered",
        unit="currency",
        better=None,
        formula="-outflow",
        measures={"outflow": money("pipeline_steps", _OUT)},
        team="mean",
        why="A pipeline that empties faster than it fills runs dry.",
        caveat="Of a shared deal everybody has their share, by today's shares.",
        needs=("deals.created_on", OPEN_KNOWN),
        moment="end",
    ),
    Metric(
        id="pipeline_waterfall",
        label="Pipeline due in the period",
        definition="open amount due in the period: start + created + pulled in + increased + reopened + transferred in "
        "- decreased - pushed out (overdue and still open included) - transferred out - lost - won +- currency = end",
        unit="currency",
        better=None,
        formula="amount",
        measures={"amount": money("pipeline_steps", "pool = 'due'")},
        team="mean",
        by=("step",),
        split_of="pipeline_waterfall",
        values=STEPS,
        why="Shows where the pipeline that was to carry the period went.",
        caveat="A deal that moved twice in the period shows its first and last state; a shared one counts by shares.",
        needs=("deals.expected_close_on",),
        absent="no deal was due in the period",
        moment="end",
    ),
    Metric(
        id="deal_changes",
        label="Changes to deals",
        definition="changes of stage, amount or close date made in the period, for the deal's owner at that moment",
        unit="count",
        better=None,
        formula="changes",
        measures={"changes": count("deal_fields_changed")},
        team="mean",
        by=("field",),
        why="Close dates and amounts that keep moving say that the forecast rests on guesses.",
        needs=("deal_changes",),
    ),
)
