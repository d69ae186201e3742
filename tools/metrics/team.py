"""Team: what a manager's people reached together, and where coverage is thin."""

from __future__ import annotations

from tools.metrics.model import Metric, Rows, count, money, total

ROWS = (
    Rows(
        "deals_won_before",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.amount, d.unvalued, d.unrated
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.prior_start AND d.closed_on < p.prior_end
           WHERE d.won""",
        table="deals",
        coverage="deals.closed_on",
        looks_back=True,
    ),
    Rows(
        "reps_to_go",
        """SELECT c.period, c.person, c.on_day, c.person AS record_id,
                  c.to_go > 0 AND c.open_amount < rules.coverage_floor * c.to_go AS below
           FROM coverage_of_people c, rules""",
        table="people",
        coverage="deals.created_on",
    ),
)

METRICS = (
    Metric(
        id="team_attainment",
        label="Team attainment",
        definition="revenue won by the team / its own target if recorded, else the sum of quotas",
        unit="ratio",
        better="higher",
        formula="revenue / nullif(quota, 0)",
        measures={"revenue": money("deals_closed", "won"), "quota": total("quotas", "value", "slot = 'own'")},
        why="The team's attainment is the manager's own result.",
        needs=("deals", "targets"),
        absent="no quota is on record for the team or its people for the whole period; add one to targets",
        records=("revenue",),
        subjects=("team",),
        own_target=1.0,
    ),
    Metric(
        id="revenue_growth",
        label="Revenue growth",
        definition="revenue won / revenue won in the prior period - 1",
        unit="ratio",
        better="higher",
        formula="revenue / nullif(before, 0) - 1",
        measures={"revenue": money("deals_closed", "won"), "before": money("deals_won_before")},
        why="Growth shows whether the period built on the one before.",
        needs=("deals",),
        absent="nothing was won in the prior period, or the records do not cover it",
        records=("revenue",),
    ),
    Metric(
        id="reps_below_coverage",
        label="Reps below coverage",
        definition="reps whose open pipeline was under {coverage_floor}x what was left of their quota, "
        "on the first day of the period's last month",
        unit="count",
        better="lower",
        formula="CASE WHEN assessed > 0 THEN below END",
        measures={"below": count("reps_to_go", "below"), "assessed": count("reps_to_go")},
        team="mean",
        why="Uneven coverage forces late rebalancing and rests the team's number on fewer people.",
        needs=("deals.expected_close_on", "targets"),
        absent="nobody in the team has a quota on record for the whole period",
        records=("below",),
        subjects=("team",),
        moment="to_go",
    ),
)
