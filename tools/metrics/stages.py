"""Stages: how deals pass through them, how long they stay, and how the open pipeline stands in them."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, money
from tools.metrics.needs import OPEN_KNOWN

# Amounts by order of magnitude, in any currency.
_SIZE = """CASE WHEN d.amount IS NULL THEN 'no amount' WHEN d.amount < 1000 THEN 'under 1,000'
                  ELSE format('{:,} to {:,}', CAST(power(10, floor(log10(d.amount))) AS BIGINT),
                              CAST(power(10, floor(log10(d.amount)) + 1) AS BIGINT) - 1) END"""

ROWS = (
    Rows(
        "stages_passed",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, s.stage, s.position, s.entered,
                  s.passed
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           JOIN stage_passages s ON s.place = d.place
           WHERE d.owns""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "deals_in_stage",
        """SELECT o.period, o.person, o.on_day, o.deal_id AS record_id, o.stage, o.days, o.usual_days
           FROM open_since o
           WHERE o.owns""",
        table="deals",
        coverage="deals.created_on",
    ),
    Rows(
        "deals_due_next",
        """SELECT m.period, d.person, d.on_day, d.deal_id AS record_id, d.stage, d.category, d.amount, d.unvalued,
                  d.unrated, s.odds
           FROM open_deals d JOIN moments m ON m.moment = 'end' AND m.on_day = d.on_day
           JOIN periods p ON p.period = m.period
           JOIN relevant_deals r ON r.place = d.place
           LEFT JOIN stage_odds s ON s.period = m.period AND s.stage = d.stage
                                 AND s.pipeline IS NOT DISTINCT FROM r.pipeline
           WHERE d.due_on >= p.next_start AND d.due_on < p.next_end""",
        table="deals",
        coverage="deals.created_on",
    ),
    Rows(
        "deals_standing",
        f"""SELECT m.period, d.person, d.on_day, d.deal_id AS record_id, d.stage, d.category, {_SIZE} AS size, d.owns,
                   d.created_on,
                   d.amount, d.unvalued, d.unrated
            FROM open_deals d JOIN moments m ON m.moment = 'end' AND m.on_day = d.on_day""",
        table="deals",
        coverage="deals.created_on",
    ),
)

# What a report of open deals says beside them.
UNDATED = (
    "open deals without a day of creation, taken as there all along: {n}",
    count("deals_standing", "owns AND created_on IS NULL"),
)

_NO_HISTORY = "no deal closed in the period has a history of stages that have an order"
_NEEDS = ("deal_changes", "stages.position")
_WHY = "The stage where most deals are lost is the first to work on."


def _passing(suffix: str, label: str, definition: str, measure: Measure) -> Metric:
    """How many of the closed deals did something at each stage."""
    return Metric(
        id=f"stage_conversion.{suffix}",
        label=label,
        definition=f"deals closed in the period that {definition}",
        unit="count",
        better=None,
        formula="deals",
        measures={"deals": measure},
        team="mean",
        by=("stage",),
        split_of=f"stage_conversion.{suffix}",
        why=_WHY,
        needs=_NEEDS,
        absent=_NO_HISTORY,
    )


METRICS = (
    Metric(
        id="stage_conversion",
        label="Stage conversion",
        definition="deals that moved on / deals that entered the stage, of those closed in the period",
        unit="ratio",
        better="higher",
        formula="moved_on / nullif(entered, 0)",
        measures={
            "moved_on": count("stages_passed", "entered AND passed"),
            "entered": count("stages_passed", "entered"),
        },
        by=("stage",),
        split_of="stage_conversion",
        why=_WHY,
        caveat="A deal that went back and forth counts by the furthest stage that it reached.",
        needs=_NEEDS,
        absent=_NO_HISTORY,
        records=("entered",),
    ),
    Metric(
        id="stage_conversion.cumulative",
        label="Cumulative conversion",
        definition="deals that got beyond the stage, skipped or not / all deals closed in the period",
        unit="ratio",
        better="higher",
        formula="passed / nullif(deals, 0)",
        measures={"passed": count("stages_passed", "passed"), "deals": count("stages_passed")},
        by=("stage",),
        split_of="stage_conversion.cumulative",
        why=_WHY,
        needs=_NEEDS,
        absent=_NO_HISTORY,
    ),
    _passing("entered", "Entered", "were ever in the stage", count("stages_passed", "entered")),
    _passing("moved_on", "Moved on", "were in the stage and got beyond it",
             count("stages_passed", "entered AND passed")),
    _passing("skipped", "Skipped", "got beyond the stage without being in it",
             count("stages_passed", "NOT entered AND passed")),
    _passing("lost", "Lost", "were lost with this as their furthest stage",
             count("stages_passed", "entered AND NOT passed")),
    Metric(
        id="overdue_in_stage",
        label="Deals overdue in their stage",
        definition="open deals longer in their stage than twice the median of all deals that left it, whatever the "
        "activity, at the end of the period",
        unit="count",
        better="lower",
        formula="CASE WHEN comparable > 0 OR deals = 0 THEN overdue END",
        measures={
            "overdue": count("deals_in_stage", "days > 2 * usual_days"),
            "comparable": count("deals_in_stage", "usual_days IS NOT NULL"),
            "deals": count("deals_in_stage"),
        },
        team="mean",
        why="Deals that stay far longer than others usually end lost, or slip.",
        needs=("deals.created_on", "deal_changes"),
        absent="no deal has yet left the stages that the open deals are in",
        records=("overdue",),
        moment="end",
        remarks=(
            ("open deals in stages that no deal has left yet, not judged: {n}",
             count("deals_in_stage", "usual_days IS NULL")),
        ),
    ),
    Metric(
        id="weighted_forecast.history",
        label="Weighted forecast, by past conversion",
        definition="open amount due in the next period x the share won of the organisation's deals that had been in "
        "the stage and were closed in the year before",
        unit="currency",
        better="higher",
        formula="CASE WHEN due = 0 OR rated > 0 THEN weighted END",
        measures={
            "weighted": Measure("deals_due_next", "sum(CAST(amount AS DECIMAL(24, 4)) * odds)", None, 0, money=True),
            "rated": count("deals_due_next", "odds IS NOT NULL"),
            "due": count("deals_due_next"),
        },
        team="mean",
        why="What stages have been worth so far is a soberer odds than what was set for them.",
        caveat="Odds of the past hold as long as stages mean what they meant.",
        needs=("deals.expected_close_on", "deal_changes"),
        absent="no deal closed in the year before had been in the stages of the deals due in the next period",
        records=("due",),
        moment="end",
        remarks=(
            ("deals due in stages without closed deals, left out: {n}", count("deals_due_next", "odds IS NULL")),
        ),
    ),
    Metric(
        id="pipeline_snapshot",
        label="Open pipeline",
        definition="amount of deals open at the end of the period, as they then stood, by stage, forecast category "
        "and size",
        unit="currency",
        better=None,
        formula="value",
        measures={"value": money("deals_standing")},
        team="mean",
        by=("stage", "category", "size"),
        split_of="pipeline_snapshot",
        why="What stood in the pipeline on a day is what the forecast of that day rested on.",
        needs=("deals", OPEN_KNOWN),
        absent="no deal open at the end of the period has an amount",
        moment="end",
    ),
)  # fmt: skip
