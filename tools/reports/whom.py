"""Whom the rows of a report are about: everybody who sells, teams, or the whole."""

from __future__ import annotations

from dataclasses import replace

from tools.metrics.engine import Engine
from tools.metrics.subjects import EVERYBODY, Subject, active_subjects, find_subject, team_subject


def subjects_of(engine: Engine, by: str, who: str | None) -> list[Subject]:
    """Whom the rows are about, the whole last; what is split by a column of the records is about the whole only."""
    whole = EVERYBODY if who is None else find_subject(engine.database, who, engine.period)
    if by == "team":
        return [*(team_subject(team) for team in _teams(engine, whole)), whole]
    if by == "rep" and whole.kind != "person":
        return [*_reps(engine, whole), whole]
    return [whole]


def _reps(engine: Engine, whole: Subject) -> list[Subject]:
    """Everybody who sells, as themselves: a manager too, where they have deals of their own and no team's quota."""
    database = engine.database
    selling_managers = {row[0] for row in database.rows(_SELLING_MANAGERS)}
    within = _people_within(engine, whole)
    return [
        replace(subject, kind="person", peers=None)
        for subject in active_subjects(database, engine.period)
        if (subject.role != "sales_manager" or subject.person in selling_managers)
        and (within is None or subject.person in within)
    ]


def _people_within(engine: Engine, whole: Subject) -> set[str] | None:
    """Who was in the team, or below the manager, in the period; None: everybody."""
    period, database = engine.period, engine.database
    if whole is EVERYBODY:
        return None
    if whole.kind == "team":
        rows = database.rows(
            "SELECT person FROM spells WHERE team = ? AND from_on < ? AND to_on > ?",
            [whole.team, period.end, period.start],
        )
    else:
        rows = database.rows(_BELOW, [whole.person, period.end, period.start])
    return {row[0] for row in rows}


def _teams(engine: Engine, whole: Subject) -> list[str]:
    """The teams that anybody within the whole was in."""
    period, within = engine.period, _people_within(engine, whole)
    rows = engine.database.rows(
        "SELECT team, person FROM spells WHERE team IS NOT NULL AND from_on < ? AND to_on > ?",
        [period.end, period.start],
    )
    return sorted({team for team, person in rows if within is None or person in within})


_SELLING_MANAGERS = """
SELECT DISTINCT owner FROM deals WHERE owner NOT IN (
    SELECT person FROM targets
    WHERE person IS NOT NULL AND metric IN ('quota', 'revenue_won') AND covers IS DISTINCT FROM 'own')
"""

_BELOW = """
WITH RECURSIVE below(person) AS (
    SELECT person FROM spells WHERE manager = $1 AND from_on < $2 AND to_on > $3
    UNION
    SELECT s.person FROM below b JOIN spells s ON s.manager = b.person AND s.from_on < $2 AND s.to_on > $3
)
SELECT person FROM below
"""
