"""Who there is and who reported to whom on which days: read once, so that it can be asked without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from tools.database import Database
from tools.metrics.queries import Relations


@dataclass(frozen=True)
class Spell:
    """Days [from_on, to_on) that somebody spent in one team under one manager; either may be nobody's."""

    from_on: date
    to_on: date
    team: str | None = None
    manager: str | None = None
    role: str | None = None

    def overlaps(self, start: date, end: date) -> bool:
        """Whether any day of [start, end) is one of these."""
        return self.from_on < end and self.to_on > start


@dataclass(frozen=True)
class Roster:
    """People by id. `spells` are in order of days; `spellings` are the ids, e-mails, names and aliases that name
    exactly one person, in small letters; `sellers` own records of their own."""

    names: Mapping[str, str]
    spells: Mapping[str, tuple[Spell, ...]]
    spellings: Mapping[str, str] = field(default_factory=dict)
    sellers: frozenset[str] = frozenset()

    def last_spell(self, person: str, start: date, end: date) -> Spell | None:
        """Where the person was last within [start, end); None for somebody who was not there then."""
        return next((each for each in reversed(self.spells.get(person, ())) if each.overlaps(start, end)), None)

    @cached_property
    def in_teams(self) -> Mapping[str, tuple[tuple[str, Spell], ...]]:
        """Who was in each team there ever was, and when."""
        teams: dict[str, list[tuple[str, Spell]]] = {}
        for person, spells in self.spells.items():
            for spell in spells:
                if spell.team is not None:
                    teams.setdefault(spell.team, []).append((person, spell))
        return {team: tuple(each) for team, each in teams.items()}


def read_roster(database: Database) -> Roster:
    """The roster of one organisation."""
    Relations(database).require(["own_records", "spells"])
    spells: dict[str, list[Spell]] = {}
    for person, *rest in database.rows(_SPELLS):
        spells.setdefault(person, []).append(Spell(*rest))
    return Roster(
        dict(database.rows("SELECT person_id, name FROM people ORDER BY name, person_id")),
        {person: tuple(each) for person, each in spells.items()},
        dict(database.rows("SELECT key, id FROM people_keys")),
        frozenset(row[0] for row in database.rows("SELECT person FROM own_records")),
    )


# Python's dates know no infinity.
_SPELLS = """
SELECT person, greatest(from_on, DATE '0001-01-01'), least(to_on, DATE '9999-12-31'), team, manager, role
FROM spells ORDER BY person, from_on
"""
