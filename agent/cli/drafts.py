"""Drafting as commands do it: the writer, the checks and the record brought together."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from agent.draft import Draft, DraftFinding
from agent.drafting import Progress, Run, draft_summary
from agent.editing.languages import unnamed_text
from agent.markdown import to_markdown
from evals.checking import check_draft
from prompts.loader import PromptSet
from tools.facts import FactSheet

if TYPE_CHECKING:
    from agent.store.store import DraftStore, StoredDraft


def draft_one(
    sheet: FactSheet, prompts: PromptSet, *, as_of: date, model: str | None = None, progress: Progress | None = None
) -> Draft:
    """Draft one fact sheet, with a model or without."""
    return asyncio.run(_drafted(sheet, prompts, as_of, model, progress or (lambda section, state: None)))


async def _drafted(sheet: FactSheet, prompts: PromptSet, as_of: date, model: str | None, progress: Progress) -> Draft:
    run = Run(f"salesbrief {version('salesbrief')}", as_of, datetime.now().astimezone(), model)
    if model is None:
        return await draft_summary(sheet, prompts, run, review=checks_review, progress=progress)
    from agent.models import open_writer
    from agent.settings import read_environment

    async with AsyncExitStack() as stack:
        writer = await stack.enter_async_context(open_writer(model, prompts, sheet, read_environment()))
        run = Run(run.software, as_of, run.started_at, model, writer.prompts_used, writer.cost_of)
        return await draft_summary(sheet, prompts, run, writer=writer, review=checks_review, progress=progress)


def checks_review(markdown: str, sheet: FactSheet) -> Sequence[DraftFinding]:
    """What the checks of the eval suite find in the printed draft."""
    fields = ("check", "severity", "quote", "message", "suggestion")
    result = check_draft(markdown, sheet.model_dump(mode="json"))
    return [DraftFinding(**{field: finding[field] for field in fields}) for finding in result["findings"]]


def draft_text(draft: Draft, form: str) -> str:
    """The draft as Markdown or as JSON."""
    return draft.model_dump_json(indent=2) if form == "json" else to_markdown(draft)


def say_unnamed(draft: Draft, prompts: PromptSet) -> None:
    """Tell the person once what is printed in English, for want of words in the draft's language."""
    told = unnamed_text(draft, prompts)
    if told is not None:
        print(told, file=sys.stderr)


def kept_text(kept: StoredDraft, store: DraftStore, made_at: datetime) -> str:
    """What the draft just kept can be called, and which version it took the place of."""
    if kept.versions == 1:
        return f"Draft {kept.short_id}, kept with its versions."
    newest = store.version(kept.id)
    if newest.made_at != made_at:
        return f"Draft {kept.short_id}: its newest version, {kept.versions}, says just that; nothing new was kept."
    return (
        f"Version {newest.number} of {kept.short_id}. Version {newest.parent} is kept too: `salesbrief diff "
        f"{kept.short_id}` compares them, `salesbrief restore {kept.short_id} {newest.parent}` goes back, and --new "
        "would have made a draft of its own."
    )


def fallback_text(draft: Draft) -> str | None:
    """How many of the sections that a model was asked for it did not write, and why; None where it wrote them all."""
    asked = [section for section in draft.all_sections if section.written_by == "model" or section.note is not None]
    reasons = dict.fromkeys(section.note for section in asked if section.note is not None)
    if not reasons:
        return None
    many = sum(section.note is not None for section in asked)
    were = "was" if many == 1 else "were"
    return f"{many} of {len(asked)} sections {were} written without the model: {'; '.join(map(str, reasons))}."


def findings_text(draft: Draft) -> str:
    """What the checks found, one line each, for the person at the terminal."""
    if not draft.findings:
        return "Checks: nothing found."
    lines = [f"Checks: {len(draft.findings)} found."]
    for finding in draft.findings:
        quote = f' "{finding.quote}"' if finding.quote else ""
        lines.append(f"  {finding.check} ({finding.severity}):{quote} {finding.message} {finding.suggestion}".rstrip())
    return "\n".join(lines)
