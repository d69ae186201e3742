"""`salesbrief bundle` and `salesbrief verify`: a version with its proof, and the proof held against the records."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.cli.options import AsJson, Data, DraftName, StoreData, StoreUrl

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agent.bundle import Verdict
    from agent.draft import Draft
    from agent.store.store import Version

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
    store: StoreUrl = None,
    json: AsJson = False,
) -> None:
    """Recompute every fact of a bundle: which hold, which moved, what was typed by hand, what was altered since."""
    from dataclasses import asdict
    from importlib.metadata import version

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
    kept = _kept(data, store, str(read["draft_id"]), read["version"])
    verdict = verify_bundle(read, now, prompts, f"salesbrief {version('salesbrief')}", kept)
    if json:
        print_json({**asdict(verdict), "good": verdict.good})
    else:
        print(_text(verdict, draft, read))
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


def _kept(data: Path, store: str | None, draft_id: str, number: int) -> Version | None:
    """That version as the store at hand keeps it; None where there is no store, or it does not know the draft."""
    from agent.cli.stores import open_store
    from agent.settings import read_environment
    from agent.store.store import FILE
    from tools.errors import NotFound

    if store is None and read_environment().store is None and not (data / FILE).is_file():
        return None
    try:
        return open_store(data, store).version(draft_id, number)
    except NotFound:
        return None


def _text(verdict: Verdict, draft: Draft, bundle: Mapping[str, Any]) -> str:
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
        lines.append("The text is the one that was saved: its hash fits, and so does every hash of its history.")
    if not verdict.reprinted:
        lines.append("Printed again from its tokens, it reads the same.")
    elif verdict.same_software:
        lines.append(f"ALTERED: its tokens print something else: {', '.join(verdict.reprinted)}.")
    else:
        lines.append(
            f"Printed again by this salesbrief, it reads otherwise ({', '.join(verdict.reprinted)}); it was made by "
            f"{bundle['software']}, whose printer may have differed."
        )
    if verdict.typed:
        many = len(verdict.typed)
        times = {each: verdict.typed.count(each) for each in verdict.typed}
        listed = ", ".join(f"“{each}”{f' ({count} times)' if count > 1 else ''}" for each, count in times.items())
        lines.append(
            f"{many} claim{'s were' if many != 1 else ' was'} typed by hand and {'are' if many != 1 else 'is'} not on "
            f"record: {listed}."
        )
    lines += [f"Taken out by hand: {each}." for each in verdict.taken_out]
    if verdict.stored is not None:
        same = "holds the same version" if verdict.stored else "ALTERED: holds another text as this version"
        lines.append(f"The store of this workspace {same}.")
    return "\n".join(lines)
