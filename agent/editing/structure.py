"""Edits that move or take out whole blocks and leave every word of the rest: order, sections left out, length.

Nothing goes below the short form: the headline with the attainment, every key shortfall with its target, and one next
step. What is taken out is told; a section that goes hands its key shortfalls to the headline.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from agent.draft import Attainment, Block, Comparison, Draft, LeftOut, Section, Statement, Target
from agent.editing.composing import shortfall_block
from agent.editing.difference import section_words
from agent.editing.plans import opened_by_shortfall, opening, statements
from agent.markdown import to_markdown
from agent.naming import lowered

SHORTER = 0.7  # "Shorter" without a number: this share of the words there are.
_SIDES = {"target": "its target", "prior": "the earlier figure", "year_ago": "the figure of a year ago",
          "team": "the colleagues' average"}  # fmt: skip
BY_REQUEST = "this was asked for"
FOR_LENGTH = "the summary was to be short"
_WORD = re.compile(r"\w[\w'’.,%$€£×-]*")


class Shortened(NamedTuple):
    """A shorter draft, its words, and whether that is the short form, below which nothing goes."""

    draft: Draft
    words: int
    floor: bool


def start_with(draft: Draft, section_id: str) -> Draft:
    """The same draft with that section first under the headline."""
    first = [section for section in draft.sections if section.id == section_id]
    rest = [section for section in draft.sections if section.id != section_id]
    return draft.model_copy(update={"sections": (*first, *rest)})


def leave_out(draft: Draft, section_id: str, reason: str = BY_REQUEST) -> Draft:
    """The draft without that section, its key shortfalls stated in the headline instead."""
    section = next(section for section in draft.sections if section.id == section_id)
    stated = opened_by_shortfall(draft.headline, draft)
    handed = []
    for block in section.blocks:
        first = opening(block)
        fact = draft.sheet.fact(first.fact) if first is not None else None
        if fact is not None and fact.key and fact.weak and fact.id not in stated:
            handed.append(shortfall_block(block))
    headline = draft.headline.model_copy(update={"blocks": (*draft.headline.blocks, *handed)})
    left = LeftOut(id=section.id, title=section.title, reason=reason)
    return draft.model_copy(
        update={
            "headline": headline,
            "sections": tuple(each for each in draft.sections if each.id != section_id),
            "left_out": (*draft.left_out, left),
        }
    )


def shortened(draft: Draft, most: int, only: Sequence[str] = (), keep: str | None = None) -> Shortened:
    """The draft cut, least needed first, until it has at most that many words or is the short form.

    With `only`, those sections are cut alone, and `most` is theirs: no shortfall goes, and nobody else's words. The
    section `keep` may be cut, but not left out.
    """
    words = word_count(draft, only)
    for shorter in _cuts_of(draft, only) if only else _cuts(draft, keep):
        if words <= most:
            return Shortened(draft, words, False)
        draft, words = shorter, word_count(shorter, only)
    return Shortened(draft, words, words > most)


def word_count(draft: Draft, only: Sequence[str] = ()) -> int:
    """The words of the summary, or of some sections, figures included; not the line that says what was left out."""
    if only:
        told = (section_words(section) for section in draft.all_sections if section.id in only)
        return sum(len(_WORD.findall(text)) for text in told)
    return len(_WORD.findall(to_markdown(draft.model_copy(update={"left_out": ()}), marked=False)))


def _cuts_of(draft: Draft, only: Sequence[str]) -> Iterator[Draft]:
    """Ever shorter drafts, cut in those sections alone: first sentences without a result, then blocks from the end."""
    for cut in (_first_sentences, _first_sentences_without_notes):
        for section_id in only:
            draft = _with(draft, section_id, cut)
            yield draft
    for _ in range(max((len(section.blocks) for section in draft.all_sections if section.id in only), default=0)):
        for section_id in only:
            draft = _with(draft, section_id, _without_last)
            yield draft


def _without_last(draft: Draft, section: Section) -> Iterator[Block]:
    """The section without the last of its blocks that is neither the first nor opens with a key shortfall."""
    short = opened_by_shortfall(section, draft)
    spare = [
        index
        for index, block in enumerate(section.blocks)
        if index and ((first := opening(block)) is None or first.fact not in short)
    ]
    yield from (block for index, block in enumerate(section.blocks) if not spare or index != spare[-1])


def _first_sentences_without_notes(draft: Draft, section: Section) -> Iterator[Block]:
    """Each block with its first sentence alone, where that states a result."""
    for block in section.blocks:
        one = block.statements[:1] if block.statements[:1] and block.statements[0].facts else block.statements
        yield block.model_copy(update={"statements": one})


def _cuts(draft: Draft, keep: str | None) -> Iterator[Draft]:
    """Ever shorter drafts, each cut from the one before; the last is the short form."""
    for section_id in ("qualitative", "context", "activity", "customers", "pipeline", "kpis"):
        for cut in (_first_sentences, _shortfalls_only):
            draft = _with(draft, section_id, cut)
            yield draft
        if (
            section_id in ("qualitative", "context", "activity")
            and section_id != keep
            and not _shortfalls(draft, section_id)
        ):
            draft = _gone(draft, section_id)
            yield draft
    draft = _with(draft, "next_steps", _few_steps)
    yield draft
    for section_id in ("scope", "customers", "pipeline", "kpis", "activity"):
        if section_id != keep:
            draft = _gone(draft, section_id)
            yield draft
    draft = _with(draft, "next_steps", _one_step)
    yield draft
    draft = _with_targets(draft)
    yield draft
    draft = draft.model_copy(update={"headline": _bare_headline(draft)})
    yield draft


def _with(draft: Draft, section_id: str, cut) -> Draft:  # noqa: ANN001
    if section_id == "headline":
        blocks = tuple(cut(draft, draft.headline))
        return draft.model_copy(update={"headline": draft.headline.model_copy(update={"blocks": blocks})})
    sections = []
    for section in draft.sections:
        if section.id != section_id:
            sections.append(section)
            continue
        blocks = tuple(cut(draft, section))
        if blocks:
            sections.append(section.model_copy(update={"blocks": blocks}))
    return draft.model_copy(update={"sections": tuple(sections)}) if sections else draft


def _gone(draft: Draft, section_id: str) -> Draft:
    if not any(section.id == section_id for section in draft.sections):
        return draft
    return leave_out(draft, section_id, FOR_LENGTH)


def _first_sentences(draft: Draft, section: Section) -> Iterator[Block]:
    """Each block with those of its sentences that state a result, or its first one."""
    for block in section.blocks:
        told = [statement for statement in block.statements if statement.facts] or list(block.statements[:1])
        yield block.model_copy(update={"statements": tuple(told)})


def _shortfalls_only(draft: Draft, section: Section) -> Iterator[Block]:
    """The section's first block, and those that open with a key shortfall."""
    short = opened_by_shortfall(section, draft)
    for index, block in enumerate(section.blocks):
        first = opening(block)
        if index == 0 or (first is not None and first.fact in short):
            yield block


def _shortfalls(draft: Draft, section_id: str) -> bool:
    section = next((each for each in draft.sections if each.id == section_id), None)
    return section is not None and bool(opened_by_shortfall(section, draft))


def _few_steps(draft: Draft, section: Section) -> Iterator[Block]:
    """The first three steps, each one's action with its aim."""
    yield from section.blocks[:3]


def _one_step(draft: Draft, section: Section) -> Iterator[Block]:
    """The step for the weakest result, else the first."""
    weak = {fact.id for fact in draft.sheet.facts if fact.key and fact.weak}
    yield next((b for b in section.blocks if any(set(s.facts) & weak for s in b.statements)), section.blocks[0])


def _with_targets(draft: Draft) -> Draft:
    """The target table down to the rows of results that are stated elsewhere without their target."""
    stated = {
        part.fact
        for section in draft.all_sections
        if section.id != "targets"
        for statement in statements(section)
        for part in statement.parts
        if part.kind in ("fact", "comparison") and getattr(part, "against", None) != "target"  # type: ignore[union-attr]
    }
    targets = next((section for section in draft.sections if section.id == "targets"), None)
    if targets is None:
        return draft
    rows = tuple(row for row in targets.blocks if any(set(cell.facts) & stated for cell in row.statements))
    sections = tuple(
        section.model_copy(update={"blocks": rows}) if section.id == "targets" else section
        for section in draft.sections
        if section.id != "targets" or rows
    )
    left = () if rows else (LeftOut(id="targets", title=targets.title, reason=FOR_LENGTH),)
    return draft.model_copy(update={"sections": sections, "left_out": (*draft.left_out, *left)})


def _bare_headline(draft: Draft) -> Section:
    """The headline's sentences that state a result."""
    blocks = []
    for block in draft.headline.blocks:
        told: list[Statement] = [statement for statement in block.statements if statement.facts]
        if told:
            blocks.append(block.model_copy(update={"statements": tuple(told)}))
    return draft.headline.model_copy(update={"blocks": tuple(blocks) or draft.headline.blocks})


def unsaid(before: Draft, after: Draft) -> list[str]:
    """The labels of the facts that the longer draft stated and the shorter one does not."""
    gone = _stated(before) - _stated(after)
    return [fact.label for fact in before.sheet.facts if fact.id in gone]


def sides_unsaid(before: Draft, after: Draft) -> list[str]:
    """What results that are still stated are no longer held against: "revenue won: the earlier figure"."""
    left, now = _stated(after), _sides(after)
    labels = {fact.id: lowered(fact.label) for fact in before.sheet.facts}
    return [f"{labels[fact]}: {_SIDES[side]}" for fact, side in _sides(before)
            if fact in left and (fact, side) not in now]  # fmt: skip


def _sides(draft: Draft) -> dict[tuple[str, str], None]:
    found: dict[tuple[str, str], None] = {}
    for section in draft.all_sections:
        for statement in statements(section):
            for part in statement.parts:
                if isinstance(part, Comparison):
                    found.update({(part.fact, side): None for side in (part.against, *part.beside)})
                elif isinstance(part, Target | Attainment):
                    found[part.fact, "target"] = None
    return found


def shortfalls_lost(before: Draft, after: Draft) -> list[str]:
    """The ids of the key shortfalls that opened a block before and open none now: below the floor."""
    opened = {fact for section in after.all_sections for fact in opened_by_shortfall(section, after)}
    was = {fact: None for section in before.all_sections for fact in opened_by_shortfall(section, before)}
    return [fact for fact in was if fact not in opened]


def _stated(draft: Draft) -> set[str]:
    return {fact for section in draft.all_sections for statement in statements(section) for fact in statement.facts}
