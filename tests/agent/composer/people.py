# ruff: noqa: E501  (a note is one line, as in the files that people keep)
"""The five reference people as fact sheets made by hand: the figures of the specification, notes like a manager's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from tools.facts import Evidence, Fact, FactSheet, Scope

WHY = {
    "win_rate": "A higher win rate turns the same pipeline into more revenue.",
    "forecast_accuracy": "Hiring, spending and stock are planned on the commit.",
    "sales_cycle_days": "A longer cycle ties up selling time and moves revenue into later periods.",
    "slipped_deals": "A deal that slips takes its revenue out of the period and often slips again.",
    "meeting_to_opportunity": "Meetings that lead nowhere cost the account executives their selling time.",
    "accounts_at_risk": "Revenue that is lost at renewal has to be won twice.",
    "reps_below_coverage": "A rep with too little pipeline left cannot reach the target, whatever the last month brings.",
    "renewal_forecast_accuracy": "Next year's plan starts from the renewals that are forecast.",
    "revenue_won": "It is what everything else is there for.",
}
LABELS = {
    "quota_attainment": "Quota attainment",
    "team_attainment": "Team attainment",
    "revenue_won": "Revenue won",
    "deals_won": "Deals won",
    "win_rate": "Win rate",
    "average_deal_size": "Average deal size",
    "sales_cycle_days": "Sales cycle",
    "sales_cycle_days[segment=smb]": "Sales cycle (SMB)",
    "forecast_accuracy": "Forecast accuracy",
    "pipeline_coverage": "Pipeline coverage",
    "pipeline_value": "Open pipeline",
    "stalled_deals": "Stalled deals",
    "slipped_deals": "Slipped deals",
    "late_stage_conversion": "Late-stage conversion",
    "qualified_meetings": "Qualified meetings",
    "meetings_held": "Meetings held",
    "meeting_to_opportunity": "Meeting to opportunity",
    "pipeline_influenced": "Pipeline influenced",
    "show_rate": "Show rate",
    "lead_response_minutes": "Lead response",
    "protected_mrr": "Protected MRR",
    "expansion_revenue": "Expansion revenue",
    "renewal_forecast_accuracy": "Renewal forecast accuracy",
    "accounts_at_risk": "Accounts at risk",
    "revenue_growth": "Revenue growth",
    "reps_below_coverage": "Reps below coverage",
    "goal_attainment[qualified_meetings]": "Goal attainment: qualified meetings",
}
LOWER = {
    "sales_cycle_days",
    "slipped_deals",
    "stalled_deals",
    "accounts_at_risk",
    "reps_below_coverage",
    "lead_response_minutes",
}


def fact(fact_id: str, value: float, unit: str, *, key: bool = True, **more: Any) -> Fact:
    metric = fact_id.split("[")[0]
    better = "lower" if metric in LOWER else "higher"
    return Fact(
        id=fact_id, label=LABELS[fact_id], value=value, unit=unit, better=better, key=key, why=WHY.get(metric), **more
    )  # fmt: skip


def notes(*listed: tuple[str, str, str, str]) -> tuple[Evidence, ...]:
    """Day, kind, metric ("" for none), words."""
    return tuple(
        Evidence(id=f"n{number}", date=date.fromisoformat(day), kind=kind, metric=metric or None, text=text)
        for number, (day, kind, metric, text) in enumerate(listed, start=1)
    )


def sheet(person: str, role: str, facts: Sequence[Fact], evidence: Sequence[Evidence], **more: Any) -> FactSheet:
    return FactSheet(
        person=person, role=role, period="2026-Q2", start=date(2026, 4, 1), end=date(2026, 6, 30),
        prior_period="2026-Q1", year_ago_period="2025-Q2", organisation="Larkfield", currency="USD",
        facts=tuple(facts), evidence=tuple(evidence), **more,
    )  # fmt: skip


def michael() -> FactSheet:
    return sheet(
        "Michael Ortega", "account_executive",
        [
            fact("quota_attainment", 560000 / 504500, "ratio", target=1.0, prior=0.98),
            fact("revenue_won", 560000, "currency:USD", target=504500, prior=492000),
            fact("deals_won", 12, "count", prior=12),
            fact("win_rate", 0.30, "ratio", prior=0.27, team=0.25, team_size=5),
            fact("average_deal_size", 46666.67, "currency:USD", prior=41000),
            fact("sales_cycle_days", 61, "days", prior=63),
            fact("forecast_accuracy", 0.73, "ratio", target=0.9, prior=0.84),
            fact("pipeline_coverage", 3.1, "multiple", target=3.0, prior=2.9),
            fact("slipped_deals", 2, "count", prior=2),
            fact("stalled_deals", 3, "count", key=False, prior=4),
        ],
        notes(
            ("2026-04-01", "process_change", "win_rate", "A deal enters Evaluation only once the economic buyer is named on it"),
            ("2026-04-08", "action", "average_deal_size", "Moved prospecting to better-fit accounts: several sites and a named operations lead"),
            ("2026-04-16", "action", "average_deal_size", "Brought economic buyers into discovery calls from April on"),
            ("2026-04-29", "action", "revenue_won", "Concentrated the quarter on accounts where a single approval covers every site"),
            ("2026-05-06", "action", "win_rate", "Answered competitive objections with a side-by-side rollout plan before the proposal went out"),
            ("2026-05-11", "context", "", "The Mid-Atlantic accounts came over from the Southeast territory in the middle of the quarter"),
            ("2026-06-05", "praise", "", "Shared the rollout comparison with the mid-market team; Priya and Connor now open their proposals with it"),
            ("2026-06-12", "action", "", "Trained the new development reps on how to spot an economic buyer in a first call"),
            ("2026-06-23", "context", "forecast_accuracy", "Late-stage deals stayed in commit although they had no clear next step on the buyer's side"),
            ("2026-06-26", "constraint", "slipped_deals", "Buyers with a July budget year would not sign before it began"),
            ("2026-06-30", "next_step", "forecast_accuracy", "Run pipeline hygiene every week, so that each late-stage deal has a dated next step or leaves commit"),
            ("2026-06-30", "next_step", "forecast_accuracy", "Weight the forecast by historical stage conversion before it is submitted"),
            ("2026-06-30", "next_step", "forecast_accuracy", "Review the root causes of missed forecasts with sales ops"),
            ("2026-06-30", "next_step", "average_deal_size", "Keep economic buyers in the first calls of every new deal"),
        ),
        scope=Scope(team="Mid-market", segment="Mid-market", territory="Northeast and Mid-Atlantic", manager="Laura Chen",
                    changes=("11 May 2026: territory from Northeast to Northeast and Mid-Atlantic",)),
        quality=("6 of 214 deals had no amount", "2 owners are unknown"),
    )  # fmt: skip


def jessica() -> FactSheet:
    return sheet(
        "Jessica Lindqvist", "sdr",
        [
            fact("goal_attainment[qualified_meetings]", 58 / 55, "ratio", target=1.0),
            fact("qualified_meetings", 58, "count", target=55, prior=49),
            fact("meetings_held", 54, "count", prior=41),
            fact("pipeline_influenced", 820000, "currency:USD", prior=690000),
            fact("show_rate", 0.93, "ratio", prior=0.84),
            fact("meeting_to_opportunity", 7 / 54, "ratio", target=0.18, prior=0.16),
            fact("lead_response_minutes", 14, "minutes", prior=41),
        ],
        notes(
            ("2026-04-14", "action", "lead_response_minutes", "Set an alert on inbound forms and answered from the phone first"),
            ("2026-04-22", "action", "show_rate", "Sent a confirmation at booking and a reminder the day before each meeting"),
            ("2026-05-08", "context", "qualified_meetings", "The spring webinars brought in most of the additional meetings"),
            ("2026-05-30", "praise", "", "Collected the objections heard on calls in a list that the whole team now works from"),
            ("2026-06-18", "context", "meeting_to_opportunity", "Meetings were booked without a clear problem or timeline"),
            ("2026-06-30", "next_step", "meeting_to_opportunity", "Ask for problem and timeline before a meeting counts as qualified"),
            ("2026-06-30", "next_step", "meeting_to_opportunity", "Review calls weekly with an account executive"),
            ("2026-06-30", "next_step", "pipeline_influenced", "Work outbound lists by ideal customer profile and past wins"),
        ),
        scope=Scope(team="Development", territory="Inbound, East", manager="Victor Hale"),
        absent=(),
    )  # fmt: skip


def daniel() -> FactSheet:
    return sheet(
        "Daniel Kovac", "enterprise_account_executive",
        [
            fact("quota_attainment", 1050000 / 1140000, "ratio", target=1.0, prior=1.02),
            fact("revenue_won", 1050000, "currency:USD", target=1140000, prior=1122000),
            fact("deals_won", 5, "count", prior=6),
            fact("average_deal_size", 210000, "currency:USD", prior=187000),
            fact("sales_cycle_days", 96, "days", prior=78),
            fact("win_rate", 0.25, "ratio", prior=0.25, team=0.24, team_size=4),
            fact("forecast_accuracy", 0.80, "ratio", prior=0.86),
            fact("slipped_deals", 2, "count", prior=1),
            fact("late_stage_conversion", 0.5, "ratio", prior=0.42),
            fact("pipeline_coverage", 2.8, "multiple", prior=2.7),
        ],
        notes(
            ("2026-04-12", "action", "average_deal_size", "Tied every business case to an outcome the customer measures"),
            ("2026-04-20", "action", "late_stage_conversion", "Brought product and security into evaluations before the shortlist"),
            ("2026-05-19", "context", "sales_cycle_days", "Legal reviews started only after commercial terms were agreed"),
            ("2026-06-22", "constraint", "slipped_deals", "Procurement at two customers closed its books for the half-year before the contracts were countersigned"),
            ("2026-06-30", "next_step", "slipped_deals", "Set close-plan checkpoints for legal, security and procurement"),
            ("2026-06-30", "next_step", "forecast_accuracy", "Tie forecast categories to documented buyer commitments"),
        ),
        scope=Scope(team="Enterprise", segment="Enterprise", manager="Rosa Whitfield"),
    )  # fmt: skip


def ashley() -> FactSheet:
    return sheet(
        "Ashley Romero", "account_manager",
        [
            fact("protected_mrr", 980000, "currency:USD", prior=955000),
            fact("expansion_revenue", 240000, "currency:USD", prior=205000),
            fact("renewal_forecast_accuracy", 0.86, "ratio", prior=0.93),
            fact("accounts_at_risk", 2, "count", target=0, prior=1),
        ],
        notes(
            ("2026-04-10", "action", "protected_mrr", "Ran structured business reviews with success criteria agreed beforehand"),
            ("2026-05-05", "action", "expansion_revenue", "Timed expansion offers to usage and to the renewal date"),
            ("2026-05-15", "context", "renewal_forecast_accuracy", "Priorities in April and early May followed whichever customer called first"),
            ("2026-06-20", "context", "accounts_at_risk", "The churn risk in two mid-size accounts showed only when their usage had been falling for weeks"),
            ("2026-06-25", "praise", "", "Adoption in the strategic accounts is up, and support now hears of escalations on the same day"),
            ("2026-06-30", "next_step", "accounts_at_risk", "Set up a health routine that warns 90 days ahead of each renewal"),
            ("2026-06-30", "next_step", "", "We will weigh expansion against acquisition cost"),
        ),
        scope=Scope(team="Customers", manager="Ines Duarte"),
        quality=("1 subscription has no start date",),
    )  # fmt: skip


def brandon() -> FactSheet:
    return sheet(
        "Brandon Price", "sales_manager",
        [
            fact("team_attainment", 1648000 / 1600000, "ratio", target=1.0, prior=0.99),
            fact("revenue_won", 1648000, "currency:USD", target=1600000, prior=1512000),
            fact("revenue_growth", 0.09, "ratio", prior=0.02),
            fact("win_rate", 0.26, "ratio", prior=0.22),
            fact("sales_cycle_days[segment=smb]", 41, "days", prior=52),
            fact("average_deal_size", 31700, "currency:USD", prior=30200),
            fact("reps_below_coverage", 2, "count", target=0, prior=2),
            fact("pipeline_coverage", 3.2, "multiple", prior=3.0),
        ],
        notes(
            ("2026-04-06", "process_change", "sales_cycle_days[segment=smb]", "Introduced standard deal reviews and stage exit criteria for the SMB team"),
            ("2026-04-20", "action", "win_rate", "Coached the reps on late-stage objections in a weekly session"),
            ("2026-06-11", "constraint", "reps_below_coverage", "Accounts had to be rebalanced in June because coverage was checked too late"),
            ("2026-06-30", "next_step", "reps_below_coverage", "Set weekly coverage targets by segment"),
            ("2026-06-30", "next_step", "reps_below_coverage", "Review trends rep by rep every month"),
            ("2026-06-30", "next_step", "", "Fix one reporting rhythm for the whole team"),
        ),
        scope=Scope(team="Commercial", manager="Laura Chen"),
        quality=("3 of 412 deals had no close date and were left out",),
    )  # fmt: skip


def moses() -> FactSheet:
    """A set without any target and without notes."""
    return sheet(
        "Moses Frase", "sales_rep",
        [
            fact("revenue_won", 62500, "currency:USD", prior=54300),
            fact("deals_won", 31, "count", prior=28),
            fact("win_rate", 0.61, "ratio", prior=0.66, team=0.63, team_size=30),
            fact("average_deal_size", 2016, "currency:USD", prior=1939),
            fact("sales_cycle_days", 47, "days", prior=52),
        ],
        (),
    )  # fmt: skip


PEOPLE = (michael, jessica, daniel, ashley, brandon, moses)
