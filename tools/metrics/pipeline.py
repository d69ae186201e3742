"""Pipeline: what stands open, how healthy it is, what slipped, and how deals move through the stages."""

from __future__ import annotations

from tools.metrics.model import Metric, Rows, count, mean, money
from tools.metrics.needs import LOST_KNOWN, OPEN_KNOWN


def open_rows(name: str, moment: str, columns: str = "", joins: str = "", where: str = "true") -> Rows:
    """Deals open at the end of one of a period's days, as they then stood."""
    return Rows(
        name,
        f"""SELECT m.period, d.person, d.on_day, d.deal_id AS record_id,
                   d.* EXCLUDE (person, on_day){columns}
            FROM open_deals d JOIN moments m ON m.moment = '{moment}' AND m.on_day = d.on_day
            JOIN periods p ON p.period = m.period {joins}
            WHERE {where}""",
        table="deals",
        coverage="deals.created_on",
    )


ROWS = (
    open_rows(
        "deals_open",
        "end",
        ", d.due_on >= p.next_start AND d.due_on < p.next_end AS due_next, g.person IS NOT NULL AS next_quota_known",
        """LEFT JOIN goals g ON g.person = d.person AND g.period = p.period
                            AND g.metric = 'revenue_won' AND g.slot = 'next' AND g.covered""",
    ),
    open_rows(
        "deals_followed",
        "end",
        """, coalesce(t.planned, false) AS planned,
           coalesce(d.last_activity_on > d.on_day, false) OR
               d.on_day - greatest(t.last_on, d.created_on, d.last_activity_on) < rules.stalled_days AS moving""",
        """CROSS JOIN rules
           LEFT JOIN deal_touches t ON t.period = m.period AND t.deal = d.deal_id""",
    ),
    Rows(
        "deals_due",
        """SELECT d.period, d.person, d.ends_on AS on_day, d.deal_id AS record_id, d.slipped, d.owns, d.amount,
                  d.unvalued, d.unrated, d.slip_reason AS reason, d.stage FROM due_deals d""",
        table="deals",
        coverage="deals.expected_close_on",
    ),
    Rows(
        "deals_touched",
        "SELECT period, person, on_day, deal AS record_id, amount, unvalued, unrated FROM touched_deals",
        table="deals",
        coverage="activities.at",
    ),
    Rows(
        "deals_closed_late",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.won
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           JOIN late_deals l ON l.place = d.place
           WHERE d.owns AND d.new_business""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "stages_of_closed",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, v.stage, v.days
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           JOIN stage_visits v ON v.place = d.place
           WHERE d.owns""",
        table="deals",
        coverage="deals.closed_on",
    ),
)

_VALUE = money("deals_open")

METRICS = (
    Metric(
        id="pipeline_value",
        label="Open pipeline",
        definition="amount of deals open at the end of the period, as they then stood",
        unit="currency",
        better="higher",
        formula="value",
        measures={"value": _VALUE},
        team="mean",
        why="The open pipeline is what the next results can come from.",
        needs=("deals", OPEN_KNOWN),
        moment="end",
    ),
    Metric(
        id="pipeline_deals",
        label="Open deals",
        definition="deals open at the end of the period",
        unit="count",
        better="higher",
        formula="deals",
        measures={"deals": count("deals_open", "owns")},
        team="mean",
        why="How many open deals the next results depend on.",
        needs=("deals", OPEN_KNOWN),
        moment="end",
        remarks=(
            (
                "open deals without a day of creation, taken as there all along: {n}",
                count("deals_open", "owns AND created_on IS NULL"),
            ),
        ),
    ),
    Metric(
        id="pipeline_created",
        label="Pipeline created",
        definition="amount of opportunities created in the period, for whoever owned them first, as at its end",
        unit="currency",
        better="higher",
        formula="created",
        measures={"created": money("deals_made")},
        team="mean",
        why="Pipeline created now is the revenue of the periods to come.",
        needs=("deals",),
    ),
    Metric(
        id="pipeline_influenced",
        label="Pipeline influenced",
        definition="amount of opportunities that the person touched in the period, as it stood at its end",
        unit="currency",
        better="higher",
        formula="influenced",
        measures={"influenced": money("deals_touched")},
        team="mean",
        why="Influenced pipeline links outreach and meetings to revenue in play.",
        caveat="Several people may have touched the same opportunity: do not add it up.",
        needs=("deals", "activities"),
    ),
    Metric(
        id="stage_mix",
        label="Share of open pipeline",
        definition="share of the open pipeline's amount by stage at the end of the period",
        unit="ratio",
        better=None,
        formula="value / nullif(sum(value) OVER (PARTITION BY subject, period), 0)",
        measures={"value": _VALUE},
        by=("stage",),
        split_of="stage_mix",
        why="A pipeline that sits in early stages will not close soon.",
        needs=("deals.stage", OPEN_KNOWN),
        absent="no open deal has a stage and an amount",
        moment="end",
    ),
    Metric(
        id="stalled_deals",
        label="Stalled deals",
        definition="open deals without a stage change or an activity for {stalled_days} days at the end of the period",
        unit="count",
        better="lower",
        formula="stalled",
        measures={"stalled": count("deals_followed", "owns AND NOT moving")},
        team="mean",
        why="Deals that do not move rarely close on their date, and hide a gap in the forecast.",
        needs=("deals", "deal_changes|activities|deals.last_activity_on", OPEN_KNOWN),
        moment="end",
    ),
    Metric(
        id="deals_without_next_step",
        label="Late-stage deals without next step",
        definition="open late-stage deals with no next step and no planned activity at the end of the period",
        unit="count",
        better="lower",
        formula="bare",
        measures={
            "bare": count(
                "deals_followed",
                "owns AND late AND next_step IS NULL AND NOT planned AND coalesce(next_step_on <= on_day, true)",
            ),
        },
        team="mean",
        why="A late deal without a next step is a commit that nobody is closing.",
        needs=("stages", "deals.next_step|activities", OPEN_KNOWN),
        moment="end",
    ),
    Metric(
        id="slipped_deals",
        label="Slipped deals",
        definition="deals due in the period (by the close date at its start or first set in it), not closed by its end",
        unit="count",
        better="lower",
        formula="slipped",
        measures={"slipped": count("deals_due", "owns AND slipped")},
        team="mean",
        why="What slips is missing from this period's result and crowds the next one.",
        needs=("deals.expected_close_on",),
    ),
    Metric(
        id="slipped_deals.value",
        label="Value of slipped deals",
        definition="amount of the slipped deals, as it stood at the end of the period",
        unit="currency",
        better="lower",
        formula="slipped",
        measures={"slipped": money("deals_due", "slipped")},
        team="mean",
        why="What slips is missing from this period's result and crowds the next one.",
        needs=("deals.expected_close_on",),
    ),
    Metric(
        id="slip_reasons",
        label="Slipped deals",
        definition="slipped deals by reason, and by the stage that they stood in",
        unit="count",
        better=None,
        formula="slipped",
        measures={"slipped": count("deals_due", "owns AND slipped")},
        team="mean",
        by=("reason", "stage"),
        split_of="slip_reasons",
        why="The most frequent reason is the first to work on.",
        needs=("deals.expected_close_on",),
        absent="no deal slipped, or none that did has a reason or a stage",
    ),
    Metric(
        id="push_rate",
        label="Push rate",
        definition="slipped deals / all deals due in the period",
        unit="ratio",
        better="lower",
        formula="slipped / due",
        measures={"slipped": count("deals_due", "owns AND slipped"), "due": count("deals_due", "owns")},
        why="A high push rate means that close dates are wishes.",
        needs=("deals.expected_close_on", "deal_changes"),
        absent="no deal was due in the period",
    ),
    Metric(
        id="late_stage_conversion",
        label="Late-stage conversion",
        definition="won / closed, of new-business deals closed in the period that had entered a late stage",
        unit="ratio",
        better="higher",
        formula="won / closed",
        measures={"won": count("deals_closed_late", "won"), "closed": count("deals_closed_late")},
        why="Losing late costs the most selling time.",
        needs=("deals", LOST_KNOWN, "stages", "deal_changes"),
        absent="no deal closed in the period had entered a late stage",
    ),
    Metric(
        id="time_in_stage",
        label="Time in stage",
        definition="mean days in each stage, deals closed in the period",
        unit="days",
        better="lower",
        formula="days",
        measures={"days": mean("stages_of_closed", "days")},
        by=("stage",),
        split_of="time_in_stage",
        why="The stage that takes longest is where deals wait.",
        needs=("deals", "deal_changes"),
        absent="no deal closed in the period has a history of stages",
    ),
)
