"""A rewording by a language model: all chosen sections at once, each judged, the refused ones asked once more.

sections ─► rewriter ─► what would be lost? words? guard? ─► all that stand together: checks? ─► stand
               ▲                    │ refused: once more, with the reasons      │
               └────────────────────┴───────────────────────────────────────────┘
            else the old text stays, and the person is told what would have been lost
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.draft import Draft, Section
from agent.editing.difference import section_words
from agent.editing.judging import Judge, Refusal
from agent.editing.kept import Loss
from agent.editing.wish import Wish
from agent.plan import Plan, SectionPlan
from agent.record import Attempt
from agent.writer import SectionFailed, SectionRefused
from prompts.loader import PromptSet

REPAIRS = 1

Progress = Callable[[str, str], None]


class Rewriter(Protocol):
    """Rewrites one section by a wish; keeps account of every attempt. Fails as a `Writer` does.

    Sections are asked for concurrently.
    """

    attempts: list[Attempt]

    async def rewrite(
        self, section: SectionPlan, plan: Plan, before: Section, wish: str, refused: Sequence[str] = ()
    ) -> Section: ...


@dataclass(frozen=True)
class Reworded:
    """The draft with the sections that stand, and those that keep their old text."""

    draft: Draft
    stood: tuple[str, ...]
    refused: tuple[Refusal, ...]


async def reworded_by_model(
    draft: Draft, chosen: Sequence[Section], wish: Wish, judge: Judge, rewriter: Rewriter, progress: Progress
) -> Reworded:
    """The draft with the chosen sections in the model's words, where these may stand."""
    asked = asked_of_model(wish, judge.prompts)
    pending: dict[str, list[Loss]] = {section.id: [] for section in chosen}
    failed: dict[str, list[Loss]] = {}
    stood: list[str] = []
    for turn in range(1 + REPAIRS):
        before = {section.id: section for section in draft.all_sections if section.id in pending}
        for section_id in before:
            progress(section_id, "repairing" if turn else "writing")
        plan = judge.plan(draft)
        told = await asyncio.gather(
            *(_asked(rewriter, plan, section, asked, pending[section.id]) for section in before.values())
        )
        answers, refused = {}, {}
        for (section_id, old), answer in zip(before.items(), told, strict=True):
            if isinstance(answer, SectionRefused):
                refused[section_id] = [Loss(reason) for reason in answer.reasons]
            elif isinstance(answer, SectionFailed):
                failed[section_id] = [Loss(answer.reason)]
            else:
                after = judge.printer.section(answer).model_copy(update={"note": None})
                # Word for word what stood there, it stays byte for byte what stood there.
                after = old if section_words(after) == section_words(old) and not judge.translated else after
                found = judge.objections(old, after, draft)
                answers[section_id] = after
                if found:
                    refused[section_id] = found
                    _note(rewriter, section_id, found)
        standing = {section_id: after for section_id, after in answers.items() if section_id not in refused}
        draft, found_wrong = _checked(draft, standing, judge)
        for section_id, found in found_wrong.items():
            refused[section_id] = found
            _note(rewriter, section_id, found)
        stood += [section_id for section_id in standing if section_id not in found_wrong]
        for section_id in standing:
            progress(section_id, "done")
        pending = {section_id: found for section_id, found in refused.items() if section_id not in failed}
        if not pending:
            break
    kept = {**pending, **failed}
    for section_id in kept:
        progress(section_id, "kept")
    return Reworded(
        draft, tuple(stood), tuple(Refusal.of(section, kept[section.id]) for section in chosen if section.id in kept)
    )


async def _asked(
    rewriter: Rewriter, plan: Plan, before: Section, wish: str, found: Sequence[Loss]
) -> Section | SectionFailed:
    """The model's answer, or why there is none."""
    try:
        return await rewriter.rewrite(plan.section(before.id), plan, before, wish, tuple(map(str, found)))
    except SectionFailed as failure:
        return failure


def _checked(draft: Draft, standing: Mapping[str, Section], judge: Judge) -> tuple[Draft, dict[str, list[Loss]]]:
    """The draft with those new sections in which the checks find nothing new, and what they find in the others."""
    candidate = with_sections(draft, standing)
    found = judge.findings(candidate, tuple(standing.values()))
    if not found:
        return candidate, {}
    if "" not in found:
        # Without the sections that are blamed, the others may be blamed for nothing new.
        rest = {section_id: after for section_id, after in standing.items() if section_id not in found}
        candidate, more = _checked(draft, rest, judge) if rest else (draft, {})
        return candidate, {**found, **more}
    # Somewhere in the draft, quoted nowhere: one section after the other.
    blamed: dict[str, list[Loss]] = {}
    for section_id, after in standing.items():
        one = with_sections(draft, {section_id: after})
        losses = [loss for listed in judge.findings(one, (after,)).values() for loss in listed]
        if losses:
            blamed[section_id] = losses
        else:
            draft = one
    return draft, blamed


def with_sections(draft: Draft, new: Mapping[str, Section]) -> Draft:
    """The draft with some of its sections exchanged."""
    return draft.model_copy(
        update={
            "headline": new.get("headline", draft.headline),
            "sections": tuple(new.get(section.id, section) for section in draft.sections),
        }
    )


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


def _note(rewriter: Rewriter, section_id: str, found: Sequence[Loss]) -> None:
    reason = " ".join(dict.fromkeys(map(str, found)))
    rewriter.attempts.append(Attempt(section=section_id, outcome="refused", reason=reason, seconds=0))
