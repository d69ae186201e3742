"""`salesbrief bundle` and `salesbrief verify`: a version with its proof, and the proof held against the records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, Data, DraftName, StoreData, StoreUrl

if TYPE_CHECKING:
    from agent.bundle import Verdict
    from agent.draft import Draft

_PARTS = {"value": "", "target": " target", "prior": " prior", "year_ago": " year ago", "team": " team value"}


def bundle(
    draft: DraftName,
    number: Annotated[int, typer.Argument(metavar="VERSION", help="Which version.")],
    out: Annotated[Path, typer.Option("--out", metavar="B.json", help="Where the bundle is written.")],
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Write one version with its facts, formulas, record ids, findings and history, to be verified anywhere."""
    import json
    from datetime import datetime
    from importlib.metadata import version

    from agent.bundle import make_bundle
    from agent.cli.stores import find_draft, open_store
    from tools.files import write_whole

    opened = open_store(data, store)
    found = find_draft(opened, draft)
    opened.version(found.id, number)  # Told in a sentence where there is none.
    made = make_bundle(
        found.id, opened.versions(found.id), number, datetime.now().astimezone(), f"salesbrief {version('salesbrief')}"
    )
    write_whole(out, json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    print(f"{out}: version {number} of {found.short_id}, {len(made['facts'])} facts.", file=sys.stderr)


def verify(
    file: Annotated[Path, typer.Argument(metavar="B.json", help="A bundle.")],
    data: Data,
    json: AsJson = False,
) -> None:
    """Recompute every fact of a bundle: which still hold, which moved, and whether its text was altered."""
    from dataclasses import asdict

    from agent.bundle import read_bundle, verify_bundle
    from agent.cli.output import print_json, read_json
    from agent.draft import Draft
    from prompts.loader import PromptSet
    from tools.metrics.build import build_facts
    from tools.workspace import Workspace

    read = read_bundle(read_json(file))
    draft, prompts = _draft(read, Draft), PromptSet.load()
    sheet = draft.sheet
    now = build_facts(
        Workspace.open(data),
        sheet.person_id or sheet.person,
        sheet.period,
        as_of=draft.record.as_of,
        kpis=prompts.kpis(),
    )
    verdict = verify_bundle(read, now, prompts)
    if json:
        print_json({**asdict(verdict), "good": verdict.good})
    else:
        print(_text(verdict, draft))
    if not verdict.good:
        raise typer.Exit(1)


def _draft(read: dict, form: type[Draft]) -> Draft:
    from pydantic import ValidationError

    from tools.errors import InputError

    try:
        return form.model_validate(read["draft"])
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"The draft in this bundle cannot be read: {where}: {problem['msg']}.") from None


def _text(verdict: Verdict, draft: Draft) -> str:
    from tools.quantities import display

    units = {fact.id: fact.unit for fact in draft.sheet.facts}

    def shown(fact: str, value: float | None) -> str:
        return "none" if value is None else display(value, units[fact], exact=True).text

    lines = [f"{len(verdict.held)} of {len(draft.sheet.facts)} facts hold."]
    lines += [
        f"  {each.label}{_PARTS[each.part]} moved from {shown(each.fact, each.was)} to {shown(each.fact, each.now)}."
        for each in verdict.moved
    ]
    lines += [f"  {fact} can no longer be computed." for fact in verdict.gone]
    if verdict.altered:
        lines += [f"ALTERED: {each}." for each in verdict.altered]
    else:
        lines.append("The text is the one that was saved: every hash of its history fits, and its tokens print it.")
    return "\n".join(lines)
