"""The draft in a conversation: written while the reader watches, kept, edited, compared, taken back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

from agent.chat.answer import Block, Difference, DraftShown, Notice, Said
from agent.chat.figures import shortfalls
from agent.chat.gaps import missing, questions
from agent.chat.view import View, turned_to
from agent.draft import Draft, Section, Statement, Text
from agent.drafting import Run, draft_summary
from agent.editing.edit import Edit, edit_draft
from agent.editing.wish import read_wish, section_named
from agent.naming import period_name
from agent.record import RunRecord
from agent.store.store import Making, Version
from tools.errors import InputError

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.talk import Tell

Blocks = tuple[Block, ...]


async def drafted(desk: Desk, tell: Tell, who: str | None, period: str | None) -> Blocks:
    """Write the summary, keep it, and say beside it what fell short, what is missing and what is worth asking."""
    view = await asyncio.to_thread(desk.view, who, period)
    for section in (view.plan.headline, *view.plan.sections):
        if section.left_out is None:
            # Readers learn the draft's order before its first section is ready.
            tell.working(f"to be written: {section.settings.title}", section.id)
    draft = await desk.apart.run(_written(desk, view, tell))
    return await asyncio.to_thread(_kept, desk, view, draft)


def _kept(desk: Desk, view: View, draft: Draft) -> Blocks:
    kept = desk.stores.drafts.add(draft, Making(desk.viewer.account, desk.now(), draft.record))
    about = desk.conversation
    turned = (view.of.who, view.of.period) != (about.who, about.period)
    desk.keep_about(who=view.of.who, name=view.sheet.person, period=view.of.period, draft_id=kept.id)
    shown = DraftShown(draft_id=kept.id, version=kept.versions)
    # What is missing is said once in a conversation; whoever wants it again asks for it.
    gaps = () if _shown_before(desk, kept.id) else missing(view, brief=True)
    # Only a draft was asked for; to turn is what the program made of it.
    back = about.name if view.of.who != about.who else period_name(about.period, view.locale)
    told = (turned_to(view.of, view.period, back),) if turned else ()
    return (*told, shown, *_without_model(draft), *_short(view), *gaps, *questions(desk, view, quiet=True))


def _shown_before(desk: Desk, draft_id: str) -> bool:
    """Whether an earlier answer of the conversation wrote that draft."""
    keep = desk.stores.conversations
    replies = [each for each in keep.messages(desk.conversation.id) if each.author == "salesbrief" and each.ended]
    blocks = [event.block for reply in replies for event in keep.events(desk.conversation.id, reply.number)]
    return any(isinstance(block, DraftShown) and block.draft_id == draft_id for block in blocks)


async def _written(desk: Desk, view: View, tell: Tell) -> Draft:
    heard, finished = _telling(desk, tell)
    run = Run(desk.software, desk.as_of, desk.now(), desk.model)
    if desk.model is None:
        return await draft_summary(
            view.sheet, desk.prompts, run, review=desk.checks, progress=heard, finished=finished, locale=desk.locale
        )
    from agent.models import open_writer

    async with AsyncExitStack() as stack:
        opened = open_writer(desk.model, desk.prompts, view.sheet, desk.settings, desk.locale)
        writer = await stack.enter_async_context(opened)
        run = Run(run.software, run.as_of, run.started_at, desk.model, writer.prompts_used, writer.cost_of)
        return await draft_summary(
            view.sheet, desk.prompts, run, writer=writer, review=desk.checks, progress=heard, finished=finished,
            locale=desk.locale,
        )  # fmt: skip


async def edited(desk: Desk, tell: Tell, wish: str, section: str | None) -> Blocks:
    """Change the newest version by a wish, and keep that as a version of its own."""
    before = await asyncio.to_thread(current, desk)
    only = None
    if section is not None:
        named = section_named(section, desk.prompts) or section
        if named not in {each.id for each in before.draft.all_sections}:
            raise InputError(f'The draft has no section "{section}"; it has '
                             f"{', '.join(each.title for each in before.draft.all_sections)}.")  # fmt: skip
        only = [named]
    edit = await desk.apart.run(rewritten(desk, before.draft, wish, only, tell))
    return await asyncio.to_thread(_told, desk, before, edit, wish)


async def rewritten(desk: Desk, draft: Draft, words: str, only: Sequence[str] | None, tell: Tell) -> Edit:
    wish = read_wish(words, desk.prompts)
    heard, _ = _telling(desk, tell)
    run = Run(desk.software, draft.record.as_of, desk.now(), desk.model)
    if desk.model is None:
        return await edit_draft(draft, wish, desk.prompts, run, sections=only, review=desk.checks, progress=heard)
    from agent.models.rewriter import open_rewriter

    async with AsyncExitStack() as stack:
        spoken = draft.model_copy(update={"locale": wish.language or draft.locale})
        opened = open_rewriter(desk.model, desk.prompts, spoken, desk.settings)
        rewriter = await stack.enter_async_context(opened)
        run = Run(run.software, run.as_of, run.started_at, desk.model, rewriter.prompts_used, rewriter.cost_of)
        return await edit_draft(
            draft, wish, desk.prompts, run, sections=only, rewriter=rewriter, review=desk.checks, progress=heard
        )


def _told(desk: Desk, before: Version, edit: Edit, wish: str) -> Blocks:
    """What became of a wish: the new version beside the old, what was refused and why, and what was checked."""
    blocks: list[Block] = []
    if edit.differs_from(before.draft):
        action = "language" if edit.draft.locale != before.draft.locale else "edit"
        saved = desk.stores.drafts.append(
            before.draft_id, before.number, edit.draft, Making(desk.viewer.account, desk.now(), edit.run, action, wish)
        )
        blocks.append(DraftShown(draft_id=saved.draft_id, version=saved.number, changed=edit.changed))
        blocks.append(Difference(draft_id=saved.draft_id, before=before.number, after=saved.number))
    for refusal in edit.refused:
        blocks.append(_lines(f"{refusal.title} stays as it was", refusal.reasons))
    blocks += [Notice(text=answer, tone="info") for answer in edit.answers]
    if edit.differs_from(before.draft):
        checked = "; ".join(edit.checked)
        blocks.append(Notice(text=f"{checked[:1].upper()}{checked[1:]}. “Undo” takes it back."))
    elif not blocks:
        blocks.append(Notice(text="Nothing had to be changed for that; the draft is as it was."))
    return tuple(blocks)


def undone(desk: Desk) -> Blocks:
    """The version that the newest change was made from, as the newest one; nothing in between is lost."""
    versions = desk.stores.drafts.versions(current(desk).draft_id)
    last = versions[-1]
    to = _made_from(versions, last)
    if to is None:
        return (Notice(text="The draft is as it was first written; there is nothing to take back."),)
    run = _unpaid(to.draft.record, desk.now())
    making = Making(desk.viewer.account, desk.now(), run, "restore", f"version {to.number}")
    saved = desk.stores.drafts.append(last.draft_id, last.number, to.draft, making)
    before = {section.id: section for section in last.draft.all_sections}
    changed = tuple(each.id for each in to.draft.all_sections if before.get(each.id) != each)
    return (
        DraftShown(draft_id=saved.draft_id, version=saved.number, changed=changed),
        Notice(text=f"Taken back: the draft reads as version {to.number} again."),
    )


def difference(desk: Desk) -> Blocks:
    """The last two versions that differ, beside each other."""
    last = current(desk)
    if last.number < 2:
        return (Notice(text="The draft has one version; nothing was changed yet."),)
    return (Difference(draft_id=last.draft_id, before=last.number - 1, after=last.number),)


def current(desk: Desk) -> Version:
    """The newest version of the conversation's draft, if it may (still) be seen.

    Raises `InputError` where there is none yet.
    """
    if desk.conversation.draft_id is None:
        raise InputError("There is no draft in this conversation yet; ask for one first.")
    desk.whose(None, desk.period())
    version = desk.stores.drafts.version(desk.conversation.draft_id)
    sheet = version.draft.sheet
    desk.whose(sheet.person_id or f"team:{sheet.person}", desk.period(sheet.period))
    return version


def _made_from(versions: Sequence[Version], version: Version) -> Version | None:
    """What a version was made from; of one that was taken back to, what that one was made from."""
    numbered = {each.number: each for each in versions}
    while version.action == "restore" and version.instruction is not None:
        back_to = numbered.get(int(version.instruction.rpartition(" ")[2]))
        if back_to is None:
            break
        version = back_to
    return numbered.get(version.parent) if version.parent is not None else None


def _telling(desk: Desk, tell: Tell) -> tuple[Callable[[str, str], None], Callable[[Section], None]]:
    """How progress is told: the section that was begun, then its sentences, then the section."""

    def heard(section_id: str, state: str) -> None:
        title = desk.prompts.section(section_id).title
        if state in ("writing", "repairing"):
            again = " once more" if state == "repairing" else ""
            tell.working(f"writing {title}{again}", section_id)

    def finished(section: Section) -> None:
        for block in section.blocks:
            for statement in block.statements:
                tell.statement(section.id, statement)
        tell.section(section)

    return heard, finished


def _short(view: View) -> Blocks:
    return shortfalls(view) if view.plan.shortfalls else ()


def _without_model(draft: Draft) -> Blocks:
    """How many of the sections that a model was asked for it did not write, and why."""
    asked = [each for each in draft.all_sections if each.written_by == "model" or each.note is not None]
    reasons = dict.fromkeys(each.note for each in asked if each.note is not None)
    if not reasons:
        return ()
    titles = ", ".join(each.title for each in asked if each.note is not None)
    text = f"Written without the model: {titles} ({'; '.join(map(str, reasons))})."
    return (Notice(text=text, tone="failed"),)


def _lines(title: str, lines: Sequence[str]) -> Said:
    statements = tuple(Statement(parts=(Text(text=each),), text=each) for each in lines)
    return Said(title=title, style="bullets", statements=statements)


def _unpaid(run: RunRecord, at: Any) -> RunRecord:
    """The record of a step that asks no model."""
    nothing = {"model": None, "prompts": (), "seconds": 0.0, "input_tokens": 0, "output_tokens": 0, "cost": None}
    return run.model_copy(update={**nothing, "attempts": (), "started_at": at})
