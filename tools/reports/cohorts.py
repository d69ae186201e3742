"""Deals by the day of their creation: what became of those created in a period, as far as is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tools.errors import InputError
from tools.metrics.engine import Engine
from tools.metrics.model import Rows
from tools.metrics.subjects import Subject
from tools.periods import Period
from tools.reports.model import Report

_DAY = timedelta(days=1)
_CLOSED = "d.closed_on >= p.start_on AND d.closed_on < p.end_on"
# Every bucket is followed for as many days, so that no cohort had longer to close than the one beside it.
_CREATED = "d.created_on >= p.start_on AND d.created_on < p.end_on AND d.closed_on < p.known_end"


def cohort_rows(rows: Sequence[Rows], report: Report) -> tuple[Rows, ...]:
    """The same rows by the day of creation. Raises `InputError` for a report that is not about closed deals."""
    asked = {measure.rows for metric in report.columns for measure in metric.measures.values()}
    if not any(each.name in asked and _CLOSED in each.sql for each in rows):
        raise InputError(f"{report.name} is not about closed deals, so that --date create means nothing for it.")
    return tuple(
        replace(each, sql=each.sql.replace(_CLOSED, _CREATED), coverage="deals.created_on")
        if _CLOSED in each.sql and each.name in asked
        else each
        for each in rows
    )


def followed_until(whole: Period, as_of: date) -> dict[str, Period]:
    """A period that reaches from the end of the one asked for to `as_of`, so that deals closed since are known."""
    if as_of < whole.end:
        return {}
    return {"followed": Period("followed", whole.end, as_of + _DAY, as_of + _DAY)}


def still_open(engine: Engine, subject: Subject, as_of: date) -> list[str]:
    """A note on the deals created in the period that may yet be won or lost."""
    created, undecided = engine.database.rows(
        "SELECT count(*), count(*) FILTER (d.status = 'open' OR d.closed_on > $2) FROM deals d "
        "JOIN (SELECT DISTINCT person FROM scope WHERE subject = $1) s ON s.person = d.owner "
        "JOIN periods p ON p.period = 'current' AND d.created_on >= p.start_on AND d.created_on < p.end_on",
        [subject.key, as_of],
    )[0]
    return [f"still open on {as_of}: {undecided} of the {created} deals created in the period"] if undecided else []
