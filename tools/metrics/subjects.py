"""Whom the figures are about: people, managers with their people, teams, and the group each is compared with.

`subjects` lists them; `scope(subject, person, from_on, to_on)` says whose records count for whom, and when:

    a person            their own records, whenever
    a manager           those who reported to them, directly or not, while they did; and the manager's own records
    a team              those who were in it, while they were
    a peers group       comparable people of one person: same role and, where recorded, segment, while they were;
                        of a manager: the people of all such managers
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from tools.database import Database
from tools.errors import NotFound, did_you_mean
from tools.facts import Scope
from tools.periods import Period

MANAGER = "sales_manager"


@dataclass(frozen=True)
class Subject:
    """Somebody to compute figures for. `key` is the person's id, or `team:<name>`; `peers` the key of their group.

    `everybody` takes all people together, whenever they were there.
    """

    key: str
    kind: Literal["person", "manager", "team", "everybody"]
    name: str
    role: str
    person: str | None
    team: str | None
    segment: str | None
    peers: str | None

    @property
    def is_team(self) -> bool:
        """Whether figures are those of several people together."""
        return self.kind != "person"


EVERYBODY = Subject("everybody", "everybody", "Everybody", MANAGER, None, None, None, None)


def find_subject(database: Database, who: str, period: Period) -> Subject:
    """The person or team of that id, e-mail, name or unambiguous part of a name. Raises `NotFound`.

    `team:<name>`, the key of a team, is that team and nobody else.
    """
    if who.startswith("team:"):
        teams = database.rows("SELECT DISTINCT team FROM spells WHERE team = ?", [who.removeprefix("team:")])
        if teams:
            return team_subject(teams[0][0])
    people = [row[0] for row in database.rows("SELECT id FROM people_keys WHERE key = lower(trim(?))", [who])]
    if not people:
        teams = database.rows("SELECT DISTINCT team FROM spells WHERE lower(team) = lower(trim(?))", [who])
        if teams:
            return team_subject(teams[0][0])
        people = _by_part_of_name(database, who)
    return _people(database, people, period)[0]


def active_subjects(database: Database, period: Period) -> list[Subject]:
    """Everybody employed in the period who has a record of their own or people reporting to them."""
    rows = database.rows(
        "SELECT DISTINCT s.person FROM spells s WHERE s.from_on < $1 AND s.to_on > $2 "
        "AND (s.person IN (SELECT person FROM own_records) OR s.person IN (SELECT manager FROM spells)) ORDER BY 1",
        [period.end, period.start],
    )
    return _people(database, [row[0] for row in rows], period)


def create_scope(
    database: Database, subjects: Sequence[Subject], period: Period, known_groups: Collection[str] = ()
) -> dict[str, int]:
    """Make the tables `subjects` and `scope`; return the size of every peers group.

    `known_groups` need not be computed: what their people do is in nobody's scope.
    """
    run = database.connection.execute
    run(
        "CREATE TEMP TABLE subjects (subject VARCHAR, kind VARCHAR, person VARCHAR, team VARCHAR, role VARCHAR, "
        "segment VARCHAR, peers VARCHAR)"
    )
    columns = ("key", "kind", "person", "team", "role", "segment", "peers")
    run(
        f"INSERT INTO subjects SELECT {', '.join('unnest(?::VARCHAR[])' for _ in columns)}",
        [[getattr(subject, column) for subject in subjects] for column in columns],
    )
    run("CREATE TEMP TABLE known_groups AS SELECT unnest(?::VARCHAR[]) AS peers", [sorted(known_groups)])
    for sql in (_REPORTS, _GROUPS, _SCOPE):
        run(sql)
    return dict(database.rows(_SIZES, [period.start, period.end]))


def scope_of(database: Database, subject: Subject, period: Period) -> Scope:
    """What the person owned in the period, with what changed on which day."""
    if subject.person is None:
        return Scope(team=subject.team)
    spells = database.rows(
        "SELECT s.role, s.team, s.segment, s.territory, coalesce(m.name, s.manager), s.from_on FROM spells s "
        "LEFT JOIN people m ON m.person_id = s.manager "
        "WHERE s.person = ? AND s.from_on < ? AND s.to_on > ? ORDER BY s.from_on",
        [subject.person, period.end, period.start],
    )
    started, left, ramp_until = database.rows(
        "SELECT start_on, leave_on, ramp_until FROM people WHERE person_id = ?", [subject.person]
    )[0]
    dates = {"started": started, "left": left, "ramp_until": ramp_until}
    if not spells:
        return Scope(**dates)
    _, team, segment, territory, manager, _ = spells[-1]
    return Scope(
        team=team, segment=segment, territory=territory, manager=manager, changes=tuple(_changes(spells)), **dates
    )


_FIELDS = ("role", "team", "segment", "territory", "manager")


def _changes(spells: list[tuple]) -> list[str]:
    changes = []
    for before, after in zip(spells, spells[1:], strict=False):
        for field, old, new in zip(_FIELDS, before, after, strict=False):
            if old != new:
                changes.append(f"{after[5].isoformat()}: {field} from {old or 'none'} to {new or 'none'}")
    return changes


def _by_part_of_name(database: Database, who: str) -> list[str]:
    names = dict(database.rows("SELECT person_id, name FROM people ORDER BY name"))
    part = who.strip().lower()
    found = [person for person, name in names.items() if part != "" and part in name.lower()]
    if not found:
        teams = [row[0] for row in database.rows("SELECT DISTINCT team FROM spells WHERE team IS NOT NULL ORDER BY 1")]
        raise NotFound(f'Nobody is called "{who}". {did_you_mean(who, [*names.values(), *teams])}')
    if len(found) > 1:
        shown = ", ".join(f'"{names[person]}"' for person in found[:8])
        raise NotFound(f'"{who}" may be {shown}; write the whole name, e-mail or id.')
    return found


def team_subject(name: str) -> Subject:
    return Subject(f"team:{name}", "team", name, MANAGER, None, name, None, None)


def _people(database: Database, person_ids: list[str], period: Period) -> list[Subject]:
    """Subjects for people, as they were at the end of the period, else as they are now."""
    database.connection.execute(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT unnest(?::VARCHAR[]) AS person", [person_ids]
    )
    rows = database.rows(_PEOPLE, [period.start, period.end])
    subjects = []
    for person, name, role, team, segment, leads in rows:
        manages = role == MANAGER and leads
        peers = f"peers:{role}:{segment or ''}" if manages or role != MANAGER else None
        subjects.append(Subject(person, "manager" if manages else "person", name, role, person, team, segment, peers))
    return subjects


# People as they were at the end of the period, else as they are now.
_PEOPLE = """
WITH last_spells AS (
    SELECT person, role, team, segment FROM spells
    WHERE from_on < $2 AND to_on > $1
    QUALIFY row_number() OVER (PARTITION BY person ORDER BY from_on DESC) = 1
)
SELECT p.person_id, p.name, CASE WHEN s.person IS NULL THEN p.role ELSE s.role END,
       CASE WHEN s.person IS NULL THEN p.team ELSE s.team END,
       CASE WHEN s.person IS NULL THEN p.segment ELSE s.segment END,
       p.person_id IN (SELECT manager FROM spells WHERE manager IS NOT NULL)
FROM people p LEFT JOIN last_spells s ON s.person = p.person_id
WHERE p.person_id IN (SELECT person FROM asked)
ORDER BY p.person_id
"""

# Everybody below a manager, with the days on which the whole chain of reporting held.
_REPORTS = """
CREATE TEMP TABLE reports AS
WITH RECURSIVE chain(manager, person, from_on, to_on) AS (
    SELECT manager, person, from_on, to_on FROM spells WHERE manager IS NOT NULL
    UNION
    SELECT c.manager, s.person, greatest(c.from_on, s.from_on), least(c.to_on, s.to_on)
    FROM chain c JOIN spells s ON s.manager = c.person AND s.from_on < c.to_on AND c.from_on < s.to_on
    WHERE s.person <> c.manager
)
SELECT * FROM chain
"""

_GROUPS = """
CREATE TEMP TABLE peer_members AS
SELECT g.peers, s.person, s.from_on, s.to_on
FROM (SELECT DISTINCT peers, role, segment FROM subjects WHERE peers IS NOT NULL) g
JOIN spells s ON s.role = g.role AND (g.segment IS NULL OR s.segment = g.segment)
WHERE s.person IN (SELECT person FROM own_records)
   OR g.role = 'sales_manager' AND s.person IN (SELECT manager FROM reports)
"""

_SCOPE = """
CREATE TEMP TABLE scope AS
SELECT subject, person, DATE '-infinity' AS from_on, DATE 'infinity' AS to_on, false AS is_peers
FROM subjects WHERE kind IN ('person', 'manager')
UNION ALL
SELECT s.subject, r.person, r.from_on, r.to_on, false
FROM subjects s JOIN reports r ON r.manager = s.person WHERE s.kind = 'manager'
UNION ALL
SELECT s.subject, p.person, p.from_on, p.to_on, false
FROM subjects s JOIN spells p ON p.team = s.team WHERE s.kind = 'team'
UNION ALL
SELECT s.subject, p.person_id, DATE '-infinity', DATE 'infinity', false
FROM subjects s, people p WHERE s.kind = 'everybody'
UNION ALL
SELECT peers, person, from_on, to_on, true FROM peer_members
WHERE peers NOT LIKE 'peers:sales_manager:%' AND peers NOT IN (FROM known_groups)
UNION ALL
-- Managers of managers lead the same people: those count once.
SELECT p.peers, r.person, min(greatest(r.from_on, p.from_on)), max(least(r.to_on, p.to_on)), true
FROM peer_members p JOIN reports r ON r.manager = p.person AND r.from_on < p.to_on AND p.from_on < r.to_on
JOIN spells s ON s.person = r.person AND s.from_on <= r.from_on AND r.to_on <= s.to_on
WHERE p.peers LIKE 'peers:sales_manager:%' AND p.peers NOT IN (FROM known_groups)
GROUP BY p.peers, r.person, s.from_on
"""

_SIZES = """
SELECT peers, count(DISTINCT person) FROM peer_members WHERE from_on < $2 AND to_on > $1 GROUP BY peers
"""
