"""`salesbrief edit`: a new version of a stored draft, in another tone, order or length, with every fact kept."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import DraftName, StoreData, StoreUrl
from tools.errors import InputError, NotFound, did_you_mean

if TYPE_CHECKING:
    from agent.draft import Draft
    from agent.editing.edit import Edit


def edit(
    draft: DraftName,
    tone: Annotated[
        str | None,
        typer.Option(
            "--tone", metavar="TONE|TEXT", help="direct, warm, formal, coaching, executive, plain, or a wish."
        ),
    ] = None,
    section: Annotated[
        list[str] | None, typer.Option("--section", metavar="ID", help="Rewrite only this section; may be repeated.")
    ] = None,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Edit the text in $EDITOR instead.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Save without asking.")] = False,
    model: Annotated[
        str | None, typer.Option("--model", help="A LangChain model string, as openai:gpt-5; default: no model.")
    ] = None,
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Rewrite a stored draft by a wish. Figures cannot change, and what would hide a shortfall is refused."""
    from agent.cli.editing import edit_by_hand, edit_one
    from agent.cli.stores import making, open_store
    from agent.editing.wish import read_wish
    from prompts.loader import PromptSet

    if (tone is None) != by_hand:
        raise InputError('Say how it should read: --tone warm, or --tone "120 words"; or edit it --by-hand.')
    prompts = PromptSet.load()
    opened = open_store(data, store)
    found = opened.find(draft)
    before = opened.version(found.id)
    _known_sections(section, before.draft)
    if tone is None:
        result = edit_by_hand(before.draft, prompts)
    else:
        result = edit_one(before.draft, read_wish(tone, prompts), prompts, sections=section, model=model)
    _show(before.draft, result)
    if not result.differs_from(before.draft):
        raise typer.Exit(1 if result.refused or result.answers else 0)
    if not accept:
        _ask(f"Save this as version {before.number + 1}?")
    action = making(result.run, "by_hand" if tone is None else "edit", tone)
    saved = opened.append(found.id, before.number, result.draft, action)
    print(f"Version {saved.number} of {found.short_id} is saved.", file=sys.stderr)


def _known_sections(asked: list[str] | None, draft: Draft) -> None:
    known = [section.id for section in draft.all_sections]
    for section in asked or []:
        if section not in known:
            raise NotFound(f'This draft has no section "{section}". {did_you_mean(section, known)}')


def _show(before: Draft, result: Edit) -> None:
    """Old and new side by side, what was refused and why, and what was checked."""
    from agent.cli.side_by_side import draft_difference

    if result.differs_from(before):
        print(draft_difference(before, result.draft, shutil.get_terminal_size((140, 40)).columns), end="\n\n")
    for refusal in result.refused:
        print(f"{refusal.title} stays as it was:")
        for reason in refusal.reasons:
            print(f"  - {reason}")
    for answer in result.answers:
        print(answer)
    if result.checked:
        print("Checked: " + "; ".join(result.checked) + ".")
    if not result.differs_from(before):
        print("Nothing was changed.")


def _ask(question: str) -> None:
    """Go on only where a person says yes."""
    if not sys.stdin.isatty():
        raise InputError("Nobody is there to ask: add --accept to save, or run it in a terminal. Nothing was saved.")
    if not typer.confirm(question):
        print("Nothing was saved.")
        raise typer.Exit(0)
