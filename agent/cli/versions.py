"""`salesbrief drafts`, `versions`, `diff` and `restore`: what was drafted, how it came about, and going back."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer

from agent.cli.options import AsJson, DraftName, StoreData, StoreUrl


def drafts(data: StoreData = None, store: StoreUrl = None, json: AsJson = False) -> None:
    """List the drafts that are stored, the one touched last first."""
    from agent.cli.output import columns, print_json
    from agent.cli.stores import local_time, open_store

    stored = open_store(data, store).drafts()
    if json:
        fields = ("id", "person", "role", "period", "versions", "last_action", "last_by", "last_at")
        print_json([{field: getattr(draft, field) for field in fields} for draft in stored])
        return
    rows = [
        (each.short_id, each.person, each.period, str(each.versions), each.last_action, each.last_by,
         local_time(each.last_at))
        for each in stored
    ]  # fmt: skip
    if not rows:
        print("No draft is stored yet; `salesbrief draft` makes one.")
        return
    print(columns(("draft", "person", "period", "versions", "last", "by", "when"), rows, right=frozenset({3})))


def versions(draft: DraftName, data: StoreData = None, store: StoreUrl = None, json: AsJson = False) -> None:
    """List a draft's versions: who made each, when, from which, how, with which model and at what cost."""
    from agent.cli.output import columns, print_json
    from agent.cli.stores import find_draft, local_time, open_store

    opened = open_store(data, store)
    history = opened.versions(find_draft(opened, draft).id)
    if json:
        print_json([version.as_history() for version in history])
        return
    rows = []
    for version in history:
        run = version.run
        spent = f"{run.input_tokens + run.output_tokens:,}" if run.model is not None else "–"
        cost = f"{run.cost:.4f} {run.cost_currency}" if run.cost is not None else "–"
        source = "–" if version.parent is None else str(version.parent)
        rows.append(
            (str(version.number), source, version.action, version.instruction or "", version.made_by,
             local_time(version.made_at), run.model or "composer", spent, cost)
        )  # fmt: skip
    header = ("version", "from", "action", "instruction", "by", "when", "model", "tokens", "cost")
    print(columns(header, rows, right=frozenset({0, 1, 7, 8})))


def diff(
    draft: DraftName,
    old: Annotated[int | None, typer.Argument(help="A version; default: the one before the newest.")] = None,
    new: Annotated[int | None, typer.Argument(help="A later version; default: the newest.")] = None,
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Show what changed between two versions, side by side and word by word."""
    from agent.cli.side_by_side import draft_difference
    from agent.cli.stores import find_draft, open_store

    opened = open_store(data, store)
    found = find_draft(opened, draft)
    last = new if new is not None else found.versions
    first = old if old is not None else max(1, last - 1)
    before, after = opened.version(found.id, first), opened.version(found.id, last)
    print(f"{found.person}, {found.period}: version {first} and version {last}\n")
    print(draft_difference(before.draft, after.draft, shutil.get_terminal_size((120, 40)).columns))


def restore(
    draft: DraftName,
    number: Annotated[int, typer.Argument(metavar="VERSION", help="The version to go back to.")],
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Go back to an earlier version: it becomes the newest one, and nothing in between is lost."""
    from agent.cli.stores import find_draft, making, open_store, unpaid

    opened = open_store(data, store)
    found = find_draft(opened, draft)
    earlier = opened.version(found.id, number)
    run = unpaid(earlier.draft.record)
    saved = opened.append(found.id, found.versions, earlier.draft, making(run, "restore", f"version {number}"))
    print(f"Version {saved.number} of {found.short_id} is version {number} again.")
