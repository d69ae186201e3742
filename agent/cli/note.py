"""`salesbrief note`: a dated statement of the person's own, any day of the period."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.options import AsOf, Data, StoreUrl, Who, as_of_day
from tools.errors import InputError


def note(
    text: Annotated[str, typer.Argument(metavar="TEXT", help='What happened: "Trained two new SDRs".')],
    data: Data,
    who: Who,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="The day it is about (default: today).")] = None,
    metric: Annotated[
        str | None, typer.Option("--metric", metavar="METRIC", help="The result it explains: win_rate, sales cycle.")
    ] = None,
    as_of: AsOf = None,
    store: StoreUrl = None,
) -> None:
    """Keep a weekly update while it is fresh; drafts of its period use it, marked as self-reported.

    What contradicts a fact is answered with the fact and not kept.
    """
    import shutil
    import sys
    from datetime import date

    from agent.access import Viewer
    from agent.chat.answer import Notice
    from agent.chat.when import usual_period
    from agent.cli.conversing import open_office
    from agent.cli.talking import Screen
    from agent.settings import read_environment

    today = as_of_day(as_of)
    try:
        day = date.fromisoformat(on) if on is not None else today
    except ValueError:
        raise InputError(f'"{on}" is not a day; write --on 2026-05-12.') from None
    office = open_office(data, store, None, lambda: today)
    viewer = Viewer(read_environment().author, "ops", alone=True)
    blocks = office.aside(viewer, who, usual_period(day)).say(text, day, metric)
    screen = Screen(
        sys.stdout, tty=sys.stdout.isatty(), width=shutil.get_terminal_size((100, 40)).columns,
        draft=lambda draft_id, number: office.stores.drafts.version(draft_id, number).draft,
    )  # fmt: skip
    for block in blocks:
        screen.block(block)
    if any(isinstance(block, Notice) and block.tone != "info" for block in blocks):
        raise typer.Exit(1)
