"""Editing as commands do it: the draft, the wish, the checks and a model's writer brought together."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from importlib.metadata import version

from agent.cli.drafts import checks_review
from agent.cli.progress import section_progress
from agent.draft import Draft
from agent.drafting import Run
from agent.editing.edit import Edit, Progress, edit_draft
from agent.editing.wish import Wish
from prompts.loader import PromptSet


def edit_one(
    draft: Draft, wish: Wish, prompts: PromptSet, *, sections: Sequence[str] | None = None, model: str | None = None
) -> Edit:
    """Edit one draft, with a model or without."""
    with section_progress(sys.stderr) as progress:
        return asyncio.run(_edited(draft, wish, prompts, sections, model, progress))


async def _edited(
    draft: Draft,
    wish: Wish,
    prompts: PromptSet,
    sections: Sequence[str] | None,
    model: str | None,
    progress: Progress,
) -> Edit:
    run = Run(f"salesbrief {version('salesbrief')}", draft.record.as_of, datetime.now().astimezone(), model)
    if model is None:
        return await edit_draft(draft, wish, prompts, run, sections=sections, review=checks_review, progress=progress)
    from agent.models.rewriter import open_rewriter
    from agent.settings import read_environment

    async with AsyncExitStack() as stack:
        opened = open_rewriter(model, prompts, draft, read_environment())
        rewriter = await stack.enter_async_context(opened)
        run = Run(run.software, run.as_of, run.started_at, model, rewriter.prompts_used, rewriter.cost_of)
        return await edit_draft(
            draft, wish, prompts, run, sections=sections, rewriter=rewriter, review=checks_review, progress=progress
        )
