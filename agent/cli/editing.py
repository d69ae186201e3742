"""Editing as commands do it: the draft, the wish, the checks and a model's writer brought together."""

from __future__ import annotations

import asyncio
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path

from agent.cli.drafts import checks_review
from agent.cli.progress import section_progress
from agent.cli.stores import unpaid
from agent.draft import Draft
from agent.drafting import Run
from agent.editing.by_hand import editable, taken_back
from agent.editing.edit import Edit, Progress, edit_draft, no_longer_said, with_findings
from agent.editing.wish import Wish
from agent.settings import read_environment
from prompts.loader import PromptSet
from tools.errors import InputError


def edit_one(
    draft: Draft, wish: Wish, prompts: PromptSet, *, sections: Sequence[str] | None = None, model: str | None = None
) -> Edit:
    """Edit one draft, with a model or without."""
    with section_progress(sys.stderr) as progress:
        return asyncio.run(_edited(draft, wish, prompts, sections, model, progress))


def edit_by_hand(draft: Draft, prompts: PromptSet) -> Edit:
    """The draft as a person leaves it in their editor. Raises `InputError`, and keeps what was typed, if it cannot be
    read."""
    command = shlex.split(read_environment().editor or "vi")
    path = Path(tempfile.mkdtemp(prefix="salesbrief-")) / "draft.md"
    path.write_text(editable(draft), encoding="utf-8")
    try:
        subprocess.run([*command, str(path)], check=True)
        after = taken_back(path.read_text(encoding="utf-8"), draft, prompts, date.today())
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(f"The editor {command[0]} failed ({error}); set EDITOR to one that is installed.") from None
    except InputError as error:
        raise InputError(f"{error} What you typed is in {path}.") from None
    # Whoever is overtaken by somebody else's version, or says no, finds the text there.
    print(f"What you typed is kept in {path}.", file=sys.stderr)
    after = with_findings(after, checks_review, prompts)
    known = {finding.message for finding in draft.findings}
    answers = [*no_longer_said(draft, after, prompts)]
    answers += [f"{finding.message} ({finding.check})" for finding in after.findings if finding.message not in known]
    answers = list(dict.fromkeys(answers))
    changed = tuple(section.id for section in after.all_sections if section not in draft.all_sections)
    same = len(after.all_sections) - len(changed)
    return Edit(
        after, unpaid(draft.record), changed, (), tuple(answers),
        (f"{same} of {len(after.all_sections)} sections are byte-identical",) if changed else (),
    )  # fmt: skip


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

    async with AsyncExitStack() as stack:
        spoken = draft.model_copy(update={"locale": wish.language or draft.locale})
        opened = open_rewriter(model, prompts, spoken, read_environment())
        rewriter = await stack.enter_async_context(opened)
        run = Run(run.software, run.as_of, run.started_at, model, rewriter.prompts_used, rewriter.cost_of)
        return await edit_draft(
            draft, wish, prompts, run, sections=sections, rewriter=rewriter, review=checks_review, progress=progress
        )
