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
    from agent.editing.wish import Wish
    from prompts.loader import PromptSet


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
    lang: Annotated[
        str | None, typer.Option("--lang", help="Rewrite it in en, pl, sv, ar or da; needs a model.")
    ] = None,
    by_hand: Annotated[bool, typer.Option("--by-hand", help="Edit the text in $EDITOR instead.")] = False,
    accept: Annotated[bool, typer.Option("--accept", help="Save without asking.")] = False,
    with_claims: Annotated[
        bool,
        typer.Option(
            "--with-claims",
            help="With --by-hand --accept: save also figures that are not on record, or a text without a shortfall.",
        ),
    ] = False,
    model: Annotated[
        str | None, typer.Option("--model", help="A LangChain model string, as openai:gpt-5; default: no model.")
    ] = None,
    data: StoreData = None,
    store: StoreUrl = None,
) -> None:
    """Rewrite a stored draft by a wish. Figures cannot change, and what would hide a shortfall is refused."""
    from agent.cli.editing import edit_by_hand, edit_one
    from agent.cli.stores import find_draft, making, open_store
    from agent.settings import read_environment
    from agent.store.store import VersionConflict
    from prompts.loader import PromptSet

    if (tone is None and lang is None) != by_hand:
        raise InputError('Say how it should read: --tone warm, or --tone "120 words"; or edit it --by-hand.')
    wish = _wish(tone, lang, prompts := PromptSet.load())
    opened = open_store(data, store)
    found = find_draft(opened, draft)
    before = opened.version(found.id)
    _known_sections(section, before.draft)
    if by_hand:
        result = edit_by_hand(before.draft, prompts)
    else:
        result = edit_one(before.draft, wish, prompts, sections=section, model=model or read_environment().model)
    _show(before.draft, result)
    if wish.language is not None and result.draft.locale != wish.language:
        print(f"`salesbrief show {found.short_id} --lang {wish.language}` prints its figures for that locale.")
    if not result.differs_from(before.draft):
        raise typer.Exit(1 if result.refused or result.answers else 0)
    unproved = _unproved(before.draft, result.draft, prompts) if by_hand else ""
    if not accept:
        _ask(f"{unproved}Save this as version {before.number + 1}?")
    elif unproved and not with_claims:
        raise InputError(f"{unproved}Nothing was saved: add --with-claims to save it so, marked as typed by hand.")
    action = "by_hand" if by_hand else "language" if wish.language is not None else "edit"
    try:
        saved = opened.append(found.id, before.number, result.draft, making(result.run, action, wish.text or None))
    except VersionConflict as error:
        newest = opened.version(found.id).number
        raise InputError(f"{error} `salesbrief diff {found.short_id} {before.number} {newest}` shows both.") from None
    print(f"Version {saved.number} of {found.short_id} is saved.", file=sys.stderr)


def _wish(tone: str | None, lang: str | None, prompts: PromptSet) -> Wish:
    """What is asked for, of both options."""
    from dataclasses import replace

    from agent.editing.wish import LANGUAGES, read_wish

    wish = read_wish(tone or "", prompts)
    if lang is None:
        return wish
    names = {code: name.capitalize() for name, code in LANGUAGES.items()}
    if lang not in names:
        raise InputError(f'There is no language "{lang}" to write in; there are {", ".join(sorted(names))}.')
    return replace(wish, language=lang, text=f"{wish.text}{', ' if wish.text else ''}in {names[lang]}")


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


def _unproved(before: Draft, after: Draft, prompts: PromptSet) -> str:
    """What a text typed by hand says without a record, or no longer says of a shortfall; "" where it does neither."""
    from agent.bundle import by_hand
    from agent.editing.by_hand import figures_typed

    known, gone_before = figures_typed(before, prompts), by_hand(before, prompts)[1]
    figures = dict.fromkeys(f"“{each}”" for each in figures_typed(after, prompts) if each not in known)
    gone = [each for each in by_hand(after, prompts)[1] if each not in gone_before]
    told = f"Not on record: {', '.join(figures)}. " if figures else ""
    return told + (f"No longer said: {'; '.join(gone)}. " if gone else "")


def _ask(question: str) -> None:
    """Go on only where a person says yes."""
    if not sys.stdin.isatty():
        raise InputError("Nobody is there to ask: add --accept to save, or run it in a terminal. Nothing was saved.")
    if not typer.confirm(question):
        print("Nothing was saved.")
        raise typer.Exit(0)
