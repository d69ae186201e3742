"""The vocabulary of a workspace for one viewer. Values of records are read once for each version of the workspace."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from threading import Lock
from typing import TYPE_CHECKING

from agent.chat.router.vocabulary import Vocabulary
from prompts.loader import SECTIONS
from tools.metrics.catalogue import catalogue
from tools.reports.listing import REPORTS
from tools.values import RecordNames, names_in_records, names_of_deals
from tools.workspace import Workspace

if TYPE_CHECKING:
    from agent.chat.desk import Desk

# Workspaces, and viewers of them, whose names are kept ready.
_KEPT = 64
_names: OrderedDict[int, tuple[Workspace, RecordNames]] = OrderedDict()
_vocabularies: OrderedDict[tuple, tuple[Workspace, Vocabulary]] = OrderedDict()
_lock = Lock()


def vocabulary_of(desk: Desk) -> Vocabulary:
    """The names that a question to this desk may hold. People are those whom the viewer may see or works beside."""
    workspace, access, period = desk.facts.workspace, desk.access(), desk.period()
    key = (id(workspace), access.viewer, period.label, str(desk.prompts.folder))
    with _lock:
        found = _vocabularies.get(key)
        if found is not None and found[0] is workspace:
            return found[1]
    choices = access.choices(period)
    seen = tuple(each.name for each in choices if each.kind in ("self", "person"))
    made = _made(
        desk, workspace, (*seen, *access.colleagues(period)),
        tuple(each.name for each in choices if each.kind == "team"), access.people(period),
    )  # fmt: skip
    with _lock:
        _keep(_vocabularies, key, (workspace, made))
    return made


def _made(
    desk: Desk, workspace: Workspace, people: tuple[str, ...], teams: tuple[str, ...], owners: Collection[str]
) -> Vocabulary:
    records, prompts = _records(workspace), desk.prompts
    with workspace.database() as database:
        named = names_of_deals(database, owners)
    reports_of: dict[str, tuple[str, ...]] = {}
    for report in REPORTS:
        for column in report.columns:
            reports_of[column.id] = (*reports_of.get(column.id, ()), report.name)
    return Vocabulary(
        metrics={row["id"]: row["label"] for row in catalogue(workspace.settings)},
        people=people,
        teams=teams,
        stages=records.stages,
        values=dict(records.values),
        tones={tone: tuple(prompts.tone(tone)["asked_as"]) for tone in prompts.tones()},
        sections={section: prompts.section(section).title for section in SECTIONS},
        reports={report.name: report.title for report in REPORTS},
        reports_of=reports_of,
        splits={report.name: report.by for report in REPORTS},
        records=named,
        reasons=records.reasons,
    )


def _records(workspace: Workspace) -> RecordNames:
    """Stages and values, read once while the workspace is as it is."""
    with _lock:
        found = _names.get(id(workspace))
    if found is not None and found[0] is workspace:
        return found[1]
    with workspace.database() as database:
        names = names_in_records(database)
    with _lock:
        _keep(_names, id(workspace), (workspace, names))
    return names


def _keep(kept: OrderedDict, key: object, value: object) -> None:
    kept[key] = value
    while len(kept) > _KEPT:
        kept.popitem(last=False)
