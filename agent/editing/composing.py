"""Rewriting without a model: the composer again, with a tone's frames, holding to what the section says now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from agent.composer import Composer
from agent.draft import Block, Comparison, Draft, Quotation, Section, Statement
from agent.editing.kept import KEPT, Kept, kept_parts, key
from agent.editing.plans import opened_by_shortfall, opening, statements
from agent.plan import Plan, plan_summary
from prompts.loader import PromptSet

_ABOUT_THE_TONE = ("description", "asked_as", "instruction")


@dataclass(frozen=True)
class TonedPrompts(PromptSet):
    """The same prompts, with a tone's frames in the place of the composer's own."""

    tone_name: str = field(default="")

    def composing(self, code: str, name: str) -> dict[str, Any]:
        frames = super().composing(code, name)
        if name != "frames":
            return frames
        toned = {group: kinds for group, kinds in self.tone(self.tone_name).items() if group not in _ABOUT_THE_TONE}
        return {group: {**kinds, **toned.get(group, {})} for group, kinds in frames.items()}


class TonedComposer:
    """Composes sections of one draft anew; `tone` None: in the composer's own voice."""

    def __init__(self, draft: Draft, prompts: PromptSet, tone: str | None) -> None:
        self._draft = draft
        self._plan = plan_summary(draft.sheet, prompts)
        toned = prompts if tone is None else TonedPrompts(prompts.folder, prompts.versions, tone)
        self._composer = Composer(self._plan, prompts.language(draft.locale), toned)

    async def rewrite(self, before: Section) -> Section:
        """The section in the composer's words, without whatever an earlier edit had taken out of it."""
        composed = await self._composer.write(self._planned(before.id), self._plan)
        written = _only_what_it_said(composed, before)
        if before.id != "headline":
            return written.model_copy(update={"title": before.title})
        said = {fact for statement in statements(written) for fact in statement.facts}
        handed = [fact for fact in opened_by_shortfall(before, self._draft) if fact not in said]
        blocks = [block for fact in handed if (block := await self._handed(fact)) is not None]
        return written.model_copy(update={"blocks": (*written.blocks, *blocks)})

    def _planned(self, section_id: str) -> Any:
        return self._plan.section(section_id)

    async def _handed(self, fact_id: str) -> Block | None:
        """The sentence on a shortfall that its own section, left out by request, handed to the headline."""
        return await handed_block(fact_id, self._plan, self._composer)


async def handed_block(fact_id: str, plan: Plan, composer: Composer) -> Block | None:
    home = next((each for each in plan.sections if any(fact.id == fact_id for fact in each.shortfalls)), None)
    if home is None:
        return None
    composed = await composer.write(home, plan)
    return next((shortfall_block(block) for block in composed.blocks if _opens_with(block, fact_id)), None)


def shortfall_block(block: Block) -> Block:
    """The block's first sentence alone, as a paragraph of the headline."""
    return Block(statements=block.statements[:1])


def _opens_with(block: Block, fact_id: str) -> bool:
    first = opening(block)
    return first is not None and first.fact == fact_id


def _only_what_it_said(composed: Section, before: Section) -> Section:
    """The composed section without statements on facts and notes that `before` does not hold (any more)."""
    left = list(kept_parts(before))
    silent = sum(not _tokens(statement) for statement in statements(before))
    blocks = []
    for block in composed.blocks:
        told = []
        for statement in block.statements:
            fitted = _fitted(statement, left)
            if fitted is None or (not _tokens(statement) and silent == 0):
                continue
            if not _tokens(statement):
                silent -= 1
            told.append(fitted)
        if told and any(_tokens(statement) for statement in told) == any(map(_tokens, block.statements)):
            blocks.append(block.model_copy(update={"statements": tuple(told)}))
    return composed.model_copy(update={"blocks": tuple(blocks)})


def _fitted(statement: Statement, left: list[Kept]) -> Statement | None:
    """The statement with its tokens as `left` holds them, taken from there; None where it holds one that is not left.

    A draft written earlier, or by a model, may show a figure beside other comparators, or quote more of a note.
    """
    rest, parts = list(left), []
    for part in statement.parts:
        if not isinstance(part, KEPT):
            parts.append(part)
            continue
        same = next((other for other in rest if key(other) == key(part)), None)
        same = same or next((other for other in rest if _alike(part, other)), None)
        if same is None:
            return None
        rest.remove(same)
        parts.append(_as_left(part, same))
    left[:] = rest
    return statement.model_copy(update={"parts": tuple(parts)})


def _alike(part: Kept, other: Kept) -> bool:
    if isinstance(part, Comparison) and isinstance(other, Comparison):
        return (part.fact, part.against) == (other.fact, other.against)
    return isinstance(part, Quotation) and isinstance(other, Quotation) and part.evidence == other.evidence


def _as_left(part: Kept, other: Kept) -> Kept:
    if isinstance(part, Comparison) and isinstance(other, Comparison):
        return part.model_copy(update={"beside": other.beside, "against": other.against})
    if isinstance(part, Quotation) and isinstance(other, Quotation):
        return part.model_copy(update={"span": other.span, "marks": other.marks})
    return other


def _tokens(statement: Statement) -> bool:
    return any(isinstance(part, KEPT) for part in statement.parts)
