"""Outcomes: what was won and lost, how large, how fast, against what was agreed, and why not."""

from __future__ import annotations

from tools.metrics.model import Metric, Rows, count, mean, median, money, total
from tools.metrics.needs import LOST_KNOWN

ROWS = (
    Rows(
        "deals_closed",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.* EXCLUDE (person)
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "deals_won_on_plan",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.amount, d.unvalued, d.unrated,
                  g.person IS NOT NULL AS quota_known
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           LEFT JOIN goals g ON g.person = d.person AND g.period = p.period
                            AND g.metric = 'revenue_won' AND g.slot = 'own' AND g.covered
           WHERE d.won""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "deals_lost_from",
        """SELECT p.period, d.person, d.closed_on AS on_day, d.deal_id AS record_id, d.full_amount AS amount,
                  d.unvalued, d.unrated, nullif(trim(d.lost_reason), '') AS reason, l.stage
           FROM closed_deals d JOIN periods p ON d.closed_on >= p.start_on AND d.closed_on < p.end_on
           LEFT JOIN stages_left l ON l.place = d.place
           WHERE d.owns AND NOT d.won""",
        table="deals",
        coverage="deals.closed_on",
    ),
    Rows(
        "deals_made",
        """SELECT p.period, coalesce(h.person, f.person, d.owner) AS person, d.created_on AS on_day,
                  d.deal_id AS record_id, v.unvalued, v.unrated, d.source, d.product,
                  CASE WHEN h.deal IS NULL THEN v.amount ELSE CAST(v.amount * h.share AS DECIMAL(18, 4)) END AS amount,
                  h.deal IS NULL OR h.person IS NOT DISTINCT FROM h.owner AS owns,
                  coalesce(d.segment, a.segment) AS segment, d.origin, coalesce(d.type, 'new') = 'new' AS new_business
           FROM placed_deals d JOIN periods p ON d.created_on >= p.start_on AND d.created_on < p.end_on
           JOIN deal_amounts v ON v.period = p.period AND v.place = d.place
           LEFT JOIN first_owners f ON f.deal = d.deal_id
           LEFT JOIN shares h ON h.deal = d.deal_id AND h.owner IS NOT DISTINCT FROM coalesce(f.person, d.owner)
           LEFT JOIN accounts a ON a.account_id = d.account""",
        table="deals",
        coverage="deals.created_on",
    ),
    Rows(
        "own_quotas",
        "SELECT subject, period, subject AS record_id, value FROM own_quotas",
        table="targets",
        coverage="targets.start_on",
        per_subject=True,
    ),
    Rows(
        "quotas",
        """SELECT subject, period, metric AS record_id, value, slot, metric FROM subject_goals
           WHERE metric = 'revenue_won'""",
        table="targets",
        coverage="targets.start_on",
        per_subject=True,
    ),
)

_WON_NEW = "owns AND won AND new_business"
_WON = count("deals_closed", _WON_NEW)
_LOST = count("deals_closed", "owns AND NOT won AND new_business")
# Where no deal took a day, the source tells of orders and not of deals.
_LASTED = "deals.created_on<closed_on|deals.first_contact_on<closed_on"
_NOTHING_CLOSED = "no new-business deal was won or lost in the period"

METRICS = (
    Metric(
        id="revenue_won",
        label="Revenue won",
        definition="sum of the amounts of deals won in the period",
        unit="currency",
        better="higher",
        formula="revenue",
        measures={"revenue": money("deals_closed", "won")},
        team="mean",
        why="Revenue won is what the quota and the plan are measured by.",
        needs=("deals",),
    ),
    Metric(
        id="quota_attainment",
        label="Quota attainment",
        definition="revenue won / quota",
        unit="ratio",
        better="higher",
        formula="revenue / nullif(quota, 0)",
        measures={
            # Comparable people without a quota would lift the group's attainment. A manager's own quota is compared
            # with what they won themselves.
            "revenue": money("deals_won_on_plan", "CASE WHEN is_peers THEN quota_known ELSE person = subject END"),
            "quota": total("own_quotas", "value"),
        },
        why="Attainment says whether the period delivered what the plan counts on.",
        needs=("deals", "targets"),
        absent="no quota is on record for the whole period; add one to targets",
        records=("revenue",),
        own_target=1.0,
    ),
    Metric(
        id="deals_won",
        label="Deals won",
        definition="deals closed won in the period",
        unit="count",
        better="higher",
        formula="won",
        measures={"won": count("deals_closed", "owns AND won")},
        team="mean",
        why="More wins spread the result over more customers.",
        needs=("deals",),
    ),
    Metric(
        id="deals_lost",
        label="Deals lost",
        definition="deals closed lost in the period",
        unit="count",
        better=None,
        formula="lost",
        measures={"lost": count("deals_closed", "owns AND NOT won")},
        team="mean",
        why="Lost deals show where selling time went without a result.",
        needs=("deals", LOST_KNOWN),
    ),
    Metric(
        id="deals_created",
        label="Deals created",
        definition="deals created in the period, for whoever owned them first",
        unit="count",
        better="higher",
        formula="created",
        measures={"created": count("deals_made", "owns")},
        team="mean",
        why="Deals created now are the wins of the periods to come.",
        needs=("deals",),
    ),
    Metric(
        id="win_rate",
        label="Win rate",
        definition="won / (won + lost), new-business deals closed in the period",
        unit="ratio",
        better="higher",
        formula="won / (won + lost)",
        measures={"won": _WON, "lost": _LOST},
        by=("segment",),
        why="A higher win rate turns the same pipeline into more revenue.",
        needs=("deals", LOST_KNOWN),
        absent=_NOTHING_CLOSED,
    ),
    Metric(
        id="average_deal_size",
        label="Average deal size",
        definition="revenue won / deals won, new business, deals without an amount left out",
        unit="currency",
        better="higher",
        formula="amount / valued",
        measures={
            "amount": money("deals_closed", _WON_NEW, "full_amount"),
            "valued": count("deals_closed", f"{_WON_NEW} AND full_amount IS NOT NULL"),
        },
        by=("segment",),
        why="Larger deals reach the same quota with less selling time.",
        needs=("deals",),
        absent="no new-business deal with an amount was won in the period",
    ),
    Metric(
        id="sales_cycle_days",
        label="Sales cycle",
        definition="mean days from {cycle_start} to won, new business",
        unit="days",
        better="lower",
        formula="cycle",
        measures={"cycle": mean("deals_closed", "cycle_days", _WON_NEW)},
        by=("segment",),
        why="A shorter cycle brings revenue in sooner and makes forecasts easier to trust.",
        caveat="Cycles differ by segment and lead source: compare like with like.",
        needs=("deals", _LASTED),
        absent="no new-business deal with a start date was won in the period",
        remarks=(
            (
                "won deals without a start date, left out: {n}",
                count("deals_closed", f"{_WON_NEW} AND cycle_days IS NULL"),
            ),
        ),
    ),
    Metric(
        id="sales_cycle_days.median",
        label="Sales cycle, median",
        definition="median days from {cycle_start} to won, new business",
        unit="days",
        better="lower",
        formula="cycle",
        measures={"cycle": median("deals_closed", "cycle_days", _WON_NEW)},
        by=("segment",),
        why="Half of the won deals took longer than this.",
        caveat="Cycles differ by segment and lead source: compare like with like.",
        needs=("deals", _LASTED),
        absent="no new-business deal with a start date was won in the period",
    ),
    Metric(
        id="deal_velocity_days",
        label="Deal velocity",
        definition="mean days from creation to close, won and lost deals apart",
        unit="days",
        better="lower",
        formula="days",
        measures={"days": mean("deals_closed", "age_days", "owns")},
        by=("status",),
        split_of="deal_velocity_days",
        why="Deals decided sooner free time for the next ones.",
        needs=("deals", "deals.created_on<closed_on"),
        absent="no deal with a creation date was closed in the period",
    ),
    *(
        Metric(
            id=f"revenue_by_{by}",
            label="Revenue won",
            definition=f"revenue won by {by}",
            unit="currency",
            better=None,
            formula="revenue",
            measures={"revenue": money("deals_closed", "won")},
            team="mean",
            by=(by,),
            split_of="revenue_won",
            why=f"Which {by} the revenue comes from shows where more of it may be found.",
            needs=("deals",),
            absent=f"no deal won in the period has a {by}",
        )
        for by in ("source", "product", "segment")
    ),
    Metric(
        id="loss_reasons",
        label="Lost deals",
        definition="deals lost in the period by reason, and by the stage that they left from",
        unit="count",
        better=None,
        formula="lost",
        measures={"lost": count("deals_lost_from")},
        team="mean",
        by=("reason", "stage"),
        split_of="loss_reasons",
        why="The most frequent reason is the first to work on.",
        needs=("deals", LOST_KNOWN),
        absent="no deal lost in the period has a reason or a history of stages",
    ),
    Metric(
        id="loss_reasons.value",
        label="Value of lost deals",
        definition="amount of deals lost in the period by reason, and by the stage that they left from",
        unit="currency",
        better=None,
        formula="lost",
        measures={"lost": money("deals_lost_from")},
        team="mean",
        by=("reason", "stage"),
        split_of="loss_reasons.value",
        why="The costliest reason is the first to work on.",
        needs=("deals", LOST_KNOWN),
        absent="no deal lost in the period has an amount and a reason or a history of stages",
    ),
)
