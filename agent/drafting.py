"""The loop: plan, write every section at once, guard, repair, fall back, print, check.

plan ─► for each prose section, concurrently:   writer ─► guard ─► stands
                                                  ▲         │ refused: once more, with the reasons
                                                  └─────────┘
                                                else the composer writes it, and the draft says so
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from agent.composer import Composer, compose_facts_section
from agent.draft import Draft, DraftFinding, LeftOut, Section
from agent.guard import refusals
from agent.markdown import to_markdown
from agent.plan import Plan, SectionPlan, plan_summary
from agent.printing import Printer
from agent.record import Attempt, PromptUsed, RunRecord
from agent.writer import REFUSED, SectionFailed, SectionRefused, Writer
from prompts.loader import PromptSet
from tools.facts import FactSheet

REPAIRS = 1
# What a draft's reader is told; what the check found is in the record's attempts.
CONTRADICTED = "its text did not pass the checks"

Progress = Callable[[str, str], None]
Finished = Callable[[Section], None]
Review = Callable[[str, FactSheet], Sequence[DraftFinding]]


@dataclass(frozen=True)
class Run:
    """What a drafting run is given besides the facts: everything that would otherwise be taken from the machine."""

    software: str
    as_of: date
    started_at: datetime
    model: str | None = None
    prompts_used: tuple[PromptUsed, ...] = ()
    cost_of: Callable[[int, int], float | None] = lambda input_tokens, output_tokens: None


async def draft_summary(
    sheet: FactSheet,
    prompts: PromptSet,
    run: Run,
    *,
    writer: Writer | None = None,
    review: Review | None = None,
    progress: Progress = lambda section, state: None,
    finished: Finished = lambda section: None,
    locale: str = "en",
) -> Draft:
    """Draft the summary of one fact sheet. Without `writer` the composer writes; with one, it stands in.

    `review` (the checks of the eval suite, handed in from outside) reads the printed draft; what it finds is kept in
    the draft, and a model's section with a hard finding is replaced by the composer's. `progress` hears each
    section's id and state: writing, repairing, done, composed. `finished` is handed each section as it stands, and
    again where the composer's takes its place.
    """
    started = time.monotonic()
    language = prompts.language(locale)
    plan = plan_summary(sheet, prompts)
    printer = Printer(sheet, language, locale)
    desk = _Desk(plan, writer, Composer(plan, language), language, printer, progress, finished)
    told = [section for section in plan.sections if section.left_out is None]
    headline, *sections = await asyncio.gather(*(desk.section(section) for section in (plan.headline, *told)))
    left_out = tuple(
        LeftOut(id=section.id, title=section.settings.title, reason=section.left_out)
        for section in plan.sections
        if section.left_out is not None
    )
    draft = Draft(
        locale=locale,
        sheet=sheet,
        headline=headline,
        sections=tuple(sections),
        left_out=left_out,
        record=_record(run, sheet, writer.attempts if writer is not None else [], time.monotonic() - started),
    )
    if review is None:
        return draft
    return await _reviewed(draft, desk, review)


class _Desk:
    """Writes one section at a time: asks the writer, heeds the guard, falls back to the composer."""

    def __init__(
        self,
        plan: Plan,
        writer: Writer | None,
        composer: Composer,
        language: dict,
        printer: Printer,
        progress: Progress,
        finished: Finished,
    ) -> None:
        self.plan = plan
        self.writer = writer
        self.composer = composer
        self.language = language
        self.printer = printer
        self.progress = progress
        self.finished = finished

    async def section(self, section: SectionPlan) -> Section:
        written = await self._written(section)
        self.finished(written)
        return written

    async def _written(self, section: SectionPlan) -> Section:
        if section.settings.kind == "facts":
            return self.printer.section(compose_facts_section(self.plan, section, self.language))
        self.progress(section.id, "writing")
        if self.writer is None:
            written = await self.composed(section)
        else:
            written = await self._asked(section, self.writer)
        self.progress(section.id, "composed" if written.note is not None else "done")
        return written

    async def composed(self, section: SectionPlan, note: str | None = None) -> Section:
        """The composer's version; `note` says why, where a model was asked first."""
        written = await self.composer.write(section, self.plan)
        reasons = refusals(written, section, self.plan, self.language)
        assert not reasons, f"the composer's {section.id} would be refused: {reasons}"
        return self.printer.section(written).model_copy(update={"note": note})

    async def _asked(self, section: SectionPlan, writer: Writer) -> Section:
        refused: Sequence[str] = ()
        for attempt in range(1 + REPAIRS):
            try:
                written = await writer.write(section, self.plan, refused)
            except SectionRefused as refusal:
                refused = refusal.reasons
            except SectionFailed as failure:
                return await self.composed(section, failure.reason)
            else:
                refused = refusals(written, section, self.plan, self.language)
                if not refused:
                    return self.printer.section(written)
                reason = "; ".join(refused)
                writer.attempts.append(Attempt(section=section.id, outcome="refused", reason=reason, seconds=0))
            if attempt < REPAIRS:
                self.progress(section.id, "repairing")
        return await self.composed(section, REFUSED)


async def _reviewed(draft: Draft, desk: _Desk, review: Review) -> Draft:
    """The draft with its findings; a model's section with a hard finding gives way to the composer's."""
    findings = tuple(review(to_markdown(draft), draft.sheet))
    replaced = {
        section.id: finding.message
        for section in draft.all_sections
        if section.written_by == "model"
        for finding in findings
        if finding.severity == "hard" and finding.quote and finding.quote in section_text(section)
    }
    if not replaced:
        return draft.model_copy(update={"findings": findings})

    async def settled(section: Section) -> Section:
        if section.id not in replaced:
            return section
        composed = await desk.composed(desk.plan.section(section.id), CONTRADICTED)
        desk.finished(composed)
        return composed

    found = [Attempt(section=id_, outcome="refused", reason=said, seconds=0) for id_, said in replaced.items()]
    mended = draft.model_copy(
        update={
            "record": draft.record.model_copy(update={"attempts": (*draft.record.attempts, *found)}),
            "headline": await settled(draft.headline),
            "sections": tuple([await settled(section) for section in draft.sections]),
        }
    )
    return mended.model_copy(update={"findings": tuple(review(to_markdown(mended), draft.sheet))})


def section_text(section: Section) -> str:
    """The section's printed words, without headings and lead-ins."""
    return "\n".join(" ".join(statement.text for statement in block.statements) for block in section.blocks)


def _record(run: Run, sheet: FactSheet, attempts: Sequence[Attempt], seconds: float) -> RunRecord:
    spent_in = sum(attempt.input_tokens or 0 for attempt in attempts)
    spent_out = sum(attempt.output_tokens or 0 for attempt in attempts)
    return RunRecord(
        software=run.software,
        model=run.model,
        prompts=run.prompts_used,
        sheet_sha256=sheet.sha256,
        as_of=run.as_of,
        started_at=run.started_at,
        seconds=round(seconds, 3),
        input_tokens=spent_in,
        output_tokens=spent_out,
        cost=run.cost_of(spent_in, spent_out) if run.model is not None else None,
        attempts=tuple(attempts),
    )
