"""The facts behind a conversation: computed once for each version of the workspace, then answered from memory."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import date
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import Any, TypeVar

from tools.facts import FactSheet
from tools.metrics.build import build_facts
from tools.metrics.build import explain as build_explanation
from tools.metrics.explanation import Explanation
from tools.organisation import SETTINGS_FILE
from tools.reports.build import build_report, open_report
from tools.reports.opening import OpenedRow
from tools.reports.table import ReportTable
from tools.workspace import CURRENT, Workspace

Answer = TypeVar("Answer")
# Sheets, explanations and reports kept at a time; a sheet of a busy quarter is some 200 kB.
_KEPT = 400
# A sheet takes a processor for a second or two: more at once would keep each other waiting, and every page with them.
_SHEETS_AT_ONCE = BoundedSemaphore(max(1, (os.cpu_count() or 2) // 2))


class Facts:
    """One workspace's facts. May be shared by all conversations of a process; every thread may ask.

    `who` is a key as `agent.access.Access.find` gives it; whether it may be seen is decided before asking here.
    """

    def __init__(self, workspace: Workspace, kpis: Mapping[str, Sequence[str]]) -> None:
        self._workspace = workspace
        self._kpis = kpis
        self._lock = Lock()
        self._seen = _stamp(workspace)
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}

    @property
    def workspace(self) -> Workspace:
        """The workspace as it is now: imported again or settings changed, it is opened anew and nothing old is told."""
        stamp = _stamp(self._workspace)
        with self._lock:
            if stamp != self._seen and self._workspace.path is not None:
                self._workspace, self._seen = Workspace.open(self._workspace.path), stamp
                self._kept.clear()
            return self._workspace

    def sheet(self, who: str, period: str, as_of: date) -> FactSheet:
        """The fact sheet of a person or team."""

        def make(workspace: Workspace) -> FactSheet:
            with _SHEETS_AT_ONCE:
                return build_facts(workspace, who, period, as_of=as_of, kpis=self._kpis)

        return self._once(("sheet", who, period, as_of), make)

    def explanation(self, who: str, period: str, fact_id: str, as_of: date) -> Explanation:
        """One number of a person or team, opened."""
        return self._once(
            ("explanation", who, period, fact_id, as_of),
            lambda workspace: build_explanation(workspace, who, period, fact_id, as_of=as_of, kpis=self._kpis),
        )

    def report(self, name: str, who: str, period: str, as_of: date, **options: Any) -> ReportTable:
        """A report about a person, a manager's people, a team or everybody; `options` as `build_report` takes them."""
        whom = None if who == "everybody" else who
        return self._once(
            ("report", name, who, period, as_of, *sorted(options.items())),
            lambda workspace: build_report(workspace, name, period, as_of=as_of, who=whom, **options),
        )

    def report_row(
        self,
        name: str,
        who: str,
        period: str,
        as_of: date,
        *,
        row: str,
        column: str,
        subject: str | None = None,
        **options: Any,
    ) -> OpenedRow:
        """One figure of such a report, opened to the records behind it."""
        whom = None if who == "everybody" else who
        return self._once(
            ("report row", name, who, period, as_of, row, column, subject, *sorted(options.items())),
            lambda workspace: open_report(
                workspace, name, period, as_of=as_of, row=row, column=column, subject=subject, who=whom, **options
            ),
        )  # fmt: skip

    def stage_order(self) -> tuple[str, ...]:
        """The stages' names in the order of their pipelines; empty where no order is on record."""
        return self._once(("stages",), _stage_order)

    def _once(self, key: Hashable, make: Callable[[Workspace], Answer]) -> Answer:
        """What was made for this key, or is made now; asked by several at once, it is made by one of them."""
        workspace = self.workspace
        key = (self._seen, key)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            turn = self._making.setdefault(key, Lock())
        with turn:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            try:
                made = make(workspace)
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._kept[key] = made
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            return made


def _stage_order(workspace: Workspace) -> tuple[str, ...]:
    with workspace.database() as database:
        if "stages" not in database.present:
            return ()
        rows = database.rows(
            "SELECT DISTINCT s.name, position FROM (SELECT unnest([stage, label]) AS name, position FROM stages) s "
            "WHERE s.name IS NOT NULL ORDER BY position NULLS LAST, s.name"
        )
    return tuple(dict.fromkeys(name for name, _ in rows))


def _stamp(workspace: Workspace) -> tuple[Any, ...]:
    """What changes whenever the answers could: the pointer to the layers, the settings, and the files they name."""
    path = workspace.path
    if path is None:
        return ()
    names = (CURRENT, SETTINGS_FILE, *workspace.settings.files.values())
    return tuple(_state(path / name) for name in names)


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino
