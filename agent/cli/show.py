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
    lang: Annotated[
        str | None, typer.Option("--lang", help="Print the figures for en, pl, sv, ar or da; the words stay.")
    ] = None,
    currency_style: Annotated[
        str, typer.Option("--currency-style", metavar="compact|full|code", help="$560K, $560,000 or USD 560,000.")
    ] = "compact",
    form: Annotated[str, typer.Option("--format", metavar="md|json", help="Markdown or JSON.")] = "md",
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print JSON for machines: the facts, and every section's statements with their tokens and printed "
            "text; `salesbrief schema draft` describes it.",
        ),
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of printing.")] = None,
) -> None:
    """Print a stored draft, the newest version or an earlier one, its figures for any locale without a model."""
    from typing import get_args

    from agent.cli.drafts import draft_text, say_unnamed
    from agent.cli.output import deliver
    from agent.cli.stores import find_draft, open_store
    from agent.editing.languages import reprinted
    from agent.printing import MoneyStyle
    from prompts.loader import PromptSet

    if form not in ("md", "json"):
        raise InputError(f'--format is md or json, not "{form}".')
    opened = open_store(data, store)
    version = opened.version(find_draft(opened, draft).id, number)
    if currency_style not in get_args(MoneyStyle):
        raise InputError(f'--currency-style is compact, full or code, not "{currency_style}".')
    shown = version.draft
    if lang is not None or currency_style != "compact":
        prompts = PromptSet.load()
        shown = reprinted(shown, prompts, lang or shown.locale, currency_style)  # type: ignore[arg-type]
        say_unnamed(shown, prompts)
    deliver(draft_text(shown, "json" if json else form), out)
