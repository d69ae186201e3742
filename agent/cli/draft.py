"""`salesbrief draft`: the summary of a person or team for a period."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson, AsOf, Data, PeriodText, StoreUrl, Who, as_of_day
from tools.errors import InputError


def draft(
    data: Data,
    who: Who,
    period: PeriodText,
    model: Annotated[
        str | None,
        typer.Option(
            "--model", help="A LangChain model string, as openai:gpt-5; default: $SALESBRIEF_MODEL, else no model."
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", metavar="md|json", help="Markdown or JSON.")] = "md",
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write here instead of printing.")] = None,
    as_of: AsOf = None,
    new: Annotated[
        bool, typer.Option("--new", help="Keep it as a draft of its own, not as a version of the one there is.")
    ] = False,
    store: StoreUrl = None,
    json: AsJson = False,
) -> None:
    """Draft the nine sections with their headline, keep the draft, and show what the checks find."""
    from agent.cli.drafts import draft_one, draft_text, fallback_text, findings_text, kept_text
    from agent.cli.output import deliver
    from agent.cli.progress import section_progress
    from agent.cli.stores import making, open_stores
    from agent.settings import read_environment
    from agent.statements import statements_key, with_statements
    from prompts.loader import PromptSet
    from tools.metrics.build import build_facts, require_records
    from tools.workspace import Workspace

    form = "json" if json else form
    if form not in ("md", "json"):
        raise InputError(f'--format is md or json, not "{form}".')
    settings = read_environment()
    model = model or settings.model
    if model is not None:
        from agent.models import check_model

        check_model(model, settings)
    prompts = PromptSet.load()
    sheet = build_facts(Workspace.open(data), who, period, as_of=as_of_day(as_of), kpis=prompts.kpis())
    require_records(sheet)
    stores = open_stores(data, store)
    sheet = with_statements(sheet, stores.statements.about(statements_key(sheet)))
    with section_progress(sys.stderr) as progress:
        written = draft_one(sheet, prompts, as_of=as_of_day(as_of), model=model, progress=progress)
    opened = stores.drafts
    made = making(written.record, "draft")
    kept = opened.add(written, made, new=new)
    deliver(draft_text(written, form), out)
    print(kept_text(kept, opened, made.made_at), file=sys.stderr)
    fallback = fallback_text(written)
    if fallback is not None:
        print(fallback, file=sys.stderr)
    if form == "md" or out is not None:
        print(findings_text(written), file=sys.stderr)
