"""Builds the shipped cases and their lock: `python -m evals.building`.

Run it when the metric layer changes what a fact sheet says; the diff of `cases/standard.jsonl` shows what changed.
Record ids are left out of the sheets: no draft states them, and they would be most of the file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from evals.case import FOLDER, LOCK, Case
from prompts.loader import PromptSet
from tools.demo.cast import EXPORTED_ON
from tools.demo.kinds import KINDS
from tools.demo.organisation import DEMO, demo_tables
from tools.demo.worlds import PERIOD, seeded_settings, seeded_world
from tools.facts import FactSheet
from tools.files import write_whole
from tools.metrics.build import build_all, build_many
from tools.workspace import Workspace

PER_KIND = 3
ORDINARY = (1, 2, 3)


def standard_cases() -> Iterator[Case]:
    """The five reference people, three people of each kind of world, and more of the ordinary kind."""
    kpis = PromptSet.load().kpis()
    names = [person.name for person in DEMO.people]
    for sheet in build_many(demo_tables(), names, DEMO.period, as_of=DEMO.as_of, kpis=kpis):
        yield _case("reference", "larkfield", sheet)
    for number, kind in enumerate(KINDS):
        for seed in ORDINARY if kind.name == "ordinary" else (number,):
            workspace = Workspace.of(seeded_world(seed, kind=kind.name), seeded_settings(seed, kind=kind.name))
            sheets = build_all(workspace, PERIOD, as_of=EXPORTED_ON, kpis=kpis)
            # Another third of the people for each kind, so that every role meets several kinds.
            start = number * PER_KIND
            for step in range(min(PER_KIND, len(sheets))):
                yield _case(kind.name, f"{kind.name}-{seed}", sheets[(start + step) % len(sheets)])


def build() -> None:
    """Write `cases/standard.jsonl` and the lock."""
    lines = [case.model_dump_json(exclude_defaults=True) + "\n" for case in standard_cases()]
    content = "".join(lines).encode("utf-8")
    write_whole(FOLDER / "standard.jsonl", content)
    write_whole(LOCK, json.dumps({"standard": hashlib.sha256(content).hexdigest()}, indent=2) + "\n")


def _case(kind: str, world: str, sheet: FactSheet) -> Case:
    facts = tuple(fact.model_copy(update={"records": ()}) for fact in sheet.facts)
    bare = sheet.model_copy(update={"facts": facts})
    return Case(id=f"{world}-{sheet.person_id}", kind=kind, person=f"{world}/{sheet.person_id}", sheet=bare)


if __name__ == "__main__":
    build()
