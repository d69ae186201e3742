"""The reports there are, in the order in which people look for them."""

from __future__ import annotations

from dataclasses import replace

from tools.metrics.catalogue import METRICS
from tools.metrics.model import Metric, Rows, count, distinct, mean, money, total
from tools.reports.model import PEOPLE, Report, column

# Rows that only reports measure.
REPORT_ROWS: tuple[Rows, ...] = (
    Rows(
        "lines_won",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, l.product,
                  CAST(l.quantity AS DECIMAL(18, 4)) AS quantity,
                  CAST(l.discount AS DECIMAL(9, 8)) AS discount, CAST(l.margin AS DECIMAL(9, 8)) AS margin,
                  converted(l.amount, r.rate) AS amount,
                  converted(l.returned, r.rate) AS returned,
                  CASE WHEN l.discount < 1
                       THEN CAST(l.amount * r.rate / (1 - l.discount) AS DECIMAL(18, 4)) END AS list_amount
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           JOIN deal_lines l ON l.deal = d.deal_id
           JOIN deals o ON o.deal_id = d.deal_id
           CROSS JOIN rules
           JOIN rates r ON r.currency = coalesce(upper(trim(o.currency)), rules.currency)
                       AND d.closed_on >= r.from_on AND d.closed_on < r.to_on
           WHERE d.owns AND d.won""",
        table="deals",
        coverage="deals.closed_on",
    ),
)

_BY_ID = {metric.id: metric for metric in METRICS}
_SOLD_BY = (*PEOPLE, "source", "product", "segment")


def _metric(metric_id: str, label: str | None = None) -> Metric:
    metric = _BY_ID[metric_id]
    return metric if label is None else replace(metric, label=label)


_QUOTA = total("quotas", "value", "slot = 'own'")
_REVENUE = money("deals_closed", "won")
_WON = "owns AND won AND new_business"


def _days(outcome: str) -> Metric:
    return column(
        f"days_to_{outcome}", f"Days to {outcome}", "days", "days",
        {"days": mean("deals_closed", "age_days", f"owns AND status = '{outcome}'")},
        needs=("deals", "deals.created_on<closed_on"),
        definition=f"mean days from creation to close of deals {outcome}",
    )  # fmt: skip


def _lines(name: str, label: str, unit: str, sql: str, needs: str, definition: str) -> Metric:
    """A figure of the order lines of deals won in the period."""
    return column(
        name, label, unit, "figure", {"figure": total("lines_won", sql)}, needs=(needs,), definition=definition
    )


def _sum_over(name: str, label: str, weighted: str, weight: str, needs: str, definition: str) -> Metric:
    return column(
        name, label, "ratio", "part / nullif(whole, 0)",
        {"part": total("lines_won", weighted), "whole": total("lines_won", weight)},
        needs=(needs,), definition=definition,
    )  # fmt: skip


def _leads(name: str, label: str, where: str | None) -> Metric:
    return column(name, label, "count", "leads", {"leads": count("leads_arrived", where)}, needs=("leads",))


def _open(name: str, label: str, where: str, needs: tuple[str, ...] = ("deals",), rows: str = "deals_open") -> Metric:
    deals = {"deals": count(rows, f"owns AND {where}")}
    return column(name, label, "count", "deals", deals, better="lower", needs=needs)


_ACTIVITIES = tuple(
    column(
        name, label, "count", "done", {"done": count("activities_of_period", f"done AND {which}")},
        needs=("activities",), better="higher",
    )
    for name, label, which in (
        ("calls", "Calls", "type = 'call'"), ("emails", "E-mails", "type = 'email'"),
        ("meetings", "Meetings", "meeting"), ("tasks", "Tasks", "type = 'task'"),
        ("follow_ups", "Follow-ups", "type = 'follow_up'"), ("chats", "Chats", "type = 'chat'"),
        ("all_activities", "All", "true"),
    )
)  # fmt: skip


def _outcome(name: str, label: str, which: str) -> Metric:
    return column(name, label, "count", "found", {"found": count("activities_of_period", which)}, needs=("activities",))


REPORTS: tuple[Report, ...] = (
    Report(
        "quota_attainment", "Quota attainment", "revenue won against quota, per person or team",
        "The first thing that a plan is judged by.",
        (
            _metric("revenue_won"),
            column("quota", "Quota", "currency", "nullif(quota, 0)", {"quota": _QUOTA}, needs=("targets",)),
            column(
                "attainment", "Attainment", "ratio", "revenue / nullif(quota, 0)",
                {"revenue": _REVENUE, "quota": _QUOTA}, better="higher", needs=("deals", "targets"),
                definition="revenue won / quota", of="quota_attainment", records=("revenue",),
            ),
            column(
                "gap", "Over or short", "currency", "revenue - nullif(quota, 0)",
                {"revenue": _REVENUE, "quota": _QUOTA}, better="higher", needs=("deals", "targets"),
                definition="revenue won - quota", records=("revenue",),
            ),
        ),
        picture=2,
    ),
    Report(
        "deals_won_and_lost", "Deals won and lost", "what was won and lost, by number and amount",
        "Shows where selling time ends in a result.",
        (_metric("deals_won"), _metric("deals_lost"), _metric("win_rate"), _metric("revenue_won")),
        (*_SOLD_BY, "type"),
    ),
    Report(
        "deal_size", "Average deal size", "the mean amount of new-business deals won",
        "Larger deals reach the same quota with less selling time.",
        (_metric("average_deal_size"), _metric("deals_won"), _metric("revenue_won")), _SOLD_BY,
    ),
    Report(
        "deal_velocity", "Deal velocity", "days from creation to won and to lost, and the sales cycle",
        "Deals decided sooner free time for the next ones.",
        (_days("won"), _days("lost"), _metric("sales_cycle_days"), _metric("sales_cycle_days.median")), _SOLD_BY,
    ),
    Report(
        "sales_velocity", "Sales velocity", "money per day that the pipeline turns out, with its four levers",
        "Says which lever to pull: more deals, a better win rate, larger deals or a shorter cycle.",
        (
            _metric("sales_velocity"),
            column(
                "opportunities", "Opportunities", "count", "standing + created",
                {
                    "standing": count("deals_open_at_start", "owns AND new_business"),
                    "created": count("deals_made", "owns AND new_business"),
                },
                better="higher", definition="new-business deals open at the start or created in the period",
            ),
            _metric("win_rate"), _metric("average_deal_size"), _metric("sales_cycle_days"),
        ),
    ),
    Report(
        "loss_reasons", "Loss reasons", "deals lost by reason, or by the stage they were lost from",
        "The most frequent reason is the first to work on.",
        (_metric("loss_reasons"), _metric("loss_reasons.value")), ("reason", "stage"),
    ),
    Report(
        "revenue_by_source", "Revenue by source", "what each lead source brought",
        "Shows where more of the same may be found.",
        (_metric("revenue_won"), _metric("deals_won"), _metric("win_rate"), _metric("average_deal_size")),
        ("source", "origin", "segment", *PEOPLE),
    ),
    Report(
        "product_performance", "Product performance", "revenue, deals, win rate, size, and what order lines tell",
        "Shows which products carry the result, and at which price.",
        (
            _metric("revenue_won"), _metric("deals_won"), _metric("win_rate"), _metric("average_deal_size"),
            _lines("quantity", "Quantity", "count", "quantity", "deal_lines.quantity", "units sold on deals won"),
            _lines("line_revenue", "Line revenue", "currency", "amount", "deal_lines.amount",
                   "amount of the order lines of deals won"),
            _sum_over("discount", "Discount", "list_amount * discount", "list_amount", "deal_lines.discount",
                      "discount off list price, weighted by list amount"),
            _sum_over("margin", "Margin", "amount * margin", "CASE WHEN margin IS NOT NULL THEN amount END",
                      "deal_lines.margin", "gross margin, weighted by amount"),
            _lines("returned", "Returned", "currency", "returned", "deal_lines.returned", "value returned"),
        ),
        ("product",),
    ),
    Report(
        "deal_funnel", "Deal funnel", "how the deals closed in the period passed through the stages",
        "The stage where most deals are lost is the first to work on.",
        (
            _metric("stage_conversion.entered"), _metric("stage_conversion.moved_on"),
            _metric("stage_conversion.skipped"), _metric("stage_conversion.lost"),
            _metric("stage_conversion", "Step conversion"), _metric("stage_conversion.cumulative"),
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
            _metric("pipeline_waterfall", "Amount"),
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
            _metric("slipped_deals"), _metric("slipped_deals.value"), _metric("push_rate"),
        ),
        (*PEOPLE, "stage", "reason"), picture=3,
    ),
    Report(
        "forecast_categories", "Forecast categories", "open deals due in the next period by forecast category",
        "Commit is what was promised, best case what may come on top.",
        (
            _metric("forecast_categories", "Amount"),
            column("deals_in_category", "Deals", "count", "deals", {"deals": count("deals_open", "owns AND due_next")}),
        ),
        ("category",),
    ),
    Report(
        "weighted_forecast", "Weighted forecast", "open deals due in the next period, times their odds",
        "What the open pipeline is worth at its usual odds.",
        (
            column("due_next", "Due next", "currency", "due", {"due": money("deals_open", "due_next")},
                   needs=("deals.expected_close_on",)),
            _metric("weighted_forecast", "Weighted"), _metric("weighted_forecast.history", "By past conversion"),
        ),
        (*PEOPLE, "stage", "category"), picture=1,
    ),
    Report(
        "forecast_accuracy", "Forecast accuracy", "the commit of the forecast day against what was won",
        "Hiring, spending and promises to customers rest on the forecast.",
        (_metric("forecast_commit", "Commit"), _metric("revenue_won"), _metric("forecast_accuracy"),
         _metric("forecast_bias")),
        picture=2,
    ),
    Report(
        "pipeline_snapshot", "Pipeline snapshot", "the open pipeline as it stood at the end of the period's last day",
        "What stood in the pipeline on a day is what that day's forecast rested on.",
        (
            column("open_amount", "Amount", "currency", "value", {"value": money("deals_standing")}),
            column("open_deals", "Deals", "count", "deals", {"deals": count("deals_standing", "owns")}),
        ),
        ("stage", "category", "size", *PEOPLE),
    ),
    Report(
        "activities", "Activities completed", "calls, e-mails, meetings, tasks and more, per person",
        "Activity explains results; it is not one.", _ACTIVITIES, (*PEOPLE, "type"), picture=6,
    ),
    Report(
        "outcomes", "Call and meeting outcomes", "what came of calls and meetings",
        "What comes of an activity says more than how often it was done.",
        (_outcome("calls_with", "Calls", "done AND type = 'call'"), _outcome("meetings_with", "Meetings", "meeting")),
        ("outcome",),
    ),
    Report(
        "lead_funnel", "Lead funnel", "what became of the leads that arrived in the period, so far",
        "The share of leads worth working on tells marketing and sales where to look.",
        (
            _leads("leads", "Leads", None), _leads("met", "Met", "met"),
            _leads("opportunities_of_leads", "Opportunities", "converted"), _leads("won_of_leads", "Won", "won"),
            _metric("lead_to_meeting"), _metric("lead_to_opportunity"), _metric("close_rate"),
            _leads("still_open", "Still open", "NOT decided AND may_close"),
        ),
        (*PEOPLE, "source", "origin"),
    ),
    Report(
        "lead_response", "Lead response time", "minutes from assignment to the first touch",
        "Leads answered within minutes are more likely to turn into a conversation.",
        (
            column("assigned", "Assigned", "count", "leads", {"leads": count("leads_assigned")}, needs=("leads",)),
            _metric("lead_response_minutes", "Median"), _metric("lead_response_minutes.mean", "Mean"),
            _metric("lead_response_minutes.within_5", "Within 5 minutes"),
            column("unanswered", "Unanswered", "count", "leads", {"leads": count("leads_assigned", "minutes IS NULL")},
                   better="lower", needs=("leads",)),
        ),
        picture=1,
    ),
    Report(
        "activity_timeline", "Team activity timeline", "activities week by week",
        "Shows when a team was busy, and when it fell silent.", _ACTIVITIES, ("total", *PEOPLE), "week", 6,
    ),
    Report(
        "renewals_and_churn", "Renewals and churn", "what renewed, shrank and left",
        "Revenue that stays need not be won again.",
        (
            _metric("renewal_rate"), _metric("renewed_mrr"), _metric("protected_mrr"), _metric("churn_rate"),
            _metric("revenue_churn_rate"), _metric("gross_revenue_retention", "GRR"),
            _metric("net_revenue_retention", "NRR"),
        ),
        (*PEOPLE, "total"), picture=6,
    ),
    Report(
        "coverage", "Coverage by rep", "open pipeline against what is still to be won",
        "Too little left to close in the last month leaves the quota to luck.",
        (_metric("coverage_to_go"), _metric("pipeline_coverage"), _metric("pipeline_value")),
    ),
    Report(
        "crm_hygiene", "CRM hygiene", "open deals without amount, overdue, or without a next step",
        "Forecasts are only as good as the records they are made from.",
        (
            _metric("pipeline_deals"),
            _open("without_amount", "Without amount", "unvalued"),
            _open("overdue", "Overdue", "due_on <= on_day", ("deals.expected_close_on",)),
            _open("without_close_date", "No close date", "due_on IS NULL", ("deals.expected_close_on",)),
            _open("without_next_step", "No next step", "next_step IS NULL AND NOT planned",
                  ("deals.next_step|activities",), "deals_followed"),
            _metric("stalled_deals"),
        ),
        (*PEOPLE, "stage"), picture=4,
    ),
)  # fmt: skip
