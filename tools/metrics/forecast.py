"""Forecast: whether enough is open for what was agreed, what was promised, and how well it was foreseen."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, money, total
from tools.metrics.pipeline import open_rows

ROWS = (
    open_rows("deals_open_to_go", "to_go", where="d.new_business AND d.due_on < p.full_end"),
    Rows(
        "deals_won_so_far",
        """SELECT m.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.amount, d.unvalued, d.unrated
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on
           JOIN moments m ON m.period = p.period AND m.moment = 'to_go' AND d.closed_on <= m.on_day
           WHERE d.won""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "forecasts_made",
        """SELECT f.subject, f.period, f.record_id, f.category, f.amount, f.unvalued, f.unrated
           FROM subject_forecasts f WHERE f.metric = 'revenue_won'""",
        table="forecasts",
        coverage="forecasts.submitted_on",
        per_subject=True,
    ),
    Rows(
        "deals_won_as_forecast",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.amount, d.unvalued, d.unrated,
                  f.person IS NOT NULL AS forecast_known
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           LEFT JOIN person_forecasts f ON f.person = d.person AND f.period = p.period AND f.category = 'commit'
                                     AND f.metric = 'revenue_won'
           WHERE d.won""",
        table="deals",
        coverage="deals.closed_on",
    ),
)

# Comparable people without a quota would lift the group's coverage.
_DUE_NEXT = money("deals_open", "due_next AND new_business AND (next_quota_known OR NOT is_peers)")
_NEXT_QUOTA = total("quotas", "value", "slot = 'next'")
_COMMIT = money("forecasts_made", "category = 'commit'")
_ACTUAL = money("deals_won_as_forecast", "forecast_known OR NOT is_peers")
_WEIGHTED = "CAST(amount * CAST(probability AS DECIMAL(20, 8)) AS DECIMAL(18, 4))"
_NO_COMMIT = "no commit was submitted for the period by its forecast day, or nothing was won"

METRICS = (
    Metric(
        id="pipeline_coverage",
        label="Pipeline coverage",
        definition="open new business due in the next period / quota of the next period",
        unit="multiple",
        better="higher",
        formula="due / nullif(quota, 0)",
        measures={"due": _DUE_NEXT, "quota": _NEXT_QUOTA},
        why="Coverage says whether the next period starts with enough to reach its target.",
        needs=("deals.expected_close_on", "targets"),
        absent="no quota is on record for the whole next period; add one to targets",
        records=("due",),
        moment="end",
    ),
    Metric(
        id="coverage_to_go",
        label="Coverage to go",
        definition="open new business due in the period / (quota - won so far), on the first day of its last month",
        unit="multiple",
        better="higher",
        formula="CASE WHEN quota > won THEN due / (quota - won) END",
        measures={
            "due": money("deals_open_to_go"),
            "won": money("deals_won_so_far"),
            "quota": total("quotas", "value", "slot = 'own'"),
        },
        team=None,
        why="Too little left to close in the last month leaves the quota to luck.",
        needs=("deals.expected_close_on", "targets"),
        absent="no quota is on record for the whole period, or it was already met by then",
        records=("due",),
        moment="to_go",
    ),
    Metric(
        id="weighted_forecast",
        label="Weighted forecast",
        definition="open amount due in the next period x win probability of the stage, else of the deal",
        unit="currency",
        better="higher",
        formula="CASE WHEN due = 0 OR rated > 0 THEN weighted END",
        measures={
            "weighted": Measure("deals_open", f"sum({_WEIGHTED})", "due_next", 0, money=True),
            "rated": count("deals_open", "due_next AND probability IS NOT NULL"),
            "due": count("deals_open", "due_next"),
        },
        team="mean",
        why="The weighted forecast is what the open pipeline is worth at its usual odds.",
        needs=("deals.expected_close_on", "deals.probability|stages.probability"),
        absent="no deal due in the next period has a win probability",
        records=("due",),
        moment="end",
        remarks=(
            (
                "deals due without a win probability, left out: {n}",
                count("deals_open", "due_next AND probability IS NULL"),
            ),
        ),
    ),
    Metric(
        id="forecast_categories",
        label="Open pipeline due next",
        definition="open amount due in the next period by forecast category",
        unit="currency",
        better=None,
        formula="value",
        measures={"value": money("deals_open", "due_next")},
        team="mean",
        by=("category",),
        split_of="forecast_categories",
        why="Commit is what was promised, best case what may come on top.",
        needs=("deals.expected_close_on", "deals.forecast_category|stages.category"),
        absent="no deal due in the next period has a forecast category",
        moment="end",
    ),
    Metric(
        id="forecast_commit",
        label="Commit forecast",
        definition="revenue committed for the period as last submitted by its forecast day",
        unit="currency",
        better=None,
        formula="nullif(committed, 0)",
        measures={"committed": _COMMIT},
        team=None,
        why="The commit is what others plan with.",
        needs=("forecasts",),
        absent="no commit was submitted for the period by its forecast day",
        moment="forecast",
    ),
    Metric(
        id="forecast_best_case",
        label="Best-case forecast",
        definition="best case for the period as last submitted by its forecast day",
        unit="currency",
        better=None,
        formula="nullif(best, 0)",
        measures={"best": money("forecasts_made", "category = 'best_case'")},
        team=None,
        why="The gap to commit shows how much is uncertain.",
        needs=("forecasts",),
        absent="no best case was submitted for the period by its forecast day",
        moment="forecast",
    ),
    Metric(
        id="forecast_accuracy",
        label="Forecast accuracy",
        definition="1 - abs(revenue won - commit) / revenue won, floor 0; the commit as of the forecast day",
        unit="ratio",
        better="higher",
        formula="CASE WHEN committed > 0 AND actual > 0 THEN greatest(0, 1 - abs(actual - committed) / actual) END",
        measures={"committed": _COMMIT, "actual": _ACTUAL},
        why="Hiring, spending and promises to customers rest on the forecast.",
        caveat="One period says little: look at several.",
        needs=("deals", "forecasts"),
        absent=_NO_COMMIT,
        records=("actual",),
        moment="forecast",
        only_finished=True,
    ),
    Metric(
        id="forecast_bias",
        label="Forecast bias",
        definition="(commit - revenue won) / revenue won; above 0: more was promised than won",
        unit="ratio",
        better=None,
        formula="CASE WHEN committed > 0 AND actual > 0 THEN (committed - actual) / actual END",
        measures={"committed": _COMMIT, "actual": _ACTUAL},
        why="A steady bias can be corrected for; a changing one cannot.",
        caveat="One period says little: look at several.",
        needs=("deals", "forecasts"),
        absent=_NO_COMMIT,
        records=("actual",),
        moment="forecast",
        only_finished=True,
    ),
)
