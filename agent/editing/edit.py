"""One edit: the wish is read, chosen sections are rewritten, and whatever would lose or bend a fact is refused.

wish ─► asks for a falsehood? answered, nothing changes
     ─► left out, put first, reworded (by a model or the composer), told in a person, shortened: in this order, each
        step judged as it is taken; what may not stand leaves the old text, with what would have been lost
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.draft import Draft, Section
from agent.drafting import Review, Run
from agent.editing.by_composer import COMPOSED_IN, composable, reworded_by_composer
from agent.editing.by_hand import BY_HAND
from agent.editing.by_model import Progress, Rewriter, reworded_by_model, with_sections
from agent.editing.falsehood import answered
from agent.editing.judging import Judge, Refusal, own_words, with_findings
from agent.editing.kept import Loss, kept_parts, key, told
from agent.editing.languages import english_name, throughout, unnamed_text
from agent.editing.person import in_person
from agent.editing.plans import opened_by_shortfall
from agent.editing.structure import (
    BY_REQUEST,
    FOR_LENGTH,
    SHORTER,
    leave_out,
    shortened,
    sides_unsaid,
    start_with,
    unsaid,
    word_count,
)
from agent.editing.wish import Wish, without_clauses
from agent.naming import lowered
from agent.printing import Printer
from agent.record import RunRecord
from prompts.loader import PromptSet

__all__ = ["Edit", "Progress", "Refusal", "Rewriter", "edit_draft", "no_longer_said", "with_findings"]

# A cut of a smaller share than this does nothing for whoever asked for brevity.
_HARDLY = 0.15


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
    """Edit a draft by a wish; `sections` narrows it, as naming sections in the wish does.

    Without a `rewriter` the composer rewrites. `review` (the checks of the eval suite, handed in from outside) refuses
    what brings in a hard finding.
    """
    started = time.monotonic()
    editor = _Editor(draft, wish, prompts, sections or wish.sections, review)
    false = answered(wish.text, draft.sheet, editor.judge.printer, prompts)
    answers = list(dict.fromkeys(false.values()))
    if false:
        wish, guessed = without_clauses(wish, false, prompts)
        editor.wish, editor.sections = wish, tuple(sections or wish.sections)
        # What stands beside a falsehood is done where nobody has to guess what is meant.
        if guessed:
            answers.append(f"Nothing was done about {', '.join(f'“{each}”' for each in guessed)} either.")
    elif wish.empty:
        answers = editor.beyond() or ["Nothing is asked for: the draft keeps every fact and shortfall anyway."]
    if not wish.empty:
        missing = editor.missing()
        if not missing and rewriter is None:
            editor.wish, told = composable(wish, draft, prompts)
            answers += told
        answers += missing
        if not missing and not editor.wish.empty:
            await editor.follow(rewriter, progress)
            answers += editor.answers
    after = with_findings(editor.draft, review, prompts) if review is not None else editor.draft
    return Edit(
        draft=after,
        run=_record(run, draft, rewriter, time.monotonic() - started),
        changed=tuple(section.id for section in after.all_sections if not _stands(section, draft)),
        refused=tuple(editor.refused),
        answers=tuple(answers),
        checked=tuple(_checked(draft, after, reviewed=review is not None)),
    )


class _Editor:
    """The draft in the making. Every step either stands or leaves the draft as it was."""

    def __init__(
        self, draft: Draft, wish: Wish, prompts: PromptSet, sections: Sequence[str] | None, review: Review | None
    ) -> None:
        self.draft = draft
        self.wish = wish
        self.prompts = prompts
        self.review = review
        self.judge = Judge(draft, prompts, review)
        self.refused: list[Refusal] = []
        self.answers: list[str] = []
        self.sections = tuple(sections or ())

    def missing(self) -> list[str]:
        """The sections that the wish is about and that this version does not have; empty where one is there."""
        present = {section.id for section in self.draft.all_sections}
        absent = [about for about in (self.sections, self.wish.only) if about and not present & set(about)]
        return [self._absent(section_id) for about in absent for section_id in about]

    def _absent(self, section_id: str) -> str:
        """That a section is not there, and how to have it back where it was left out."""
        said = f"{self._title(section_id)} is not in this version."
        left = next((each for each in self.draft.left_out if each.id == section_id), None)
        if left is None or left.reason not in (BY_REQUEST, FOR_LENGTH, BY_HAND):
            return said
        return (
            f"{said} It was left out because {left.reason}; going back to an earlier version (restore) brings it back."
        )

    async def follow(self, rewriter: Rewriter | None, progress: Progress) -> None:
        """Take the steps of the wish, one after the other."""
        before = self.draft
        self.answers += self.beyond()
        self.restructure()
        await self.reword(rewriter, progress)
        if rewriter is None or not (self.wish.rewords or self.draft.locale != COMPOSED_IN):
            self.retell()
        self.shorten()
        # Whatever takes figures out, the person who decides reads which.
        gone = [*(lowered(label) for label in unsaid(before, self.draft)), *sides_unsaid(before, self.draft)]
        if gone:
            self.answers.append(f"It no longer states: {'; '.join(gone)}.")

    def beyond(self) -> list[str]:
        """What no edit can do, whoever writes."""
        answers = []
        if self.wish.longer:
            answers.append("It cannot be made longer: it says what is on record, and nothing is added to that.")
        if self.wish.elsewhere is not None:
            there = ", ".join(english_name(code) for code in self.prompts.languages())
            answers.append(f"A draft cannot be written in {self.wish.elsewhere}; the languages are {there}.")
        return answers

    def restructure(self) -> None:
        """Leave sections out, and put one first."""
        present = {section.id for section in self.draft.sections}
        only = self.wish.only
        others = [section.id for section in self.draft.sections if section.id not in only] if only else []
        for section_id in (*self.wish.leave_out, *others):
            if section_id in present:
                self._step(leave_out(self.draft, section_id), self._title(section_id))
            else:
                self.answers.append(self._absent(section_id))
        first = self.wish.start_with
        if first is not None and first != "headline":
            if first in present:
                self._step(start_with(self.draft, first), self._title(first))
            else:
                self.answers.append(self._absent(first))

    async def reword(self, rewriter: Rewriter | None, progress: Progress) -> None:
        # Names and verbs alone tell it in another person in English only.
        worded = self.wish.person is not None and self.draft.locale != COMPOSED_IN and rewriter is not None
        if not self.wish.rewords and not worded:
            return
        language = self.wish.language
        if language is not None and rewriter is not None:
            if foreign := self._foreign(language):
                await self._translate(language, foreign, rewriter, progress)
                return
            if not self.wish.tones and not self.wish.unread:
                self.answers.append(f"It is in {english_name(language)} already.")
                return
        chosen = self._prose(self.sections)
        if rewriter is None:
            done = await reworded_by_composer(self.draft, chosen, self.wish, self.judge, progress)
        else:
            done = await reworded_by_model(self.draft, chosen, self.wish, self.judge, rewriter, progress)
        self.draft = done.draft
        self.refused += done.refused

    async def _translate(self, locale: str, foreign: Sequence[Section], rewriter: Rewriter, progress: Progress) -> None:
        """The sections that are not in that language yet, written in it; where none could be had, the draft as it was.

        A section whose translation was refused keeps its own language whole, words and figures.
        """
        spoken = {section.id: self.draft.locale_of(section) for section in foreign}
        judge = Judge(self.draft, self.prompts, self.review, locale, next(iter(spoken.values())))
        going = throughout(self.draft, self.prompts, locale)
        chosen = [section for section in _prose(going, self.prompts) if section.id in spoken]
        done = await reworded_by_model(going, chosen, self.wish, judge, rewriter, progress)
        staying = {
            section.id: section.model_copy(update={"locale": spoken[section.id]})
            for section in foreign
            if section.id not in done.stood
        }
        titles = {section.id: section.title for section in foreign}
        self.refused += [replace(refusal, title=titles[refusal.section]) for refusal in done.refused]
        if not any(own_words(section) for section in going.all_sections if section.id in done.stood):
            return
        self.draft, self.judge = with_sections(done.draft, staying), judge
        if staying:
            listed = ", ".join(section.title for section in staying.values())
            self.answers.append(
                f"Still in {' and '.join(dict.fromkeys(map(english_name, spoken.values())))}, words and figures: "
                f"{listed}. Ask for {english_name(locale)} again, and only that is tried again."
            )
        if (told := unnamed_text(self.draft, self.prompts)) is not None:
            self.answers.append(told)

    def _foreign(self, locale: str) -> list[Section]:
        """The sections of prose that are not in that language."""
        return [each for each in _prose(self.draft, self.prompts) if self.draft.locale_of(each) != locale]

    def retell(self) -> None:
        """Tell it in the first or third person, by names and verbs alone."""
        person = self.wish.person
        if person is None:
            return
        before = self.draft
        for section in self._prose(self.sections):
            after = self.judge.printer.section(in_person(section, person))
            found = self.judge.objections(section, after, self.draft)
            candidate = with_sections(self.draft, {section.id: after})
            if not found:
                found = [loss for listed in self.judge.findings(candidate, (after,)).values() for loss in listed]
            if found:
                self.refused.append(Refusal.of(section, found))
            else:
                self.draft = candidate
        if self.draft == before and not self.refused:
            self.answers.append(f"It is in the {person} person already.")

    def shorten(self) -> None:
        """Cut the draft, or the sections that were named, down to a length."""
        if self.wish.words is None and not self.wish.shorter and not self.wish.half:
            return
        before, only = self.draft, self.sections
        now = word_count(self.draft, only)
        share = 0.5 if self.wish.half else SHORTER
        most = self.wish.words if self.wish.words is not None else round(now * share)
        short = shortened(before, most, only, self.wish.start_with)
        if self.wish.words is not None and now <= self.wish.words:
            self.answers.append(f"It has {now} words, within the {self.wish.words} asked for.")
            return
        if short.floor and self.wish.words and now - short.words < now * _HARDLY:
            self.answers.append(
                f"It has {now} words, and its short form has {short.words}, below which no request for brevity goes; "
                "nothing was cut."
            )
            return
        if short.words >= now:
            self.answers.append(f"It has {now} words and cannot be cut further without hiding a shortfall.")
            return
        if not self._step(short.draft, "Length"):
            return
        if short.floor and self.wish.words:
            floor = (
                "every result, with its target where it fell short"
                if only
                else "headline, every key shortfall with its target, one next step"
            )
            self.answers.append(
                f"It has {short.words} words now, down from {now} and not the {self.wish.words} asked for: "
                f"the short form ({floor}), below which no request for brevity goes."
            )

    def _step(self, candidate: Draft, title: str) -> bool:
        """Take a whole draft in whose blocks were moved or taken out, if nothing speaks against it."""
        found = self.judge.whole(self.draft, candidate)
        if found:
            reasons = tuple(dict.fromkeys(loss.for_people for loss in found))
            self.refused.append(Refusal("draft", title, reasons))
            return False
        self.draft = candidate
        return True

    def _prose(self, sections: Sequence[str]) -> list[Section]:
        """The sections of prose that are meant, in the draft's language: what is left in another one is not touched."""
        meant = [each for each in _prose(self.draft, self.prompts) if not sections or each.id in sections]
        for section in meant:
            if section.locale is not None:
                said = f"{section.title} is still in {english_name(section.locale)} and stays as it is."
                self.answers += [said] if said not in self.answers else []
        return [section for section in meant if section.locale is None]

    def _title(self, section_id: str) -> str:
        return self.prompts.section(section_id).title


def _prose(draft: Draft, prompts: PromptSet) -> list[Section]:
    """The sections that somebody writes: all but those of facts alone."""
    return [section for section in draft.all_sections if prompts.section(section.id).kind != "facts"]


def _stands(section: Section, draft: Draft) -> bool:
    """Whether the draft holds that section, byte for byte; what language it is noted to be in is no byte of it."""
    return any(section == each.model_copy(update={"locale": section.locale}) for each in draft.all_sections)


def _checked(before: Draft, after: Draft, *, reviewed: bool) -> list[str]:
    """What can be said of the new text, for the person who decides."""
    if before.all_sections == after.all_sections:
        return []
    same = sum(_stands(section, before) for section in after.all_sections)
    was, now = (
        {fact for section in draft.all_sections for fact in opened_by_shortfall(section, draft)}
        for draft in (before, after)
    )
    every = "every figure that is left" if unsaid(before, after) else "every figure"
    lines = [
        f"{every} stands as often as before, with its own metric's name",
        f"key shortfalls that open their paragraph with the comparison: {len(was & now)} of {len(was)}",
        f"{same} of {len(after.all_sections)} sections are byte-identical",
    ]
    if any(section.locale is not None for section in after.all_sections):
        lines.append("the checks have not read it, since it is in two languages")
    elif reviewed:
        hard = sum(finding.severity == "hard" for finding in after.findings)
        lines.append(f"the checks find nothing new; {hard} hard finding{'s' if hard != 1 else ''} in all")
    return lines


def no_longer_said(before: Draft, after: Draft, prompts: PromptSet) -> list[str]:
    """What the old version stated and the new one does not, one sentence each."""
    printer = Printer(before.sheet, prompts.language(before.locale), before.locale)
    old, new = (Counter(key(part) for section in draft.all_sections for part in kept_parts(section))
                for draft in (before, after))  # fmt: skip
    parts = {key(part): part for section in before.all_sections for part in kept_parts(section)}
    return [Loss(f"this version no longer says that {told(parts[lost], before.sheet, printer)}").for_people
            for lost in old - new]  # fmt: skip


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
