"""One edit: the wish is read, chosen sections are rewritten, and whatever would lose or bend a fact is refused.

wish ─► asks for a falsehood? answered, nothing changes
     ─► left out, first, rewritten, told in a person, shortened: in this order, each step guarded
            rewriter ─► conserved? words? guard? checks? ─► stands
               ▲              │ refused: once more, with the reasons
               └──────────────┘
            else the old text stays, and the person is told what would have been lost
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from agent.draft import Draft, DraftFinding, Section
from agent.drafting import Review, Run, section_text
from agent.editing.by_hand import manual_claims
from agent.editing.composing import TonedComposer
from agent.editing.conserving import Loss, kept_parts, key, losses, told
from agent.editing.falsehood import falsehoods
from agent.editing.languages import reprinted, titled
from agent.editing.person import in_person
from agent.editing.plans import plan_of
from agent.editing.structure import (
    SHORTER,
    leave_out,
    shortened,
    shortfalls_lost,
    start_with,
    unsaid,
    word_count,
)
from agent.editing.wish import Wish
from agent.editing.wording import Vocabulary, wording_losses
from agent.guard import refusals
from agent.markdown import to_markdown
from agent.plan import Plan, SectionPlan, plan_summary
from agent.printing import Printer, lowered
from agent.record import Attempt, RunRecord
from agent.writer import SectionFailed, SectionRefused
from prompts.loader import PromptSet
from tools.facts import FactSheet

REPAIRS = 1
# A new finding of these checks refuses a rewrite, whatever their weight: it says what nothing on record supports.
_REFUSING = frozenset({"unsupported_claim"})

_DIGITS = re.compile(r"\d+")

Progress = Callable[[str, str], None]


class Rewriter(Protocol):
    """Rewrites one section by a wish; keeps account of every attempt. Fails as a `Writer` does."""

    attempts: list[Attempt]

    async def rewrite(
        self, section: SectionPlan, plan: Plan, before: Section, wish: str, refused: Sequence[str] = ()
    ) -> Section: ...


@dataclass(frozen=True)
class Refusal:
    """A section whose old text stays: its title, and each thing that the rewrite would have lost or bent."""

    section: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Edit:
    """What an edit came to. `answers` speak to the person; `changed` names the sections with new words."""

    draft: Draft
    run: RunRecord
    changed: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    answers: tuple[str, ...] = ()
    checked: tuple[str, ...] = ()

    def differs_from(self, before: Draft) -> bool:
        return self.draft.all_sections != before.all_sections


async def edit_draft(
    draft: Draft,
    wish: Wish,
    prompts: PromptSet,
    run: Run,
    *,
    sections: Sequence[str] | None = None,
    rewriter: Rewriter | None = None,
    review: Review | None = None,
    progress: Progress = lambda section, state: None,
) -> Edit:
    """Edit a draft by a wish; `sections` narrows the rewriting. Without a `rewriter` the composer rewrites.

    `review` (the checks of the eval suite, handed in from outside) refuses what brings in a hard finding.
    """
    started = time.monotonic()
    editor = _Editor(draft, prompts, rewriter, review, progress)
    answers = falsehoods(wish.text, draft.sheet, editor.printer, prompts)
    if not answers:
        answers = editor.unable(wish, sections)
    if not answers:
        editor.restructure(wish)
        await editor.reword(wish, sections)
        editor.retell(wish, sections)
        editor.shorten(wish)
        answers = editor.answers
    after = editor.finished()
    changed = tuple(section.id for section in after.all_sections if section not in draft.all_sections)
    return Edit(
        draft=after,
        run=_record(run, draft, rewriter, time.monotonic() - started),
        changed=changed,
        refused=tuple(editor.refused),
        answers=tuple(answers),
        checked=tuple(editor.checked(draft, after)),
    )


class _Editor:
    """The draft in the making. Every step either stands guarded or leaves the draft as it was."""

    def __init__(
        self, draft: Draft, prompts: PromptSet, rewriter: Rewriter | None, review: Review | None, progress: Progress
    ) -> None:
        self.draft = draft
        self.prompts = prompts
        self.rewriter = rewriter
        self.review = _remembering(review) if review is not None else None
        self.progress = progress
        self.language = prompts.language(draft.locale)
        self.printer = Printer(draft.sheet, self.language, draft.locale)
        self.words = vocabulary(prompts, draft.locale)
        self.refused: list[Refusal] = []
        self.answers: list[str] = []
        self.translating = False
        self._reasons: tuple[Loss, ...] = ()
        self._whole = plan_summary(draft.sheet, prompts)
        self._known = {_identity(finding) for finding in _hard(self.review, draft)}

    def unable(self, wish: Wish, sections: Sequence[str] | None) -> list[str]:
        """Why the wish cannot be followed at all; empty where it can."""
        if wish.empty:
            return ["Nothing is asked for: the draft keeps every fact and shortfall anyway."]
        if self.rewriter is not None:
            return []
        known = ", ".join(self.prompts.tones())
        if wish.unread:
            asked = "; ".join(f"“{clause}”" for clause in wish.unread)
            return [
                f"Without a model {asked} cannot be followed. It knows the tones {known}, a length (“120 words”, "
                "“shorter”), an order (“start with the pipeline”), a section left out, and the first or third person."
            ]
        if wish.language not in (None, self.draft.locale):
            return [f"Without a model the draft cannot be rewritten in another language; `salesbrief show --lang "
                    f"{wish.language}` prints its figures for that locale."]  # fmt: skip
        if len(wish.tones) > 1:
            return [f"Without a model one tone can be had at a time; ask for {' or '.join(wish.tones)}."]
        return []

    def restructure(self, wish: Wish) -> None:
        present = {section.id for section in self.draft.sections}
        for section_id in wish.leave_out:
            if section_id in present:
                self._step(leave_out(self.draft, section_id), self._title(section_id))
            else:
                self.answers.append(f"{self._title(section_id)} is not in this version.")
        if wish.start_with is not None and wish.start_with != "headline":
            if wish.start_with in present:
                self._step(start_with(self.draft, wish.start_with), self._title(wish.start_with))
            else:
                self.answers.append(f"{self._title(wish.start_with)} is not in this version.")

    def speak(self, locale: str) -> None:
        """Go over to another language: figures and titles at once, the words as sections are rewritten."""
        self.draft = reprinted(self.draft, self.prompts, locale)
        self.draft = self.draft.model_copy(
            update={
                "headline": titled(self.draft.headline, self.prompts, locale),
                "sections": tuple(titled(section, self.prompts, locale) for section in self.draft.sections),
            }
        )
        self.language = self.prompts.language(locale)
        self.printer = Printer(self.draft.sheet, self.language, locale)
        self.words = vocabulary(self.prompts, locale)
        self.translating = True

    async def reword(self, wish: Wish, sections: Sequence[str] | None) -> None:
        """Rewrite the chosen prose sections one after the other, each against all that stands by then."""
        if not wish.rewords:
            return
        original, stood = self.draft, []
        if wish.language not in (None, self.draft.locale):
            self.speak(wish.language)
            sections = None
        composer = TonedComposer(self.draft, self.prompts, wish.tones[0] if wish.tones else None)
        for before in self.draft.all_sections:
            if self.prompts.section(before.id).kind == "facts" or (sections and before.id not in sections):
                continue
            self.progress(before.id, "writing")
            stood.append(await self._reworded(before, wish, composer))
            self.progress(before.id, "done" if stood[-1] else "composed")
        if self.translating:
            spoken = reprinted(original, self.prompts, self.draft.locale)
            self._settle({section.id: section for section in spoken.all_sections})
            if not any(stood):
                self.draft = original

    def _settle(self, old: Mapping[str, Section]) -> None:
        """Put back the sections of a translation in which the checks find something hard that is new."""
        for section in self.draft.all_sections:
            found = [finding for finding in _hard(self.review, self.draft) if _identity(finding) not in self._known]
            reasons = tuple(
                f"{finding.message} {finding.suggestion}".strip()
                for finding in found
                if finding.severity == "hard" and finding.quote and finding.quote in section_text(section)
            )
            if reasons and self.prompts.section(section.id).kind != "facts":
                before = titled(old[section.id], self.prompts, self.draft.locale)
                self.draft = _replaced(self.draft, before)
                self.refused.append(Refusal(section.id, section.title, reasons))

    async def _reworded(self, before: Section, wish: Wish, composer: TonedComposer) -> bool:
        if self.rewriter is None:
            return self._stands(before, await composer.rewrite(before)) or self._refuse(before)
        plan = plan_of(self.draft, self.prompts, self._whole)
        refused: Sequence[str] = ()
        for _ in range(1 + REPAIRS):
            try:
                after = await self.rewriter.rewrite(
                    plan.section(before.id), plan, before, asked_of_model(wish, self.prompts), refused
                )
            except SectionRefused as refusal:
                refused = refusal.reasons
                self._reasons = tuple(Loss(reason) for reason in refused)
            except SectionFailed as failure:
                self._reasons = (Loss(failure.reason),)
                return self._refuse(before)
            else:
                if self._stands(before, after):
                    return True
                refused = tuple(map(str, self._reasons))
                self.rewriter.attempts.append(
                    Attempt(section=before.id, outcome="refused", reason=" ".join(refused), seconds=0)
                )
        return self._refuse(before)

    def retell(self, wish: Wish, sections: Sequence[str] | None) -> None:
        if wish.person is None or (self.rewriter is not None and wish.rewords):
            return
        before = self.draft
        for section in before.all_sections:
            if self.prompts.section(section.id).kind == "facts" or (sections and section.id not in sections):
                continue
            retold = in_person(section, wish.person)
            if retold != section and not self._stands(section, retold):
                self._refuse(section)
        if self.draft == before and not self.refused:
            self.answers.append(f"It is in the {wish.person} person already.")

    def shorten(self, wish: Wish) -> None:
        if wish.words is None and not wish.shorter:
            return
        before, now = self.draft, word_count(self.draft)
        short = shortened(before, wish.words if wish.words is not None else round(now * SHORTER))
        if short.words >= now:
            self.answers.append(f"It has {now} words and cannot be cut further without hiding a shortfall.")
            return
        if not self._step(short.draft, "Length"):
            return
        if short.floor and wish.words:
            self.answers.append(
                f"It has {short.words} words now: the short form (headline, every key shortfall with its target, one "
                "next step), below which no request for brevity goes."
            )
        gone = unsaid(before, self.draft)
        if gone:
            self.answers.append(f"For length it no longer states: {', '.join(lowered(label) for label in gone)}.")

    def finished(self) -> Draft:
        if self.review is None:
            return self.draft
        return with_findings(self.draft, self.review)

    def checked(self, before: Draft, after: Draft) -> list[str]:
        """What can be said of the new text, for the person who decides."""
        if before.all_sections == after.all_sections:
            return []
        same = sum(section in before.all_sections for section in after.all_sections)
        weak = [fact for fact in after.sheet.facts if fact.key and fact.weak]
        every = "every figure that is left" if unsaid(before, after) else "every figure"
        lines = [
            f"{every} stands as often as before, with its own metric's name",
            f"key shortfalls that open their paragraph with the comparison: {len(weak)} of {len(weak)}",
            f"{same} of {len(after.all_sections)} sections are byte-identical",
        ]
        if self.review is not None:
            hard = sum(finding.severity == "hard" for finding in after.findings)
            lines.append(f"the checks find nothing new; {hard} hard finding{'s' if hard != 1 else ''} in all")
        return lines

    def _stands(self, before: Section, after: Section) -> bool:
        """Take `after` in if nothing speaks against it; else keep the reasons."""
        after = self.printer.section(after).model_copy(update={"note": None})
        if after.blocks == before.blocks and not self.translating:
            return True
        found = losses(before, after, self.draft, self.printer, translated=self.translating)
        found += wording_losses(before, after, self.draft.sheet, self.words, translated=self.translating)
        # What a person would miss is told first; the guard's demands and the checks' findings only where nothing is.
        if not found:
            found = [Loss(reason) for reason in self._guarded(before, after)]
        candidate = _replaced(self.draft, after)
        # Half-way between two languages the checks cannot read: a translation is checked as a whole.
        if not found and not self.translating:
            found = [Loss(reason) for reason in self._findings(candidate, (after,))]
        self._reasons = tuple(dict.fromkeys(found))
        if not found:
            self.draft = candidate
        return not found

    def _guarded(self, before: Section, after: Section) -> list[str]:
        """What the guard holds against the new text that it would not have held against the old."""
        plan = plan_of(self.draft, self.prompts, self._whole)
        planned = plan.section(before.id)
        old = before.model_copy(update={"written_by": after.written_by})
        # "Some 115 words" and "some 118 words" are one complaint.
        known = {_DIGITS.sub("#", reason) for reason in refusals(old, planned, plan, self.language)}
        new = refusals(after, planned, plan, self.language)
        return [reason for reason in new if _DIGITS.sub("#", reason) not in known]

    def _refuse(self, section: Section) -> bool:
        self.refused.append(Refusal(section.id, section.title, tuple(reason.for_people for reason in self._reasons)))
        return False

    def _step(self, candidate: Draft, title: str) -> bool:
        """Take a whole draft in whose blocks were moved or taken out, if nothing speaks against it."""
        lost = [self.draft.sheet.fact(fact) for fact in shortfalls_lost(self.draft, candidate)]
        reasons = [
            f"This version no longer says where a hurried reader looks that {lowered(fact.label)} fell short."
            for fact in lost
            if fact is not None
        ]
        reasons = reasons or self._findings(candidate, candidate.all_sections)
        if reasons:
            self.refused.append(Refusal("draft", title, tuple(reasons)))
            return False
        self.draft = candidate
        return True

    def _findings(self, candidate: Draft, sections: Sequence[Section]) -> list[str]:
        """The checks' new hard findings, told as reasons."""
        if self.review is None:
            return []
        new = [finding for finding in _hard(self.review, candidate) if _identity(finding) not in self._known]
        texts = "\n".join(section_text(section) for section in sections)
        return [
            f"{finding.message} {finding.suggestion}".strip()
            for finding in new
            if finding.severity == "hard" or (finding.check in _REFUSING and finding.quote in texts)
        ]

    def _title(self, section_id: str) -> str:
        return self.prompts.section(section_id).title


def with_findings(draft: Draft, review: Review) -> Draft:
    """The draft with what the checks find in it now, manual claims among it."""
    found = (*review(to_markdown(draft), draft.sheet), *manual_claims(draft))
    return draft.model_copy(update={"findings": found})


def no_longer_said(before: Draft, after: Draft, prompts: PromptSet) -> list[str]:
    """What the old version stated and the new one does not, one sentence each."""
    printer = Printer(before.sheet, prompts.language(before.locale), before.locale)
    old, new = (Counter(key(part) for section in draft.all_sections for part in kept_parts(section))
                for draft in (before, after))  # fmt: skip
    parts = {key(part): part for section in before.all_sections for part in kept_parts(section)}
    return [f"This version no longer says that {told(parts[lost], before.sheet, printer)}." for lost in old - new]


def asked_of_model(wish: Wish, prompts: PromptSet) -> str:
    """The wish in words for a model: each named tone's instruction, and what was typed."""
    tones = [str(prompts.tone(tone)["instruction"]) for tone in wish.tones]
    typed = [] if wish.text in prompts.tones() else [wish.text]
    if wish.language is not None:
        name = prompts.language(wish.language)["name"]
        typed.append(
            f"Write every sentence in {name}; tokens stay as they are. Name metrics by their {{name label …}} token."
        )
    return "\n".join([*typed, *tones])


def vocabulary(prompts: PromptSet, locale: str) -> Vocabulary:
    """The lists of words that rewrites in that language are held to."""
    others = {
        code: frozenset(prompts.edit_words(code)["common"]) for code in prompts.edit_languages() if code != locale
    }
    return Vocabulary(prompts.edit_words(locale), prompts.language(locale)["refused"], others)


def _replaced(draft: Draft, section: Section) -> Draft:
    if section.id == "headline":
        return draft.model_copy(update={"headline": section})
    sections = tuple(section if each.id == section.id else each for each in draft.sections)
    return draft.model_copy(update={"sections": sections})


def _remembering(review: Review) -> Review:
    """The same checks, each text read once."""
    read: dict[str, Sequence[DraftFinding]] = {}

    def remembered(markdown: str, sheet: FactSheet) -> Sequence[DraftFinding]:
        if markdown not in read:
            read[markdown] = review(markdown, sheet)
        return read[markdown]

    return remembered


def _hard(review: Review | None, draft: Draft) -> list[DraftFinding]:
    """The findings that may refuse an edit."""
    if review is None:
        return []
    found = review(to_markdown(draft), draft.sheet)
    return [finding for finding in found if finding.severity == "hard" or finding.check in _REFUSING]


def _identity(finding: DraftFinding) -> tuple[Any, ...]:
    """What makes a finding the same one in reworded text: its check, and what it says of the facts."""
    return (finding.check, finding.message)


def _record(run: Run, draft: Draft, rewriter: Rewriter | None, seconds: float) -> RunRecord:
    attempts = tuple(rewriter.attempts) if rewriter is not None else ()
    spent_in = sum(attempt.input_tokens or 0 for attempt in attempts)
    spent_out = sum(attempt.output_tokens or 0 for attempt in attempts)
    asked = bool(attempts)
    return RunRecord(
        software=run.software,
        model=run.model if asked else None,
        prompts=run.prompts_used if asked else (),
        sheet_sha256=draft.sheet.sha256,
        as_of=run.as_of,
        started_at=run.started_at,
        seconds=round(seconds, 3),
        input_tokens=spent_in,
        output_tokens=spent_out,
        cost=run.cost_of(spent_in, spent_out) if asked else None,
        attempts=attempts,
    )
