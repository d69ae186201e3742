"""Who may see what. Every tool and every page asks here; no prompt is trusted with it.

    access = Access.of(workspace, viewer)
    key = access.find("Michael", period)          what may be seen under that name: use it as `who` from there on
    access.may_see(key, period)                   a person's id, team:<name> or everybody

A rep sees their own data. A manager sees also who reported to them, directly or not, **on the last day of the period
that the person was there**: the manager whom the person's own sheet names. Who left a team before is not seen, and who
moved on within the period is seen by the manager they moved to; the manager before asks for the days up to the move.
(Any day in common would not do: a period drawn wide enough would open years of somebody who passed through once.)
A team's totals are seen by whoever may see everybody who was in it last. Ops see everybody.

What is unknown and what is forbidden are answered in the same words, so that nobody learns names by asking. Names of
one's own team (`colleagues`) are no secret, their figures are: questions that name one are understood, and answered in
those words too. On a person's own sheet stand the values of comparable people together, never those of one of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Literal

from agent.naming import period_name
from tools.errors import NotFound, did_you_mean
from tools.metrics.roster import Roster, read_roster
from tools.periods import Period

if TYPE_CHECKING:
    from tools.reports.table import ReportTable
    from tools.workspace import Workspace

Role = Literal["rep", "manager", "ops"]
EVERYBODY_KEY = "everybody"
EVER = Period("any period", date.min, date.max, date.max)
_TEAM = "team:"
_OPEN_TO = {
    "rep": "Reps see their own figures, and those of comparable colleagues only together.",
}


@dataclass(frozen=True)
class Viewer:
    """Who is asking. `person` is their id in the organisation's people; None for somebody who is no seller.

    `account` names who signed in; statements and versions are kept under it. In the one-person mode it is the login
    name, and the role is ops: whoever has the files sees them anyway. `alone` says that it is that mode: whoever sits
    there speaks for whom the conversation is about.
    """

    account: str
    role: Role
    person: str | None = None
    alone: bool = False


@dataclass(frozen=True)
class Choice:
    """Somebody to pick from: `key` is what to ask with, `name` what to show."""

    key: str
    name: str
    kind: Literal["self", "person", "team", "everybody"]


def may_see(viewer: Viewer, key: str, period: Period, roster: Roster) -> bool:
    """Whether the viewer may see the figures, records and drafts of that person or team for the period."""
    if viewer.role == "ops":
        return True
    if viewer.person is None:
        return False
    if key == EVERYBODY_KEY or key.startswith(_TEAM):
        members = _members(roster, None if key == EVERYBODY_KEY else key.removeprefix(_TEAM), period)
        everyone = members != set() and all(_leads(viewer.person, each, period, roster) for each in members)
        return viewer.role == "manager" and everyone
    return key == viewer.person or viewer.role == "manager" and _leads(viewer.person, key, period, roster)


def may_state(viewer: Viewer, key: str, period: Period, roster: Roster) -> bool:
    """Whether what the viewer says is that person's or team's own statement: one's own, or of a team one leads."""
    if viewer.alone:
        return True
    of_team = key.startswith(_TEAM) and viewer.role == "manager"
    return key == viewer.person or of_team and may_see(viewer, key, period, roster)


class Access:
    """What one viewer may see in one workspace as it is now."""

    def __init__(self, viewer: Viewer, roster: Roster) -> None:
        self.viewer = viewer
        self.roster = roster

    @classmethod
    def of(cls, workspace: Workspace, viewer: Viewer) -> Access:
        """Read the workspace's people, or find them read already."""
        return cls(viewer, roster_of(workspace))

    def may_see(self, key: str | None, period: Period) -> bool:
        """Whether the viewer may see that person (by id), `team:<name>` or `everybody`, for the period."""
        return key is not None and may_see(self.viewer, key, period, self.roster)

    def find(self, who: str, period: Period) -> str:
        """The key of the person or team of that id, e-mail, name or part of a name that only one fits.

        Only what the viewer may see can be found: all else raises the same `NotFound`, whether it exists or not.
        """
        wanted = who.strip().lower()
        person = self.roster.spellings.get(wanted)
        if person is not None and self.may_see(person, period):
            return person
        seen = self.choices(period)
        same = [each for each in seen if wanted in (each.key.lower(), each.name.lower())]
        found = same or [each for each in seen if wanted and each.kind != "everybody" and wanted in each.name.lower()]
        people = [each for each in found if each.kind != "team"]
        if len(people or found) == 1:
            return (people or found)[0].key
        if found:
            raise NotFound(
                f'"{who}" may be {_listed(found)}; write the whole name.'
                if len({each.name for each in found}) > 1
                else f'"{who}" may be several people: {", ".join(each.key for each in found)}; write the id.'
            )
        raise NotFound(
            f'There is nobody called "{who.removeprefix(_TEAM)}" whose figures of {period_name(period.label)} you may '
            f"see. {_OPEN_TO.get(self.viewer.role) or did_you_mean(who, [each.name for each in seen])}"
        )

    def name_of(self, key: str) -> str:
        """What people call it."""
        if key == EVERYBODY_KEY:
            return "Everybody"
        return key.removeprefix(_TEAM) if key.startswith(_TEAM) else self.roster.names.get(key, key)

    def choices(self, period: Period) -> tuple[Choice, ...]:
        """Whom the viewer may ask about: themselves first, then people who were there, teams, and the whole."""
        return tuple(self._choices(period))

    def colleagues(self, period: Period) -> tuple[str, ...]:
        """The names of the viewer's own team and manager by the end of the period, whose figures they may not see."""
        me = self.viewer.person
        spell = self.roster.last_spell(me, period.start, period.end) if me is not None else None
        if spell is None:
            return ()
        near = _members(self.roster, spell.team, period) if spell.team is not None else set()
        others = {*near, spell.manager} - {None, me}
        return tuple(
            sorted(self.roster.names.get(each, each) for each in others if each and not self.may_see(each, period))
        )

    def people(self, period: Period) -> frozenset[str]:
        """The ids of everybody whom the viewer may see for the period."""
        return frozenset(each for each in self.roster.names if self.may_see(each, period))

    def rows_of(self, table: ReportTable, period: Period) -> ReportTable:
        """The report without the rows of people and teams that the viewer may not see; its total stays as it is.

        Whom the whole is about is asked before it is computed. Of a team's people some have moved on: what they did in
        the team is in its total, and what else they did is no longer their old manager's business.
        """
        kept = tuple(line for line in table.lines if line.subject is None or self.may_see(line.subject, period))
        left = len({line.subject for line in table.lines}) - len({line.subject for line in kept})
        if left == 0:
            return table
        said = f"in the total, but in no row: {left} who left the team or are led by others as well"
        return replace(table, lines=kept, notes=(*table.notes, said))

    def _choices(self, period: Period) -> Iterator[Choice]:
        viewer, roster = self.viewer, self.roster
        if viewer.person in roster.names:
            yield Choice(viewer.person, roster.names[viewer.person], "self")
        for person, name in roster.names.items():
            if person != viewer.person and _there(roster, person, period) and self.may_see(person, period):
                yield Choice(person, name, "person")
        for team in sorted(roster.in_teams):
            if _members(roster, team, period) and self.may_see(_TEAM + team, period):
                yield Choice(_TEAM + team, team, "team")
        if self.may_see(EVERYBODY_KEY, period):
            yield Choice(EVERYBODY_KEY, "Everybody", "everybody")


def _leads(manager: str, person: str, period: Period, roster: Roster) -> bool:
    """Whether that person was, or reported to, the manager on the person's last day within the period."""
    last = roster.last_spell(person, period.start, period.end)
    if last is None:
        return False
    return manager in _chain(person, min(last.to_on, period.end), roster)


def _chain(person: str, before: date, roster: Roster) -> list[str]:
    """The person and everybody above them on the day before that one. Who has gone hands on to whom they reported."""
    chain = [person]
    while True:
        spells = [each for each in roster.spells.get(chain[-1], ()) if each.from_on < before]
        above = spells[-1].manager if spells else None
        if above is None or above in chain:
            return chain
        chain.append(above)


def _members(roster: Roster, team: str | None, period: Period) -> set[str]:
    """Who was in the team on its last day with anybody in it, within the period; without a team, everybody then."""
    if team is None:
        return {person for person in roster.spells if _there(roster, person, period)}
    inside = [
        (min(spell.to_on, period.end), person)
        for person, spell in roster.in_teams.get(team, ())
        if spell.overlaps(period.start, period.end)
    ]
    last = max((day for day, _ in inside), default=None)
    return {person for day, person in inside if day == last}


def _there(roster: Roster, person: str, period: Period) -> bool:
    return roster.last_spell(person, period.start, period.end) is not None


def _listed(found: list[Choice]) -> str:
    return ", ".join(f'"{each.name}"' for each in found[:8])


_KEPT = 8
_rosters: OrderedDict[object, Roster] = OrderedDict()
_lock = Lock()


def roster_of(workspace: Workspace) -> Roster:
    """The workspace's people, read once for each version of its tables and settings."""
    if workspace.path is None:
        with workspace.database() as database:
            return read_roster(database)
    version = _version(workspace)
    with _lock:
        if version not in _rosters:
            with workspace.database() as database:
                _rosters[version] = read_roster(database)
            while len(_rosters) > _KEPT:
                _rosters.popitem(last=False)
        _rosters.move_to_end(version)
        return _rosters[version]


def _version(workspace: Workspace) -> tuple[object, ...]:
    """What changes whenever the people could: the layers, the settings and the files that these name."""
    assert workspace.path is not None
    files = [workspace.path / file for file in workspace.settings.files.values()]
    stamps = tuple((str(file), file.stat().st_mtime_ns, file.stat().st_size) for file in files if file.is_file())
    return workspace.path.resolve(), workspace.layers, workspace.settings.model_dump_json(), stamps
