"""`salesbrief show`: a stored draft, printed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import DraftName, StoreData, StoreUrl
from tools.errors import InputError


def show(
    draft: DraftName,
    number: Annotated[int | None, typer.Argument(metavar="[VERSION]", help="Default: the newest.")] = None,
    data: StoreData = None,
    store: StoreUrl = None,
    form: Annotated[str, typer.Option("--format", metavar="md|json", help="Markdown or JSON.")] = "md",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of printing.")] = None,
) -> None:
    """Print a stored draft, the newest version or an earlier one."""
    from agent.cli.drafts import draft_text
    from agent.cli.output import deliver
    from agent.cli.stores import open_store

    if form not in ("md", "json"):
        raise InputError(f'--format is md or json, not "{form}".')
    opened = open_store(data, store)
    version = opened.version(opened.find(draft).id, number)
    deliver(draft_text(version.draft, form), out)
