"""Who is worked out where: people beside their colleagues; teams, managers of managers and groups of peers apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from tools.database import Database
from tools.distributed.given import Part
from tools.metrics.subjects import Subject, create_scope
from tools.periods import Period

Item = TypeVar("Item")


class Plan(NamedTuple):
    """The parts by number, those with subjects and those with groups, and where each person's records go."""

    subjects: Mapping[int, Part]
    groups: Mapping[int, Part]
    of_person: Mapping[str, tuple[int, ...]]


def plan_parts(database: Database, subjects: Sequence[Subject], period: Period, at_most: int) -> Plan:
    """Parts for these subjects: so many at most of people, as many of teams and managers of managers, and of groups.

    People who report to the same manager share a part, with the manager, so that few records go to more than one.
    """
    create_scope(database, subjects, period)
    scope: dict[str, list[str]] = {}
    for key, person in database.rows("SELECT DISTINCT subject, person FROM scope WHERE person IS NOT NULL"):
        scope.setdefault(key, []).append(person)

    def weight(subject: Subject) -> int:
        return len(scope.get(subject.key, []))

    crews, apart = _crews(database, subjects)
    together = [[subject for crew in part for subject in crew] for part in _shared_out(crews, len, at_most)]
    asked = dict(enumerate(Part(tuple(part)) for part in [*together, *_shared_out(apart, weight, at_most)]))
    peers = {each.peers: replace(each, key=each.peers) for each in subjects if each.peers is not None}
    shared_out = _shared_out(list(peers.values()), weight, at_most)
    groups = dict(enumerate((Part(groups=tuple(part)) for part in shared_out), start=len(asked)))
    parts_of: dict[str, set[int]] = {}
    for number, part in {**asked, **groups}.items():
        for subject in (*part.subjects, *part.groups):
            for person in scope.get(subject.key, []):
                parts_of.setdefault(person, set()).add(number)
    return Plan(asked, groups, {person: tuple(sorted(parts)) for person, parts in parts_of.items()})


def _crews(database: Database, subjects: Sequence[Subject]) -> tuple[list[list[Subject]], list[Subject]]:
    """People by the manager they had last, with that manager; and the subjects whose people are in several crews."""
    manager_of = dict(database.rows("SELECT person, arg_max(manager, from_on) FROM spells GROUP BY person"))
    leads_managers = {
        row[0] for row in database.rows("SELECT manager FROM reports WHERE person IN (SELECT manager FROM reports)")
    }
    crews: dict[str, list[Subject]] = {}
    apart = []
    for subject in subjects:
        if subject.kind == "person":
            crews.setdefault(manager_of.get(subject.key) or subject.key, []).append(subject)
        elif subject.kind == "manager" and subject.key not in leads_managers:
            crews.setdefault(subject.key, []).append(subject)
        else:
            apart.append(subject)
    return list(crews.values()), apart


def _shared_out(items: Sequence[Item], weight: Callable[[Item], int], at_most: int) -> list[list[Item]]:
    """The items in so many parts at most, of about the same weight."""
    parts: list[list[Item]] = [[] for _ in range(min(at_most, len(items)))]
    for item in sorted(items, key=weight, reverse=True):
        min(parts, key=lambda part: (sum(map(weight, part)), len(part))).append(item)
    return parts
