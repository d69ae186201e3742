"""The columns that reports show: metrics of the dictionary, and figures that only reports have."""

from __future__ import annotations

from dataclasses import replace

from tools.metrics.catalogue import METRICS
from tools.metrics.model import Metric, Rows, count, mean, money, total
from tools.metrics.needs import OPEN_KNOWN
from tools.reports.model import PEOPLE, column

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
SOLD_BY = (*PEOPLE, "source", "product", "segment")


def known(metric_id: str, label: str | None = None) -> Metric:
    """A metric of the dictionary, under another label where that says more."""
    metric = _BY_ID[metric_id]
    return metric if label is None else replace(metric, label=label)


QUOTA = total("quotas", "value", "slot = 'own'")
REVENUE = money("deals_closed", "won")


def days_to(outcome: str) -> Metric:
    return column(
        f"days_to_{outcome}", f"Days to {outcome}", "days", "days",
        {"days": mean("deals_closed", "age_days", f"owns AND status = '{outcome}'")},
        needs=("deals", "deals.created_on<closed_on"),
        definition=f"mean days from creation to close of deals {outcome}",
    )  # fmt: skip


def of_lines(name: str, label: str, unit: str, sql: str, needs: str, definition: str) -> Metric:
    """A figure of the order lines of deals won in the period."""
    return column(
        name, label, unit, "figure", {"figure": total("lines_won", sql)}, needs=(needs,), definition=definition
    )


def share_of_lines(name: str, label: str, weighted: str, weight: str, needs: str, definition: str) -> Metric:
    return column(
        name, label, "ratio", "part / nullif(whole, 0)",
        {"part": total("lines_won", weighted), "whole": total("lines_won", weight)},
        needs=(needs,), definition=definition,
    )  # fmt: skip


def leads(name: str, label: str, where: str | None) -> Metric:
    return column(name, label, "count", "leads", {"leads": count("leads_arrived", where)}, needs=("leads",))


def of_open(
    name: str, label: str, where: str, needs: tuple[str, ...] = (OPEN_KNOWN,), rows: str = "deals_open"
) -> Metric:
    deals = {"deals": count(rows, f"owns AND {where}")}
    return column(name, label, "count", "deals", deals, better="lower", needs=needs)


ACTIVITIES = tuple(
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


def by_outcome(name: str, label: str, which: str) -> Metric:
    return column(name, label, "count", "found", {"found": count("activities_of_period", which)}, needs=("activities",))
