"""Activity: what was done in the period, what was booked, and what came of calls and meetings."""

from __future__ import annotations

from tools.metrics.model import Measure, Metric, Rows, count, distinct, median, total

ROWS = (
    Rows(
        "activities_of_period",
        """SELECT p.period, a.owner AS person,
                  local_day(a.at) AS on_day, a.activity_id AS record_id,
                  a.type, a.type IN ('meeting', 'demo') AS meeting, coalesce(a.status, 'completed') AS status,
                  coalesce(a.status, 'completed') = 'completed' AS done,
                  CAST(a.minutes AS DECIMAL(18, 4)) AS minutes, coalesce(a.selling, false) AS selling,
                  CASE WHEN a.type IN ('meeting', 'demo')
                       THEN coalesce(nullif(trim(a.outcome), ''), replace(coalesce(a.status, 'completed'), '_', ' '))
                       ELSE nullif(trim(a.outcome), '') END AS outcome,
                  a.status IS NOT NULL AS status_known, nullif(trim(a.outcome), '') IS NOT NULL AS outcome_known
           FROM activities a
           JOIN people_in_periods p ON p.person = a.owner AND a.at >= p.start_at AND a.at < p.end_at""",
        table="activities",
        coverage="activities.at",
    ),
    Rows(
        "meetings_booked",
        """SELECT p.period, a.owner AS person,
                  local_day(coalesce(a.booked_at, a.at)) AS on_day,
                  a.activity_id AS record_id, coalesce(a.qualified, false) AS qualified
           FROM activities a
           JOIN people_in_periods p ON p.person = a.owner AND coalesce(a.booked_at, a.at) >= p.start_at
                                   AND coalesce(a.booked_at, a.at) < p.end_at
           WHERE a.type IN ('meeting', 'demo')""",
        table="activities",
        coverage="activities.at",
    ),
    Rows(
        "working_days",
        "SELECT subject, period, period AS record_id, days FROM working_days",
        table="people",
        coverage="activities.at",
        per_subject=True,
    ),
    Rows(
        "qualified_meetings_held",
        """SELECT p.period, m.person, m.held_on AS on_day, m.activity_id AS record_id,
                  CASE WHEN m.opportunity_on < p.known_end THEN m.opportunity END AS opportunity,
                  coalesce(m.opportunity_on < p.known_end, false) AS converted,
                  p.known_end - m.held_on <= w.days AS recent
           FROM qualified_meetings m JOIN periods p ON m.held_on >= p.start_on AND m.held_on < p.end_on
           JOIN usual_waits w ON w.step = 'meeting_to_opportunity'""",
        table="activities",
        coverage="activities.at",
    ),
    Rows(
        "first_meetings",
        """SELECT p.period, m.person, m.met_on AS on_day, m.activity_id AS record_id, t.touches
           FROM first_meetings m JOIN periods p ON m.met_on >= p.start_on AND m.met_on < p.end_on
           JOIN touches_before_meeting t ON t.prospect = m.prospect""",
        table="activities",
        coverage="activities.at",
    ),
)

# Metric id → label, the activities that count, what they are called, and why they matter.
_KINDS = {
    "calls": ("Calls", "type = 'call'", "calls", "Calls matter for the meetings and deals that come of them."),
    "emails": ("E-mails", "type = 'email'", "e-mails", "E-mails matter for the replies and meetings that they bring."),
    "meetings_held": ("Meetings held", "meeting", "meetings and demos", "Meetings held are where deals are qualified."),
    "demos": ("Demos", "type = 'demo'", "demos", "A demo shows whether the product answers the buyer's problem."),
    "follow_ups": ("Follow-ups", "type = 'follow_up'", "follow-ups", "Follow-ups keep decisions from going stale."),
    "tasks_completed": ("Tasks completed", "type = 'task'", "tasks", "Tasks done on time keep promises to buyers."),
    "chats": ("Chats", "type = 'chat'", "chats", "Chats answer buyers while they are looking."),
    "notes": ("Notes", "type = 'note'", "notes", "Notes let colleagues take over without asking the buyer again."),
    "sequences": ("Sequences", "type = 'sequence'", "sequences", "Sequences decide how many prospects hear from us."),
    "business_reviews": (
        "Business reviews",
        "type = 'business_review'",
        "business reviews",
        "Reviews with agreed success criteria surface risk and growth early.",
    ),
}


def _done(metric_id: str) -> Measure:
    return count("activities_of_period", f"done AND {_KINDS[metric_id][1]}")


def _counts(metric_id: str) -> tuple[Metric, Metric]:
    """How many, and how many per working day. Somebody who never does this kind of thing has no value, not 0."""
    label, _, name, why = _KINDS[metric_id]
    absent = f"no {name} of theirs are on record in this period or those it is compared with"
    return (
        Metric(
            id=metric_id,
            label=label,
            definition=f"{name} completed in the period",
            unit="count",
            better="higher",
            formula="CASE WHEN sum(done) OVER (PARTITION BY subject) > 0 THEN done END",
            measures={"done": _done(metric_id)},
            team="mean",
            why=why,
            caveat="Activity explains results; it is not one.",
            needs=("activities",),
            absent=absent,
        ),
        Metric(
            id=f"{metric_id}.per_day",
            label=f"{label} per working day",
            definition=f"{name} completed in the period / its Mondays to Fridays",
            unit="count",
            better="higher",
            formula="CASE WHEN sum(done) OVER (PARTITION BY subject) > 0 THEN done / days END",
            measures={"done": _done(metric_id), "days": total("working_days", "days")},
            why=why,
            caveat="Public holidays and leave count as working days.",
            needs=("activities",),
            absent=absent,
            records=("done",),
        ),
    )


def _outcomes(metric_id: str, label: str, which: str, name: str, recorded: str) -> Metric:
    """The share of each outcome."""
    return Metric(
        id=metric_id,
        label=label,
        definition=f"{name} in the period by outcome ({recorded}), as share of those that have one",
        unit="ratio",
        better=None,
        # Where nothing at all is recorded of what became of them, they would all pass for completed.
        formula="CASE WHEN sum(told) OVER (PARTITION BY subject) > 0 "
        "THEN found / sum(found) OVER (PARTITION BY subject, period) END",
        measures={
            "found": count("activities_of_period", which),
            "told": count("activities_of_period", f"{which} AND (outcome_known OR status_known)"),
        },
        by=("outcome",),
        split_of=metric_id,
        why="What comes of an activity says more than how often it was done.",
        needs=("activities",),
        absent=f"none of the {name} in the period has an outcome",
        records=("found",),
    )


_BOOKED = "Meetings booked feed the pipeline of the coming weeks."

METRICS = (
    *(metric for metric_id in _KINDS for metric in _counts(metric_id)),
    Metric(
        id="tasks",
        label="Tasks",
        definition="tasks of the period by status",
        unit="count",
        better=None,
        formula="tasks",
        measures={"tasks": count("activities_of_period", "type = 'task'")},
        team="mean",
        by=("status",),
        split_of="tasks",
        why="Open tasks are promises not yet kept.",
        needs=("activities",),
        absent="no tasks of theirs are on record in the period",
    ),
    Metric(
        id="meetings_booked",
        label="Meetings booked",
        definition="meetings and demos booked in the period",
        unit="count",
        better="higher",
        formula="CASE WHEN sum(booked) OVER (PARTITION BY subject) > 0 THEN booked END",
        measures={"booked": count("meetings_booked")},
        team="mean",
        why=_BOOKED,
        caveat="Activity explains results; it is not one.",
        needs=("activities",),
        absent="no meeting of theirs was booked in this period or those it is compared with",
    ),
    Metric(
        id="qualified_meetings",
        label="Qualified meetings booked",
        definition="meetings and demos booked in the period and marked as qualified",
        unit="count",
        better="higher",
        formula="CASE WHEN sum(booked) OVER (PARTITION BY subject) > 0 THEN booked END",
        measures={"booked": count("meetings_booked", "qualified")},
        team="mean",
        why="Qualified meetings are the ones that can become opportunities.",
        needs=("activities", "activities.qualified"),
        absent="no qualified meeting of theirs was booked in this period or those it is compared with",
    ),
    Metric(
        id="qualified_meetings_held",
        label="Qualified meetings held",
        definition="meetings and demos marked as qualified and held in the period",
        unit="count",
        better="higher",
        formula="CASE WHEN sum(held) OVER (PARTITION BY subject) > 0 THEN held END",
        measures={"held": count("qualified_meetings_held")},
        team="mean",
        why="Only a qualified meeting that takes place can become an opportunity.",
        needs=("activities", "activities.qualified"),
        absent="no qualified meeting of theirs was held in this period or those it is compared with",
    ),
    _outcomes("call_outcomes", "Share of calls", "done AND type = 'call'", "calls", "as the source names it"),
    _outcomes(
        "meeting_outcomes", "Share of meetings", "meeting", "meetings", "as the source names it, else its status"
    ),
    Metric(
        id="show_rate",
        label="Show rate",
        definition="meetings held / meetings booked for the period and due (those called off beforehand are not due)",
        unit="ratio",
        better="higher",
        formula="CASE WHEN sum(told) OVER (PARTITION BY subject) > 0 THEN held / nullif(due, 0) END",
        measures={
            "told": count("activities_of_period", "meeting AND status_known"),
            "held": count("activities_of_period", "meeting AND done"),
            "due": count("activities_of_period", "meeting AND status <> 'cancelled'"),
        },
        why="A meeting that nobody attends costs the time of finding it.",
        needs=("activities", "activities.status"),
        absent="no meeting was due in the period, or nothing says which of them were held",
        records=("held", "due"),
    ),
    Metric(
        id="meeting_to_opportunity",
        label="Meeting to opportunity",
        definition="opportunities that came of the qualified meetings held in the period / those meetings",
        unit="ratio",
        better="higher",
        formula="opportunities / nullif(meetings, 0)",
        measures={
            "opportunities": distinct("qualified_meetings_held", "opportunity"),
            "meetings": count("qualified_meetings_held"),
        },
        why="Meetings that do not become opportunities fill calendars, not the pipeline.",
        caveat="Meetings held in the last days of the period may still become opportunities.",
        needs=("activities", "activities.qualified", "activities.deal|leads.deal|leads.converted_at"),
        absent="no qualified meeting was held in the period",
        remarks=(
            (
                "still open: {n} of these meetings were held too recently to tell",
                count("qualified_meetings_held", "NOT converted AND recent"),
            ),
        ),
    ),
    Metric(
        id="touches_to_first_meeting",
        label="Touches before the first meeting",
        definition="median number of e-mails, calls, chats, tasks and follow-ups before the first meeting with a "
        "prospect, first meetings held in the period",
        unit="count",
        better="lower",
        formula="touches",
        measures={"touches": median("first_meetings", "touches")},
        why="Fewer touches per meeting leave time for more prospects.",
        needs=("activities.lead|activities.deal",),
        absent="no first meeting with a prospect was held in the period",
    ),
    Metric(
        id="selling_time",
        label="Selling time",
        definition="hours marked as selling / all logged hours of the period",
        unit="ratio",
        better="higher",
        formula="selling / nullif(logged, 0)",
        measures={
            "selling": total("activities_of_period", "minutes", "done AND selling"),
            "logged": total("activities_of_period", "minutes", "done"),
        },
        why="Hours with buyers are the ones that move deals.",
        caveat="Only as good as the time that people log.",
        needs=("activities", "activities.minutes", "activities.selling"),
        absent="no hours were logged in the period",
        records=("logged",),
    ),
)
