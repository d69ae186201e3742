"""The rewriter that asks a language model: a section goes out in token notation, and comes back in new words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from agent.draft import Block, Draft, Section, Statement
from agent.editing.notation import read_sentence, section_text, written
from agent.editing.plans import plan_of
from agent.models.briefing import repair_text
from agent.models.choice import ModelName, model_name
from agent.models.writer import ModelWriter, open_chat
from agent.plan import Plan, SectionPlan
from agent.printing import Printer
from agent.record import Attempt, PromptUsed
from agent.settings import Settings
from agent.tokens import TokenError
from agent.writer import SectionRefused
from prompts.loader import PromptSet

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_MOST_REASONS = 6


class RewrittenBlock(BaseModel):
    """A block of the section; `label` is the old block's, "" where it has none."""

    model_config = ConfigDict(extra="forbid")

    style: Literal["paragraph", "bullet"]
    label: str
    sentences: list[str]


class RewrittenSection(BaseModel):
    """The section in new words."""

    model_config = ConfigDict(extra="forbid")

    blocks: list[RewrittenBlock]


class ModelRewriter(ModelWriter):
    """Rewrites sections with a chat model, by the same calls, retries and record as `ModelWriter`."""

    def __init__(
        self, model: BaseChatModel, name: ModelName, prompts: PromptSet, draft: Draft, settings: Settings
    ) -> None:
        super().__init__(model, name, prompts, plan_of(draft, prompts), settings, draft.locale)
        self.prompts_used = tuple(
            PromptUsed(name=used.name, version=used.version, sha256=used.sha256)
            for used in (prompts.prompt("house"), prompts.prompt("edit"))
        )
        self._asked_for: dict[str, str] = {}

    async def rewrite(
        self, section: SectionPlan, plan: Plan, before: Section, wish: str, refused: Sequence[str] = ()
    ) -> Section:
        """The section in new words; `refused` holds why the last answer could not stand.

        Raises `SectionRefused` for an answer that cannot be read, `SectionFailed` where there is none.
        """
        printer = Printer(plan.sheet, self._language, self._locale)
        told = section_text(before, plan.sheet, printer, section.settings.words)
        house = self._prompts.prompt("house").fill({})
        # What is typed as a wish cannot close the tags around it.
        safe = wish.replace("<", "‹").replace(">", "›")
        task = self._prompts.prompt("edit").fill({"wish": safe, "plan": told})
        request = [("system", house), ("user", task)]
        if refused and self._asked_for.get(section.id) == task:
            request += [("assistant", self._answers[section.id]), ("user", repair_text(refused))]
        async with self._slots:
            reply = await self._asked(section.id, request)
        self._answers[section.id], self._asked_for[section.id] = reply.text, task
        assert isinstance(reply.answer, RewrittenSection)
        return self._read(reply.answer, before)

    def _form(self, section_id: str) -> type[BaseModel]:
        return RewrittenSection

    def _read(self, answer: RewrittenSection, before: Section) -> Section:
        """The answer as a section. Labels are the old ones, block by block where their number is the same."""
        shown, reasons, blocks = written(before), [], []
        labels = {block.label for block in before.blocks}
        for index, block in enumerate(answer.blocks):
            sentences = (sentence.encode("utf-8", "replace").decode("utf-8").strip() for sentence in block.sentences)
            told: list[Statement] = []
            for sentence in filter(None, sentences):
                try:
                    told.append(read_sentence(sentence, shown))
                except TokenError as error:
                    reasons.append(str(error))
            label = block.label.strip() or None
            if label not in labels:
                label = before.blocks[index].label if len(answer.blocks) == len(before.blocks) else None
            if told:
                blocks.append(Block(style=block.style, label=label, statements=tuple(told)))
        if not blocks and not reasons:
            reasons.append("The section holds no sentence.")
        if reasons:
            reasons = list(dict.fromkeys(reasons))[:_MOST_REASONS]
            self.attempts.append(Attempt(section=before.id, outcome="refused", reason="; ".join(reasons), seconds=0))
            raise SectionRefused(reasons)
        return before.model_copy(update={"blocks": tuple(blocks), "written_by": "model", "note": None})


@asynccontextmanager
async def open_rewriter(
    model: str, prompts: PromptSet, draft: Draft, settings: Settings
) -> AsyncIterator[ModelRewriter]:
    """A rewriter for one edit. Raises `ModelUnavailable` or `SettingsError`."""
    async with open_chat(model, settings) as chat:
        yield ModelRewriter(chat, model_name(model), prompts, draft, settings)
