"""The judge: one question per draft and check, reasons before the verdict, failures counted as unscored.

Written on the drafting side's own call (`agent.models`) rather than on openevals: retry, timeouts and the reading of
refusals, cut-off and malformed answers are there already, and an answer that fails must be told from a "no".
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from agent.models.choice import model_name, provider_of
from agent.models.retry import CallFailed, retrying
from agent.models.writer import open_chat
from agent.settings import Settings
from evals.corpus import LabelledDraft
from evals.statistics import Agreement, kappa
from prompts.loader import PromptSet

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

JUDGED = (
    "unsupported_claim", "unexplained_metric", "activity_as_outcome", "unfair_comparison", "missing_context",
    "vague_language",
)  # fmt: skip

Progress = Callable[[int, int, str], None]


class Opinion(BaseModel):
    """What the model answers. The order matters: reasons come before the verdict."""

    model_config = ConfigDict(extra="forbid")

    reasons: str
    quotes: list[str]
    present: bool


@dataclass(frozen=True)
class Verdict:
    """One question's answer, or why there is none (`opinion` None): an unscored question is neither yes nor no."""

    draft: str
    check: str
    opinion: Opinion | None
    failure: str | None = None


@dataclass(frozen=True)
class Judged:
    """How a judge agrees with labels on one check. `agreement` is None where nothing could be scored."""

    check: str
    agreement: Agreement | None
    unscored: int


async def judge_drafts(
    drafts: Sequence[LabelledDraft],
    model: str,
    settings: Settings,
    prompts: PromptSet,
    checks: Sequence[str] = JUDGED,
    progress: Progress = lambda done, of, label: None,
) -> list[Verdict]:
    """Ask the model about every draft and check, `settings.concurrency` at once; one verdict each, in order."""
    output = settings.output or provider_of(model_name(model)).output
    gate, done = asyncio.Semaphore(settings.concurrency), 0
    questions = [(draft, check) for draft in drafts for check in checks]

    async def one(chat: BaseChatModel, draft: LabelledDraft, check: str) -> Verdict:
        nonlocal done
        async with gate:
            verdict = await _verdict(chat, draft, check, settings, prompts, output)
        done += 1
        progress(done, len(questions), draft.id)
        return verdict

    async with open_chat(model, settings) as chat:
        return list(await asyncio.gather(*(one(chat, *question) for question in questions)))


def agreement(drafts: Sequence[LabelledDraft], verdicts: Sequence[Verdict]) -> tuple[Judged, ...]:
    """Per check, Cohen's kappa of the judge with the labels, draft by draft, beside its base rate."""
    labelled = {draft.id: {label.check for label in draft.labels} for draft in drafts}
    rows = []
    for check in dict.fromkeys(verdict.check for verdict in verdicts):
        asked = [verdict for verdict in verdicts if verdict.check == check]
        scored = [(verdict.opinion.present, check in labelled[verdict.draft]) for verdict in asked if verdict.opinion]
        pair = kappa([said for said, _ in scored], [true for _, true in scored])
        rows.append(Judged(check, pair, len(asked) - len(scored)))
    return tuple(rows)


def agreement_text(judged: Sequence[Judged]) -> str:
    """The agreement, one line per check; a judge below `constant` adds nothing."""
    lines = [
        f"{'judge against labels':<24}{'drafts':>8}{'agree':>8}{'kappa':>8}"
        f"{'base rate':>11}{'constant':>10}{'unscored':>10}"
    ]
    for row in judged:
        if row.agreement is None:
            lines.append(f"{row.check:<24}{0:>8}{'–':>8}{'–':>8}{'–':>11}{'–':>10}{row.unscored:>10}")
            continue
        value = f"{row.agreement.kappa:.2f}" if row.agreement.kappa is not None else "–"
        lines.append(
            f"{row.check:<24}{row.agreement.items:>8}{row.agreement.observed:>8.0%}{value:>8}"
            f"{row.agreement.base_rate:>11.0%}{row.agreement.constant:>10.0%}{row.unscored:>10}"
        )
    return "\n".join([*lines, "The judge only advises: no gate reads it."])


def question(draft: LabelledDraft, check: str, prompts: PromptSet) -> str:
    """The whole request for one draft and check; the check comes last, so that a provider can cache what is before."""
    return prompts.prompt("judges").fill({
        "facts": _data(draft.facts),
        "evidence": _data(draft.evidence),
        "draft": json.dumps(draft.draft, ensure_ascii=False).replace("<", "\\u003c"),
        "check": check,
        "rubric": prompts.rubric(check),
    })  # fmt: skip


def _data(entries: Sequence[Mapping[str, Any]]) -> str:
    """Untrusted material as JSON, in which no text can close the tags around it."""
    return json.dumps(list(entries), ensure_ascii=False, default=str).replace("<", "\\u003c")


async def _verdict(
    chat: BaseChatModel, draft: LabelledDraft, check: str, settings: Settings, prompts: PromptSet, output: str
) -> Verdict:
    from agent.models.calls import ask

    request = [("user", question(draft, check, prompts))]
    try:
        async for attempt in retrying(settings):
            with attempt:
                reply = await ask(chat, request, Opinion, output, settings.timeout)
    except CallFailed as failed:
        return Verdict(draft.id, check, None, failed.reason)
    assert isinstance(reply.answer, Opinion)
    # A verdict that rests on words the draft does not hold is no verdict.
    if any(quote not in draft.draft for quote in reply.answer.quotes):
        return Verdict(draft.id, check, None, "it quotes words that the draft does not hold")
    return Verdict(draft.id, check, reply.answer)
