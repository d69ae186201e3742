"""Capacity: how much each seller carries, how fast they turn opportunities into money, who left, what sales cost."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, mean, money
from tools.metrics.needs import LOST_KNOWN, OPEN_KNOWN

ROWS = (
    Rows(
        "sellers",
        "SELECT subject, period, person AS record_id, at_start, at_end, leaver FROM headcounts",
        table="people",
        coverage="deals.created_on",
        per_subject=True,
    ),
    Rows(
        "deals_open_at_start",
        """SELECT m.period, d.person, p.start_on AS on_day, d.deal_id AS record_id, d.new_business, d.owns
           FROM open_deals d JOIN moments m ON m.moment = 'start' AND m.on_day = d.on_day
           JOIN periods p ON p.period = m.period""",
        table="deals",
        coverage="deals.created_on",
    ),
    Rows(
        "accounts_held",
        """SELECT c.subject, p.period, a.account_id AS record_id
           FROM accounts a
           JOIN own_records r ON r.person = a.owner
           JOIN periods p ON r.first_on < p.end_on
           JOIN scope c ON c.person = a.owner AND p.end_on - 1 >= c.from_on AND p.end_on - 1 < c.to_on
           WHERE p.period = 'current' OR NOT c.is_peers""",
        table="accounts",
        coverage="deals.created_on",
        per_subject=True,
    ),
)

_WON = "owns AND won AND new_business"
_HEADS = count("sellers", "at_end")


def _workload(of: str, label: str, definition: str, measure: Measure, needs: tuple[str, ...], **more) -> Metric:
    """How much of something each seller has: a person's own, or a team's per head."""
    return Metric(
        id=f"workload[of={of}]",
        label=label,
        definition=f"{definition}; of a team: per person in it at the end of the period, its managers apart",
        unit="count",
        better=None,
        formula="CASE WHEN held > 0 THEN held / nullif(heads, 0) END",
        measures={"held": measure, "heads": _HEADS},
        why="Whoever carries far more than others cannot follow up on all of it.",
        caveat="Counts only: a strategic account takes more than a small one.",
        needs=needs,
        absent="they had none, or nobody was there at the end of the period to carry it",
        records=("held",),
        **more,
    )


_SPEND = (("spend of the whole organisation, left out: {n} entries",
           count("spend_of_teams", "category = 'sales' AND NOT counted")),)  # fmt: skip
_SALES_SPEND = money("spend_of_teams", "category = 'sales' AND counted")

METRICS = (
    Metric(
        id="sales_velocity",
        label="Sales velocity",
        definition="(deals open at the start + created) x win rate x average deal size / sales cycle, new business: "
        "money per day",
        unit="currency",
        better="higher",
        formula="(standing + created) * won / nullif(won + lost, 0) * amount / nullif(valued, 0) / nullif(cycle, 0)",
        measures={
            "standing": count("deals_open_at_start", "owns AND new_business"),
            "created": count("deals_made", "owns AND new_business"),
            "won": count("deals_closed", _WON),
            "lost": count("deals_closed", "owns AND NOT won AND new_business"),
            "amount": money("deals_closed", _WON, "full_amount"),
            "valued": count("deals_closed", f"{_WON} AND full_amount IS NOT NULL"),
            "cycle": mean("deals_closed", "cycle_days", _WON),
        },
        team="mean",
        why="Says how much money a day the pipeline turns out, and which of the four levers moves it.",
        caveat="Multiplies four figures, and their errors: compare it with its own past only.",
        needs=("deals.created_on", LOST_KNOWN, "deals.created_on<closed_on|deals.first_contact_on<closed_on"),
        absent="no new-business deal with an amount and a start date was won in the period",
        records=("won", "lost", "standing", "created"),
        paced=True,
    ),
    _workload(
        "accounts", "Accounts", "accounts that the person looks after", count("accounts_held"), ("accounts.owner",)
    ),
    _workload("deals", "Open deals per person", "deals open at the end of the period", count("deals_open", "owns"),
              ("deals", OPEN_KNOWN), moment="end"),
    _workload(
        "touchpoints", "Touchpoints", "activities completed in the period",
        count("activities_of_period", "done AND type <> 'note'"), ("activities",),
    ),
    Metric(
        id="team_turnover",
        label="Team turnover",
        definition="people who left in the period / average of the headcounts at its start and end, managers apart",
        unit="ratio",
        better="lower",
        formula="leavers / nullif((before + after) / 2, 0)",
        measures={
            "leavers": count("sellers", "leaver"),
            "before": count("sellers", "at_start"),
            "after": count("sellers", "at_end"),
        },
        team=None,
        why="Every leaver takes relations along, and a successor needs months to sell as much.",
        caveat="In a small team one leaver is a large share.",
        needs=("people.leave_on|people.active",),
        absent="nobody was in the team",
        records=("leavers",),
        subjects=("team",),
    ),
    Metric(
        id="sales_efficiency",
        label="Sales efficiency",
        definition="revenue won / sales spend of the period; the organisation's common spend counts for its head",
        unit="multiple",
        better="higher",
        formula="revenue / nullif(spent, 0)",
        measures={"revenue": money("deals_closed", "won"), "spent": _SALES_SPEND},
        team=None,
        why="Growth that costs more than it brings cannot go on.",
        caveat="Judge over a long window: spend comes before the revenue that it wins.",
        needs=("spend", "deals"),
        absent="no sales spend is on record for the period",
        records=("revenue",),
        subjects=("team",),
        remarks=_SPEND,
    ),
    Metric(
        id="sales_efficiency.customers",
        label="Customers won per 1,000 of spend",
        definition="customers won x 1,000 / sales spend of the period",
        unit="multiple",
        better="higher",
        formula="won * 1000 / nullif(spent, 0)",
        measures={
            "won": Measure(
                "deals_closed", "count(DISTINCT coalesce(account, record_id))", "owns AND won AND new_business", 0
            ),
            "spent": _SALES_SPEND,
        },
        team=None,
        why="Shows whether efficiency comes from many customers or from a few large ones.",
        caveat="Judge over a long window: spend comes before the customers that it wins.",
        needs=("spend", "deals"),
        absent="no sales spend is on record for the period",
        records=("won",),
        subjects=("team",),
        remarks=_SPEND,
    ),
)  # fmt: skip
