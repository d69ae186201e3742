"""A rewording without a model: the composer again, in a named tone, and what it has to say to any other wish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.draft import Draft, Section
from agent.editing.by_model import Progress, Reworded, with_sections
from agent.editing.composing import TonedComposer
from agent.editing.judging import Judge, Refusal
from agent.editing.languages import english_name
from agent.editing.wish import Wish
from prompts.loader import PromptSet

COMPOSED_IN = "en"


def composable(wish: Wish, draft: Draft, prompts: PromptSet) -> tuple[Wish, list[str]]:
    """The part of a wish that the composer can follow, and what to say of the rest."""
    told = []
    if wish.unread:
        asked = "; ".join(f"“{clause}”" for clause in wish.unread)
        told.append(
            f"Without a model {asked} cannot be followed. What can be had without one: the tones "
            f"{', '.join(prompts.tones())}; a length (“120 words”, “shorter”); an order (“start with the pipeline”); a "
            "section left out, or only one; the first or third person."
        )
        wish = replace(wish, unread=())
    if wish.language not in (None, draft.locale):
        told.append("Without a model the draft cannot be rewritten in another language.")
        wish = replace(wish, language=None)
    if draft.locale != COMPOSED_IN and (wish.tones or wish.person):
        told.append(
            "Without a model only an English draft can be reworded, and this one is in "
            f"{english_name(draft.locale)}; a length, an order or a section left out can be had."
        )
        wish = replace(wish, tones=(), person=None)
    if len(wish.tones) > 1:
        taken, *others = wish.tones
        told.append(f"Without a model one tone can be had at a time: it is “{taken}” here, not {' or '.join(others)}.")
        wish = replace(wish, tones=(taken,))
    return wish, told


async def reworded_by_composer(
    draft: Draft, chosen: Sequence[Section], wish: Wish, judge: Judge, progress: Progress
) -> Reworded:
    """The draft with the chosen sections composed anew, where these may stand."""
    composer = TonedComposer(draft, judge.prompts, wish.tones[0] if wish.tones else None)
    stood, refused = [], []
    for before in chosen:
        progress(before.id, "writing")
        after = judge.printer.section(await composer.rewrite(before)).model_copy(update={"note": None})
        found = judge.objections(before, after, draft)
        candidate = with_sections(draft, {before.id: after})
        if not found:
            found = [loss for listed in judge.findings(candidate, (after,)).values() for loss in listed]
        if found:
            refused.append(Refusal.of(before, found))
        else:
            draft = candidate
            stood.append(before.id)
        progress(before.id, "kept" if found else "done")
    return Reworded(draft, tuple(stood), tuple(refused))
