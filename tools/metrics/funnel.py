"""The funnel: how fast leads are answered, and what became of those that arrived in the period."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, mean, median, money

ROWS = (
    Rows(
        "leads_arrived",
        """SELECT p.period, l.person, l.arrived_on AS on_day, l.lead_id AS record_id, l.origin, l.source,
                  coalesce(l.met_on < p.known_end, false) AS met,
                  coalesce(l.opportunity_on < p.known_end, false) AS converted,
                  coalesce(l.won_on < p.known_end, false) AS won,
                  coalesce(l.won_on < p.known_end OR l.lost_on < p.known_end, false) AS decided,
                  p.known_end - l.arrived_on <= m.days AS may_meet,
                  p.known_end - l.arrived_on <= o.days AS may_convert,
                  p.known_end - l.arrived_on <= c.days OR l.opportunity_on < p.known_end AS may_close
           FROM lead_milestones l JOIN periods p ON l.arrived_on >= p.start_on AND l.arrived_on < p.end_on
           JOIN usual_waits m ON m.step = 'lead_to_meeting'
           JOIN usual_waits o ON o.step = 'lead_to_opportunity'
           JOIN usual_waits c ON c.step = 'close'""",
        table="leads",
        coverage="leads.created_at",
    ),
    Rows(
        "leads_assigned",
        """SELECT p.period, t.person, local_day(t.assigned_at) AS on_day,
                  t.lead_id AS record_id,
                  CASE WHEN t.touched_at < p.known_at
                       THEN CAST(epoch(t.touched_at - t.assigned_at) / 60 AS DECIMAL(18, 6)) END AS minutes
           FROM first_touches t JOIN periods p ON t.assigned_at >= p.start_at AND t.assigned_at < p.end_at""",
        table="leads",
        coverage="leads.created_at",
    ),
    Rows(
        "opportunities_made",
        """SELECT p.period, coalesce(f.person, d.owner) AS person, d.created_on AS on_day, d.deal_id AS record_id,
                  d.days
           FROM first_contacts d SEMI JOIN deals_in_scope s ON s.place = d.place
           JOIN periods p ON d.created_on >= p.start_on AND d.created_on < p.end_on
           LEFT JOIN first_owners f ON f.deal = d.deal_id""",
        table="deals",
        coverage="deals.created_on",
    ),
)

_NO_LEADS = "no lead of theirs arrived in the period"
_EARLY = "still open: {n} of these leads arrived too recently to tell"
_COHORT = "A young cohort is still open; earlier ones are followed for as many days after their period."


def _step(
    metric_id: str, label: str, goal: str, reached: str, may: str, why: str, needs: str, by: tuple[str, ...] = ()
) -> Metric:
    """The share of the period's leads that got so far, with how many still may."""
    return Metric(
        id=metric_id,
        label=label,
        definition=f"share of the leads that arrived in the period {goal} so far",
        unit="ratio",
        better="higher",
        formula="reached / nullif(leads, 0)",
        measures={"reached": count("leads_arrived", reached), "leads": count("leads_arrived")},
        by=by,
        why=why,
        caveat=_COHORT,
        needs=("leads", needs),
        absent=_NO_LEADS,
        remarks=((_EARLY, count("leads_arrived", f"NOT {reached} AND {may}")),),
    )


_UNANSWERED = (("without an answer so far: {n} of the leads assigned", count("leads_assigned", "minutes IS NULL")),)
_TOUCHES = "leads.first_touch_at|activities.lead"
_RESPONSE = "assigned to this owner → first e-mail, call, chat, task or meeting, leads assigned in the period"
_PROMPT = "Leads answered within minutes are more likely to turn into a conversation."
_RESPONSE_CAVEAT = "Minutes run through nights and weekends."


def _response(metric_id: str, label: str, measure: Measure, how: str) -> Metric:
    return Metric(
        id=metric_id,
        label=label,
        definition=f"{how} minutes: {_RESPONSE}; unanswered ones left out",
        unit="minutes",
        better="lower",
        formula="minutes",
        measures={"minutes": measure},
        why=_PROMPT,
        caveat=_RESPONSE_CAVEAT,
        needs=("leads", _TOUCHES),
        absent="no lead assigned to them in the period has been answered",
        remarks=_UNANSWERED,
    )


def _first_contact(metric_id: str, label: str, measure: Measure, how: str) -> Metric:
    return Metric(
        id=metric_id,
        label=label,
        definition=f"{how} days from the first contact to the creation of the deal, new business created in the period",
        unit="days",
        better="lower",
        formula="days",
        measures={"days": measure},
        why="The sooner a contact becomes a deal, the sooner it can be won.",
        caveat="Differs by segment and lead source.",
        needs=("deals", "deals.created_on", "deals.first_contact_on|leads.deal"),
        absent="no new-business deal created in the period has a first contact on record",
        remarks=(
            (
                "left out for want of a first contact: {n} of the deals created",
                count("opportunities_made", "days IS NULL"),
            ),
        ),
    )


def _sourced(of: str, label: str, measure: Measure, all_of: Measure, definition: str, needs: tuple[str, ...]) -> Metric:
    return Metric(
        id=f"sourced_by_marketing[of={of}]",
        label=label,
        definition=definition,
        unit="ratio",
        better=None,
        formula="marketing / nullif(known, 0)",
        measures={"marketing": measure, "known": all_of},
        why="Shows how much of the result depends on marketing's campaigns, and how much on the team's own outreach.",
        caveat="Counts whoever originated the record, not everybody who influenced it.",
        needs=needs,
        absent=f"none of the {of} of the period names marketing or sales as its origin",
    )


_MARKETING, _KNOWN = "origin = 'marketing'", "origin IS NOT NULL"

METRICS = (
    _step(
        "lead_to_meeting", "Lead to meeting", "with whom a meeting was held", "met", "may_meet",
        "A lead that never meets anybody cannot buy.", "activities.lead|activities.deal",
    ),
    _step(
        "lead_to_opportunity", "Lead to opportunity", "that became an opportunity", "converted", "may_convert",
        "The share of leads worth working on tells marketing and sales where to look.", "leads.deal|leads.converted_at",
        by=("source",),
    ),
    Metric(
        id="close_rate",
        label="Close rate",
        definition="won so far / leads worked, of the leads that arrived in the period",
        unit="ratio",
        better="higher",
        formula="won / nullif(leads, 0)",
        measures={"won": count("leads_arrived", "won"), "leads": count("leads_arrived")},
        why="The share of leads that end as customers is what leads are paid for.",
        caveat=_COHORT,
        needs=("leads", "leads.deal", "deals"),
        absent=_NO_LEADS,
        remarks=(
            ("still open: {n} of these leads may yet be won", count("leads_arrived", "NOT decided AND may_close")),
        ),
    ),
    _first_contact(
        "first_contact_to_deal_days", "First contact to deal", mean("opportunities_made", "days"), "mean",
    ),
    _first_contact(
        "first_contact_to_deal_days.median", "First contact to deal, median", median("opportunities_made", "days"),
        "median",
    ),
    _response("lead_response_minutes", "Lead response time", median("leads_assigned", "minutes"), "median"),
    _response("lead_response_minutes.mean", "Lead response time, mean", mean("leads_assigned", "minutes"), "mean"),
    Metric(
        id="lead_response_minutes.within_5",
        label="Leads answered within 5 minutes",
        definition="share of the leads assigned in the period that were answered within 5 minutes",
        unit="ratio",
        better="higher",
        formula="prompt / nullif(assigned, 0)",
        measures={"prompt": count("leads_assigned", "minutes <= 5"), "assigned": count("leads_assigned")},
        why=_PROMPT,
        caveat=_RESPONSE_CAVEAT,
        needs=("leads", _TOUCHES),
        absent="no lead was assigned to them in the period",
        remarks=_UNANSWERED,
    ),
    _sourced(
        "leads", "Leads sourced by marketing", count("leads_arrived", _MARKETING), count("leads_arrived", _KNOWN),
        "leads that marketing originated / leads with a known origin, arrived in the period", ("leads", "leads.origin"),
    ),
    _sourced(
        "pipeline", "Pipeline sourced by marketing", money("deals_made", _MARKETING), money("deals_made", _KNOWN),
        "amount of opportunities that marketing originated / of those with a known origin, created in the period",
        ("deals", "deals.origin"),
    ),
    _sourced(
        "revenue", "Revenue sourced by marketing", money("deals_closed", f"won AND {_MARKETING}"),
        money("deals_closed", f"won AND {_KNOWN}"),
        "revenue won from deals that marketing originated / from those with a known origin", ("deals", "deals.origin"),
    ),
)  # fmt: skip
