"""Edits measured: tones in a row on one draft, and what is left of its facts, its shortfalls and its untouched bytes.

Every number is counted on tokens and bytes, without a judge: what an edit may not lose can be counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from agent.draft import Draft, DraftFinding
from agent.drafting import Run, draft_summary
from agent.editing.edit import Edit, Rewriter, edit_draft
from agent.editing.kept import kept
from agent.editing.plans import opened_by_shortfall
from agent.editing.wish import Wish, read_wish
from agent.markdown import to_markdown
from evals.case import Case
from evals.checking import check_draft
from prompts.loader import PromptSet
from tools.facts import FactSheet

# How a draft gets its rewriter for one edit; its run carries model, prompts and price.
OpenRewriter = Callable[[Draft, AsyncExitStack], Any]
Progress = Callable[[int, int, str], None]


@dataclass
class EditScore:
    """What a number of edits in one tone came to. Shares are of what there was before the first of them."""

    tone: str
    edits: int = 0
    facts: int = 0
    facts_kept: int = 0
    shortfalls: int = 0
    shortfalls_shown: int = 0
    untouched: int = 0
    untouched_same: int = 0
    sections: int = 0
    refused: int = 0
    hard_before: int = 0
    hard_after: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        return {
            "tone": self.tone,
            "edits": self.edits,
            "facts_kept": share(self.facts_kept, self.facts),
            "shortfalls_in_the_skim": share(self.shortfalls_shown, self.shortfalls),
            "untouched_bytes_same": share(self.untouched_same, self.untouched),
            "sections_rewritten": self.sections,
            "refused": self.refused,
            "let_through": share(self.sections - self.refused, self.sections),
            "hard_findings_before": self.hard_before,
            "hard_findings_after": self.hard_after,
            "reasons": dict(self.reasons.most_common()),
        }


def share(part: int, whole: int) -> float | None:
    """The part of the whole; None of nothing."""
    return part / whole if whole else None


async def measure_edits(
    cases: Sequence[Case],
    prompts: PromptSet,
    run: Run,
    *,
    rounds: int = 1,
    open_rewriter: OpenRewriter | None = None,
    progress: Progress = lambda done, of, label: None,
) -> list[EditScore]:
    """Every tone on every case, `rounds` edits in a row, each on what the one before left.

    Odd rounds rewrite the whole draft; even ones a single section, whose surroundings must not change by a byte. From
    the second round on the tones take turns, beginning with the one that is measured.
    """
    tones = prompts.tones()
    scores = {tone: EditScore(tone) for tone in tones}
    done = 0
    for case in cases:
        first = await draft_summary(case.sheet, prompts, run, review=review)
        for number, tone in enumerate(tones):
            draft = first
            for turn in range(rounds):
                wish = read_wish(tones[(number + turn) % len(tones)], prompts)
                section = _one_section(draft, prompts, turn) if turn % 2 else None
                edit = await _edited(draft, wish, prompts, run, section, open_rewriter)
                _count_edit(scores[tone], draft, edit, prompts, section)
                draft = edit.draft
            _count_draft(scores[tone], first, draft)
            done += 1
            progress(done, len(cases) * len(tones), f"{case.id} {tone}")
    return list(scores.values())


def review(markdown: str, sheet: FactSheet) -> list[DraftFinding]:
    """The checks, as an edit is held to them."""
    fields = ("check", "severity", "quote", "message", "suggestion")
    found = check_draft(markdown, sheet.model_dump(mode="json"))["findings"]
    return [DraftFinding(**{name: finding[name] for name in fields}) for finding in found]


def scores_text(scores: Sequence[EditScore]) -> list[tuple[str, ...]]:
    """One row a tone, and one for all."""
    whole = EditScore("all")
    for score in scores:
        for name in vars(score):
            if name not in ("tone", "reasons"):
                setattr(whole, name, getattr(whole, name) + getattr(score, name))
    return [_row(score) for score in (*scores, whole)]


HEADER = ("tone", "edits", "facts kept", "shortfalls in skim", "untouched same", "refused", "let through", "new hard")


def _row(score: EditScore) -> tuple[str, ...]:
    shares = score.to_dict()
    return (
        score.tone,
        str(score.edits),
        _percent(shares["facts_kept"]),
        _percent(shares["shortfalls_in_the_skim"]),
        _percent(shares["untouched_bytes_same"]),
        f"{score.refused} of {score.sections}",
        _percent(shares["let_through"]),
        str(max(0, score.hard_after - score.hard_before)),
    )


def _percent(value: float | None) -> str:
    # Rounded down: 99.96 % kept is not 100 %.
    return "–" if value is None else f"{int(value * 1000) / 10:g}%"


async def _edited(
    draft: Draft, wish: Wish, prompts: PromptSet, run: Run, section: str | None, open_rewriter: OpenRewriter | None
) -> Edit:
    async with AsyncExitStack() as stack:
        rewriter: Rewriter | None = await open_rewriter(draft, stack) if open_rewriter is not None else None
        timed = Run(run.software, run.as_of, datetime.now().astimezone(), run.model)
        return await edit_draft(
            draft, wish, prompts, timed, sections=[section] if section else None, rewriter=rewriter, review=review
        )


def _one_section(draft: Draft, prompts: PromptSet, turn: int) -> str:
    told = [each.id for each in _prose(draft, prompts)]
    return told[(turn // 2) % len(told)]


def _prose(draft: Draft, prompts: PromptSet) -> Iterator[Any]:
    return (each for each in draft.all_sections if prompts.section(each.id).kind != "facts")


def _count_edit(score: EditScore, before: Draft, edit: Edit, prompts: PromptSet, section: str | None) -> None:
    chosen = [each.id for each in _prose(before, prompts) if section in (None, each.id)]
    after = {each.id: each for each in edit.draft.all_sections}
    for each in before.all_sections:
        if each.id not in chosen:
            size = len(each.model_dump_json())
            score.untouched += size
            score.untouched_same += size if after.get(each.id) == each else 0
    score.edits += 1
    score.sections += len(chosen)
    score.refused += len(edit.refused)
    score.reasons.update(reason for refusal in edit.refused for reason in refusal.reasons)


def _count_draft(score: EditScore, first: Draft, last: Draft) -> None:
    """What the last draft in the row still holds of the first."""
    was, now = _tokens(first), _tokens(last)
    score.facts += sum(was.values())
    score.facts_kept += sum((was & now).values())
    for section in first.all_sections:
        same = next((each for each in last.all_sections if each.id == section.id), section)
        opened, still = opened_by_shortfall(section, first), opened_by_shortfall(same, last)
        score.shortfalls += len(opened)
        score.shortfalls_shown += sum(fact in still for fact in opened)
    score.hard_before += _hard(first)
    score.hard_after += _hard(last)


def _tokens(draft: Draft) -> Counter[tuple]:
    return Counter({(section.id, *key): n for section in draft.all_sections for key, n in kept(section).items()})


def _hard(draft: Draft) -> int:
    return sum(finding.severity == "hard" for finding in review(to_markdown(draft), draft.sheet))
