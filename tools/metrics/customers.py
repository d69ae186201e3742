"""Customers: what renewed, grew, shrank and left, what is at risk, and what a customer is worth and costs."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, distinct, money, total

ROWS = (
    Rows(
        "customers",
        """SELECT b.period, b.person, b.last_on AS on_day, b.account AS record_id, b.segment, b.start_mrr, b.end_mrr,
                  least(b.start_mrr, b.end_mrr) AS kept_mrr, b.paid_at_start, b.pays_at_end, b.unvalued, b.unrated,
                  coalesce(nullif(datediff('month', p.start_on, p.end_on), 0), 1) AS months
           FROM customer_books b JOIN periods p ON p.period = b.period
           WHERE b.paid_at_start""",
        table="accounts",
        coverage="subscriptions.start_on",
    ),
    Rows(
        "renewals_due",
        """SELECT p.period, r.person, r.due_on AS on_day, r.renewal_id AS record_id, r.segment, r.mrr, r.unvalued,
                  r.unrated, coalesce(r.decided_on < p.known_end, false) AS decided,
                  r.renewed AND r.decided_on < p.known_end AS renewed, r.renewed_mrr,
                  f.person IS NOT NULL AS forecast_known
           FROM renewal_terms r JOIN periods p ON r.due_on >= p.start_on AND r.due_on < p.end_on
           LEFT JOIN person_forecasts f ON f.person = r.person AND f.period = p.period AND f.category = 'commit'
                                     AND f.metric = 'renewed_mrr'""",
        table="renewals",
        coverage="renewals.due_on",
    ),
    Rows(
        "renewals_made",
        """SELECT p.period, r.person, r.decided_on AS on_day, r.renewal_id AS record_id, r.renewed_mrr AS amount,
                  r.unvalued, r.unrated
           FROM renewal_terms r JOIN periods p ON r.decided_on >= p.start_on AND r.decided_on < p.end_on
           WHERE r.renewed""",
        table="renewals",
        coverage="renewals.due_on",
    ),
    Rows(
        "renewal_forecasts",
        """SELECT f.subject, f.period, f.record_id, f.category, f.amount, f.unvalued, f.unrated
           FROM subject_forecasts f WHERE f.metric = 'renewed_mrr'""",
        table="forecasts",
        coverage="forecasts.submitted_on",
        per_subject=True,
    ),
    Rows(
        "renewals_ahead",
        """SELECT r.period, r.person, r.on_day, r.renewal_id AS record_id, r.account, r.segment,
                  r.falling OR r.escalated AS at_risk
           FROM renewals_ahead r""",
        table="renewals",
        coverage="renewals.due_on",
    ),
    Rows(
        "usage_of_accounts",
        """SELECT p.period, a.owner AS person, p.end_on - 1 AS on_day, u.account AS record_id, a.segment,
                  u.recent_of_same AS recent, u.at_start
           FROM usage_levels u JOIN periods p ON p.period = u.period JOIN accounts a ON a.account_id = u.account
           WHERE u.recent_of_same IS NOT NULL""",
        table="accounts",
        coverage="usage.on",
    ),
    Rows(
        "lines_of_customers",
        """SELECT p.period, b.person, b.last_on AS on_day, l.deal_id AS record_id, l.amount AS sold, l.earned
           FROM customer_books b JOIN periods p ON p.period = b.period
           JOIN sold_lines l ON l.account = b.account AND l.closed_on < p.end_on
           WHERE b.paid_at_start""",
        table="deals",
        coverage="subscriptions.start_on",
    ),
    Rows(
        "spend_of_teams",
        "SELECT * FROM subject_spend",
        table="spend",
        coverage="spend.start_on",
        per_subject=True,
    ),
)


def _mrr(column: str, where: str | None = None) -> Measure:
    """The sum of a monthly amount over the customers that paid at the start."""
    return Measure("customers", f"sum({column})", where, 0, True)


_START, _END, _KEPT = _mrr("start_mrr"), _mrr("end_mrr"), _mrr("kept_mrr")
_CUSTOMERS = count("customers")
_LOST = count("customers", "NOT pays_at_end")
_NO_CUSTOMERS = "they had no paying customer at the start of the period"
_SMALL_BOOK = "With few customers, one of them moves it a lot."


def _retention(
    metric_id: str, label: str, definition: str, better: str, measures: dict[str, Measure], **more
) -> Metric:
    """A ratio over the customers of the start; its formula names a part and `start`."""
    return Metric(
        id=metric_id,
        label=label,
        definition=definition,
        unit="ratio",
        better=better,
        measures=measures,
        by=("segment",),
        needs=("subscriptions",),
        absent=_NO_CUSTOMERS,
        **more,
    )


_RENEWED = Measure("renewals_due", "sum(renewed_mrr)", "renewed", 0, True)
_PENDING = (("pending and left out: {n} of the renewals due", count("renewals_due", "NOT decided")),)
_NOTHING_DECIDED = "no renewal due in the period has been decided"

_LIFETIME = {
    "mrr": _START,
    "customers": _CUSTOMERS,
    "months": Measure("customers", "max(months)"),
    "lost": _LOST,
    "earned": total("lines_of_customers", "earned"),
    "sold": total("lines_of_customers", "sold"),
}
_CLV = "(mrr * months / customers) * (earned / nullif(sold, 0)) / nullif(lost / customers, 0)"
_ACQUISITION = {
    "spent": money("spend_of_teams", "counted"),
    "won": Measure("deals_closed", "count(DISTINCT coalesce(account, record_id))", "owns AND won AND new_business", 0),
}
_CAC = "nullif(spent, 0) / nullif(won, 0)"
_COMMON = (("spend of the whole organisation, left out: {n} entries", count("spend_of_teams", "NOT counted")),)

METRICS = (
    Metric(
        id="protected_mrr",
        label="Protected MRR",
        definition="monthly recurring revenue at the start of the period that still pays at its end, without expansion",
        unit="currency",
        better="higher",
        formula="CASE WHEN customers > 0 THEN kept END",
        measures={"kept": _KEPT, "customers": _CUSTOMERS},
        team="mean",
        why="Revenue that stays need not be won again.",
        needs=("subscriptions",),
        absent=_NO_CUSTOMERS,
        records=("kept",),
    ),
    Metric(
        id="renewal_rate",
        label="Renewal rate",
        definition="renewed / (renewed + churned), renewals due in the period, pending ones apart",
        unit="ratio",
        better="higher",
        formula="renewed / nullif(decided, 0)",
        measures={"renewed": count("renewals_due", "renewed"), "decided": count("renewals_due", "decided")},
        by=("segment",),
        why="Renewals show whether customers get what they bought.",
        caveat=_SMALL_BOOK,
        needs=("renewals", "renewals.outcome"),
        absent=_NOTHING_DECIDED,
        remarks=_PENDING,
    ),
    Metric(
        id="renewal_rate.value",
        label="Renewal rate by value",
        definition="MRR renewed / MRR due, renewals due in the period and decided",
        unit="ratio",
        better="higher",
        formula="renewed / nullif(due, 0)",
        measures={"renewed": _RENEWED, "due": Measure("renewals_due", "sum(mrr)", "decided", 0, True)},
        why="A renewal at a lower price is only half a renewal.",
        caveat="Over 100% where contracts grew at renewal.",
        needs=("renewals", "renewals.outcome", "renewals.mrr"),
        absent=_NOTHING_DECIDED,
        records=("due",),
        remarks=_PENDING,
    ),
    Metric(
        id="renewed_mrr",
        label="Renewed MRR",
        definition="monthly recurring revenue of the contracts renewed in the period",
        unit="currency",
        better="higher",
        formula="renewed",
        measures={"renewed": money("renewals_made")},
        team="mean",
        why="Renewed revenue is the base that next year's plan starts from.",
        needs=("renewals", "renewals.outcome", "renewals.mrr|renewals.renewed_mrr"),
    ),
    Metric(
        id="renewal_forecast_accuracy",
        label="Renewal forecast accuracy",
        definition="1 - abs(MRR renewed - commit) / MRR renewed, floor 0, renewals due in the period; the commit as of "
        "the forecast day",
        unit="ratio",
        better="higher",
        formula="CASE WHEN committed > 0 AND actual > 0 THEN greatest(0, 1 - abs(actual - committed) / actual) END",
        measures={
            "committed": money("renewal_forecasts", "category = 'commit'"),
            # Comparable people without a forecast would lower the group's accuracy.
            "actual": Measure(
                "renewals_due", "sum(renewed_mrr)", "renewed AND (forecast_known OR NOT is_peers)", 0, True
            ),
        },
        why="Capacity and cash are planned on the renewals that were promised.",
        caveat="One period says little: look at several.",
        needs=("renewals", "renewals.outcome", "forecasts"),
        absent="no renewal commit was submitted for the period by its forecast day, or nothing was renewed",
        records=("actual",),
        moment="forecast",
        only_finished=True,
    ),
    Metric(
        id="expansion_revenue",
        label="Expansion revenue",
        definition="amount of expansion deals (upsell and add-ons to existing customers) won in the period",
        unit="currency",
        better="higher",
        formula="CASE WHEN sum(deals) OVER (PARTITION BY subject) > 0 THEN revenue END",
        measures={
            "revenue": money("deals_closed", "won AND type = 'expansion'"),
            "deals": count("deals_closed", "won AND type = 'expansion'"),
        },
        team="mean",
        why="Growth with customers costs less than winning new ones.",
        needs=("deals", "deals.type"),
        absent="no expansion deal of theirs was won in this period or those it is compared with",
    ),
    _retention(
        "churn_rate",
        "Churn rate",
        "customers lost in the period / customers at its start",
        "lower",
        {"lost": _LOST, "start": _CUSTOMERS},
        formula="lost / nullif(start, 0)",
        why="Every customer lost has to be won again before the base can grow.",
        caveat=_SMALL_BOOK,
    ),
    _retention(
        "revenue_churn_rate",
        "Revenue churn rate",
        "MRR lost in the period, to customers who left or pay less / MRR at its start",
        "lower",
        {"start": _START, "kept": _KEPT},
        formula="(start - kept) / nullif(start, 0)",
        why="Lost recurring revenue is missing from every month to come.",
        caveat=_SMALL_BOOK,
    ),
    _retention(
        "gross_revenue_retention",
        "Gross revenue retention",
        "(start MRR - churn - contraction) / start MRR",
        "higher",
        {"kept": _KEPT, "start": _START},
        formula="kept / nullif(start, 0)",
        why="Shows how much of the base holds without any upsell.",
        caveat=_SMALL_BOOK,
    ),
    _retention(
        "net_revenue_retention",
        "Net revenue retention",
        "(start MRR - churn - contraction + expansion) / start MRR, same customers",
        "higher",
        {"kept_and_grown": _END, "start": _START},
        formula="kept_and_grown / nullif(start, 0)",
        why="Over 100%, the base grows without a single new customer.",
        caveat=_SMALL_BOOK,
    ),
    Metric(
        id="accounts_at_risk",
        label="Accounts at risk",
        definition="accounts due for renewal within {renewal_horizon_days} days of the period's end with falling usage "
        "or an open escalation on its last day",
        unit="count",
        better="lower",
        formula="accounts",
        measures={"accounts": distinct("renewals_ahead", "account", "at_risk")},
        team="mean",
        by=("segment",),
        why="Risk seen a quarter ahead can still be turned; seen at renewal it cannot.",
        caveat="Risk that shows in neither usage nor escalations is not seen.",
        needs=("renewals", "usage|escalations"),
        moment="end",
    ),
    Metric(
        id="usage_growth",
        label="Usage growth",
        definition="usage in the last 30 days of the period / in the 30 days before it - 1, accounts measured in both",
        unit="ratio",
        better="higher",
        formula="recent / nullif(before, 0) - 1",
        measures={
            "recent": total("usage_of_accounts", "recent"),
            "before": total("usage_of_accounts", "at_start"),
        },
        by=("segment",),
        why="Customers who use more renew more readily.",
        caveat="Adds up the source's units: compare accounts that use the same product.",
        needs=("usage", "accounts.owner"),
        absent="none of their accounts has usage on record at the end of the period and before it",
        origin="beside the metric dictionary",
        only_finished=True,
    ),
    Metric(
        id="clv",
        label="Customer lifetime value",
        definition="average revenue per customer in the period x gross margin of what these customers bought / churn "
        "rate",
        unit="currency",
        better="higher",
        formula=_CLV,
        measures=_LIFETIME,
        why="Says what keeping a customer is worth, and so what it may cost.",
        caveat="Unreliable on few customers: one more or less lost moves it a lot.",
        needs=("subscriptions", "deal_lines.margin"),
        absent="no customer left in the period, or no margin is on record for what the customers bought",
        records=("mrr",),
    ),
    Metric(
        id="cac",
        label="Customer acquisition cost",
        definition="sales and marketing spend of the teams / customers they won; the organisation's common spend "
        "counts for its head",
        unit="currency",
        better="lower",
        formula=_CAC,
        measures=_ACQUISITION,
        team=None,
        why="A customer should bring in more than it costs to win.",
        caveat="Judge over a long window: spend comes before the customers that it wins.",
        needs=("spend", "deals"),
        absent="no customer was won in the period, or no spend is on record for it",
        records=("won",),
        subjects=("team",),
        remarks=_COMMON,
    ),
    Metric(
        id="clv_to_cac",
        label="Lifetime value to acquisition cost",
        definition="customer lifetime value / customer acquisition cost",
        unit="multiple",
        better="higher",
        formula=f"({_CLV}) / nullif({_CAC}, 0)",
        measures={**_LIFETIME, **_ACQUISITION},
        team=None,
        why="Under 1x, winning customers loses money.",
        caveat="Both parts need a long window and many customers.",
        needs=("subscriptions", "deal_lines.margin", "spend", "deals"),
        absent="lifetime value or acquisition cost cannot be computed for the period",
        records=("mrr",),
        subjects=("team",),
        remarks=_COMMON,
    ),
)
