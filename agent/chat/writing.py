"""The draft in a conversation: written while the reader watches, kept, edited, compared, taken back."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from agent.chat.answer import Block, Difference, DraftShown, Notice
from agent.chat.figures import shortfalls
from agent.chat.gaps import missing, questions
from agent.draft import Draft
from agent.drafting import Run, draft_summary
from agent.store.store import Making
from tools.errors import InputError

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.talk import Tell

Blocks = tuple[Block, ...]


async def drafted(desk: Desk, tell: Tell, who: str | None, period: str | None) -> Blocks:
    """Write the summary, keep it, and say beside it what fell short, what is missing and what is worth asking."""
    view = desk.view(who, period)
    async with AsyncExitStack() as stack:
        writer = None
        run = Run(desk.software, desk.as_of, desk.now(), desk.model)
        if desk.model is not None:
            from agent.models import open_writer

            writer = await stack.enter_async_context(open_writer(desk.model, desk.prompts, view.sheet, desk.settings))
            run = Run(run.software, run.as_of, run.started_at, desk.model, writer.prompts_used, writer.cost_of)
        draft = await draft_summary(view.sheet, desk.prompts, run, writer=writer, review=desk.checks)
    for section in draft.all_sections:
        for block in section.blocks:
            for statement in block.statements:
                tell.statement(section.id, statement)
        tell.section(section)
    kept = desk.stores.drafts.add(draft, Making(desk.viewer.account, desk.now(), draft.record))
    desk.conversation = desk.stores.conversations.turn(
        desk.conversation.id, who=view.of.who, name=view.sheet.person, period=view.of.period, draft_id=kept.id
    )
    shown = DraftShown(draft_id=kept.id, version=kept.versions)
    return (shown, *shortfalls(view), *missing(view), *questions(view))


async def edited(desk: Desk, tell: Tell, wish: str, section: str | None) -> Blocks:
    """Change the newest version by a wish."""
    return (Notice(text="Editing in the conversation is on its way."),)


def undone(desk: Desk) -> Blocks:
    """The version before, as the newest one."""
    before = current(desk)
    return (Notice(text=f"The draft has {before[1]} versions."),)


def difference(desk: Desk) -> Blocks:
    """The last two versions beside each other."""
    draft_id, last, _ = current(desk)
    if last < 2:
        return (Notice(text="The draft has one version; nothing was changed yet."),)
    return (Difference(draft_id=draft_id, before=last - 1, after=last),)


def current(desk: Desk) -> tuple[str, int, Draft]:
    """The conversation's draft: its id, newest version and content. Raises `InputError` where there is none yet."""
    if desk.conversation.draft_id is None:
        raise InputError("There is no draft in this conversation yet; ask for one first.")
    version = desk.stores.drafts.version(desk.conversation.draft_id)
    return version.draft_id, version.number, version.draft
