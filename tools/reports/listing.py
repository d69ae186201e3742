"""The reports there are, in the order in which people look for them."""

from __future__ import annotations

from dataclasses import replace

from tools.metrics.model import count, distinct, mean, money
from tools.metrics.needs import OPEN_KNOWN
from tools.metrics.stages import UNDATED
from tools.reports.columns import (
    ACTIVITIES,
    QUOTA,
    REVENUE,
    SOLD_BY,
    by_outcome,
    days_to,
    known,
    leads,
    of_lines,
    of_open,
    share_of_lines,
)
from tools.reports.model import PEOPLE, Report, column

REPORTS: tuple[Report, ...] = (
    Report(
        "quota_attainment", "Quota attainment", "revenue won against quota, per person or team",
        "The first thing that a plan is judged by.",
        (
            known("revenue_won"),
            column("quota", "Quota", "currency", "nullif(quota, 0)", {"quota": QUOTA}, needs=("targets",)),
            column(
                "attainment", "Attainment", "ratio", "revenue / nullif(quota, 0)",
                {"revenue": REVENUE, "quota": QUOTA}, better="higher", needs=("deals", "targets"),
                definition="revenue won / quota", of="quota_attainment", records=("revenue",),
            ),
            column(
                "gap", "Over or short", "currency", "revenue - nullif(quota, 0)",
                {"revenue": REVENUE, "quota": QUOTA}, better="higher", needs=("deals", "targets"),
                definition="revenue won - quota", records=("revenue",),
            ),
        ),
        picture=2,
    ),
    Report(
        "deals_won_and_lost", "Deals won and lost", "what was won and lost, by number and amount",
        "Shows where selling time ends in a result.",
        (known("deals_won"), known("deals_lost"), known("win_rate"), known("revenue_won")),
        (*SOLD_BY, "type"),
    ),
    Report(
        "deal_size", "Average deal size", "the mean amount of new-business deals won",
        "Larger deals reach the same quota with less selling time.",
        (known("average_deal_size"), known("deals_won"), known("revenue_won")), SOLD_BY,
    ),
    Report(
        "deal_velocity", "Deal velocity", "days from creation to won and to lost, and the sales cycle",
        "Deals decided sooner free time for the next ones.",
        (days_to("won"), days_to("lost"), known("sales_cycle_days"), known("sales_cycle_days.median")), SOLD_BY,
    ),
    Report(
        "sales_velocity", "Sales velocity", "money per day that the pipeline turns out, with its four levers",
        "Says which lever to pull: more deals, a better win rate, larger deals or a shorter cycle.",
        (
            known("sales_velocity"),
            column(
                "opportunities", "Opportunities", "count", "standing + created",
                {
                    "standing": count("deals_open_at_start", "owns AND new_business"),
                    "created": count("deals_made", "owns AND new_business"),
                },
                better="higher", definition="new-business deals open at the start or created in the period",
            ),
            known("win_rate"), known("average_deal_size"), known("sales_cycle_days"),
        ),
    ),
    Report(
        "loss_reasons", "Loss reasons", "deals lost by reason, or by the stage they were lost from",
        "The most frequent reason is the first to work on.",
        (known("loss_reasons"), known("loss_reasons.value")), ("reason", "stage"),
    ),
    Report(
        "revenue_by_source", "Revenue by source", "what each lead source brought",
        "Shows where more of the same may be found.",
        (known("revenue_won"), known("deals_won"), known("win_rate"), known("average_deal_size")),
        ("source", "origin", "segment", *PEOPLE),
    ),
    Report(
        "product_performance", "Product performance", "revenue, deals, win rate, size, and what order lines tell",
        "Shows which products carry the result, and at which price.",
        (
            known("revenue_won"), known("deals_won"), known("win_rate"), known("average_deal_size"),
            of_lines("quantity", "Quantity", "count", "quantity", "deal_lines.quantity", "units sold on deals won"),
            of_lines("line_revenue", "Line revenue", "currency", "amount", "deal_lines.amount",
                   "amount of the order lines of deals won"),
            share_of_lines("discount", "Discount", "list_amount * discount", "list_amount", "deal_lines.discount",
                      "discount off list price, weighted by list amount"),
            share_of_lines("margin", "Margin", "amount * margin", "CASE WHEN margin IS NOT NULL THEN amount END",
                      "deal_lines.margin", "gross margin, weighted by amount"),
            of_lines("returned", "Returned", "currency", "returned", "deal_lines.returned", "value returned"),
        ),
        ("product",),
    ),
    Report(
        "deal_funnel", "Deal funnel", "how the deals closed in the period passed through the stages",
        "The stage where most deals are lost is the first to work on.",
        (
            known("stage_conversion.entered"), known("stage_conversion.moved_on"),
            known("stage_conversion.skipped"), known("stage_conversion.lost"),
            known("stage_conversion", "Step conversion"), known("stage_conversion.cumulative"),
        ),
        ("stage",), total=False,
    ),
    Report(
        "time_in_stage", "Time in stage", "mean days in each stage, deals closed in the period",
        "The stage that takes longest is where deals wait.",
        (
            column("days_in_stage", "Mean days", "days", "days", {"days": mean("stages_of_closed", "days")},
                   better="lower", needs=("deals", "deal_changes"), of="time_in_stage"),
            column("deals_in_it", "Deals", "count", "deals", {"deals": distinct("stages_of_closed", "record_id")},
                   needs=("deals", "deal_changes")),
        ),
        ("stage", *PEOPLE), total=False,
    ),
    Report(
        "pipeline_waterfall", "Pipeline waterfall", "where the pipeline due in the period went, step by step",
        "Shows what was won, lost, pushed out and added on the way.",
        (
            known("pipeline_waterfall", "Amount"),
            column("deals_in_step", "Deals", "count", "deals", {"deals": count("pipeline_steps", "pool = 'due'")},
                   needs=("deals.expected_close_on",)),
        ),
        ("step",), total=False,
    ),
    Report(
        "deal_changes", "Deal change history", "who changed stage, amount or close date, when, from what to what",
        "Dates and amounts that keep moving say that a forecast rests on guesses.",
        (), (), listing="""
            SELECT timezone(rules.zone, timezone('UTC', c.at)) AS at, d.name AS deal_name, c.deal, c.field,
                   c.old AS "from", c.new AS "to",
                   coalesce(b.name, c.by) AS changed_by, coalesce(o.name, c.person) AS owner
            FROM changes_made c
            CROSS JOIN rules
            JOIN scope s ON s.person = c.person AND c.on_day >= s.from_on AND c.on_day < s.to_on
            JOIN deals d ON d.deal_id = c.deal
            LEFT JOIN people b ON b.person_id = c.by
            LEFT JOIN people o ON o.person_id = c.person
            WHERE c.period = 'current'
            ORDER BY c.at, c.deal, c.field""",
    ),
    Report(
        "push_rate", "Push rate", "deals due in the period that were not closed by its end",
        "A high push rate means that close dates are wishes.",
        (
            column("deals_due", "Due", "count", "due", {"due": count("deals_due", "owns")},
                   needs=("deals.expected_close_on",)),
            known("slipped_deals"), known("slipped_deals.value"), known("push_rate"),
        ),
        (*PEOPLE, "stage", "reason"), picture=3,
    ),
    Report(
        "forecast_categories", "Forecast categories", "open deals due in the next period by forecast category",
        "Commit is what was promised, best case what may come on top.",
        (
            known("forecast_categories", "Amount"),
            column("deals_in_category", "Deals", "count", "deals", {"deals": count("deals_open", "owns AND due_next")},
                   needs=("deals", OPEN_KNOWN)),
        ),
        ("category",),
    ),
    Report(
        "weighted_forecast", "Weighted forecast", "open deals due in the next period, times their odds",
        "What the open pipeline is worth at its usual odds.",
        (
            column("due_next", "Due next", "currency", "due", {"due": money("deals_open", "due_next")},
                   needs=("deals.expected_close_on",)),
            known("weighted_forecast", "Weighted"), known("weighted_forecast.history", "By past conversion"),
        ),
        (*PEOPLE, "stage", "category"), picture=1,
    ),
    Report(
        "forecast_accuracy", "Forecast accuracy", "the commit of the forecast day against what was won",
        "Hiring, spending and promises to customers rest on the forecast.",
        (known("forecast_commit", "Commit"), known("revenue_won"), known("forecast_accuracy"),
         known("forecast_bias")),
        picture=2,
    ),
    Report(
        "pipeline_snapshot", "Pipeline snapshot", "the open pipeline as it stood at the end of the period's last day",
        "What stood in the pipeline on a day is what that day's forecast rested on.",
        (
            replace(column("open_amount", "Amount", "currency", "value", {"value": money("deals_standing")},
                           needs=("deals", OPEN_KNOWN)), moment="end"),
            replace(column("open_deals", "Deals", "count", "deals", {"deals": count("deals_standing", "owns")},
                           needs=("deals", OPEN_KNOWN)), moment="end", remarks=(UNDATED,)),
        ),
        ("stage", "category", "size", *PEOPLE),
    ),
    Report(
        "activities", "Activities completed", "calls, e-mails, meetings, tasks and more, per person",
        "Activity explains results; it is not one.", ACTIVITIES, (*PEOPLE, "type"), picture=6,
    ),
    Report(
        "outcomes", "Call and meeting outcomes", "what came of calls and meetings",
        "What comes of an activity says more than how often it was done.",
        (
            by_outcome("calls_with", "Calls", "done AND type = 'call'"),
            by_outcome("meetings_with", "Meetings", "meeting"),
        ),
        ("outcome",),
    ),
    Report(
        "lead_funnel", "Lead funnel", "what became of the leads that arrived in the period, so far",
        "The share of leads worth working on tells marketing and sales where to look.",
        (
            leads("leads", "Leads", None), leads("met", "Met", "met"),
            leads("opportunities_of_leads", "Opportunities", "converted"), leads("won_of_leads", "Won", "won"),
            known("lead_to_meeting"), known("lead_to_opportunity"), known("close_rate"),
            leads("still_open", "Still open", "NOT decided AND may_close"),
        ),
        (*PEOPLE, "source", "origin"),
    ),
    Report(
        "lead_response", "Lead response time", "minutes from assignment to the first touch",
        "Leads answered within minutes are more likely to turn into a conversation.",
        (
            column("assigned", "Assigned", "count", "leads", {"leads": count("leads_assigned")}, needs=("leads",)),
            known("lead_response_minutes", "Median"), known("lead_response_minutes.mean", "Mean"),
            known("lead_response_minutes.within_5", "Within 5 minutes"),
            column("unanswered", "Unanswered", "count", "leads", {"leads": count("leads_assigned", "minutes IS NULL")},
                   better="lower", needs=("leads",)),
        ),
        picture=1,
    ),
    Report(
        "activity_timeline", "Team activity timeline", "activities week by week",
        "Shows when a team was busy, and when it fell silent.", ACTIVITIES, ("total", *PEOPLE), "week", 6,
    ),
    Report(
        "renewals_and_churn", "Renewals and churn", "what renewed, shrank and left",
        "Revenue that stays need not be won again.",
        (
            known("renewal_rate"), known("renewed_mrr"), known("protected_mrr"), known("churn_rate"),
            known("revenue_churn_rate"), known("gross_revenue_retention", "GRR"),
            known("net_revenue_retention", "NRR"),
        ),
        (*PEOPLE, "total"), picture=6,
    ),
    Report(
        "coverage", "Coverage by rep", "open pipeline against what is still to be won",
        "Too little left to close in the last month leaves the quota to luck.",
        (known("coverage_to_go"), known("pipeline_coverage"), known("pipeline_value")),
    ),
    Report(
        "crm_hygiene", "CRM hygiene", "open deals without amount, overdue, or without a next step",
        "Forecasts are only as good as the records they are made from.",
        (
            known("pipeline_deals"),
            of_open("without_amount", "Without amount", "unvalued"),
            of_open("overdue", "Overdue", "due_on <= on_day", ("deals.expected_close_on",)),
            of_open("without_close_date", "No close date", "due_on IS NULL", ("deals.expected_close_on",)),
            of_open("without_next_step", "No next step", "next_step IS NULL AND NOT planned",
                  ("deals.next_step|activities",), "deals_followed"),
            known("stalled_deals"),
        ),
        (*PEOPLE, "stage"), picture=4,
    ),
)  # fmt: skip
