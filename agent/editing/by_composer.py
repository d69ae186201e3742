"""A rewording without a model: the composer again, in a named tone, and what it has to say to any other wish."""

from __future__ import annotations

from collections.abc import Sequence

from agent.draft import Draft, Section
from agent.editing.by_model import Progress, Reworded, with_sections
from agent.editing.composing import TonedComposer
from agent.editing.judging import Judge, Refusal
from agent.editing.languages import english_name
from agent.editing.wish import Wish
from prompts.loader import PromptSet

COMPOSED_IN = "en"


def cannot_compose(wish: Wish, draft: Draft, prompts: PromptSet) -> list[str]:
    """Why the composer cannot follow the wish, for the person; empty where it can."""
    if wish.unread:
        asked = "; ".join(f"“{clause}”" for clause in wish.unread)
        return [
            f"Without a model {asked} cannot be followed. What can be had without one: the tones "
            f"{', '.join(prompts.tones())}; a length (“120 words”, “shorter”); an order (“start with the pipeline”); a "
            "section left out, or only one; the first or third person."
        ]
    if wish.language not in (None, draft.locale):
        return [
            "Without a model the draft cannot be rewritten in another language; "
            f"`salesbrief show --lang {wish.language}` prints its figures for that locale."
        ]
    if draft.locale != COMPOSED_IN and (wish.tones or wish.person):
        return [
            "Without a model only an English draft can be reworded, and this one is in "
            f"{english_name(draft.locale)}; a length, an order or a section left out can be had."
        ]
    if len(wish.tones) > 1:
        return [f"Without a model one tone can be had at a time; ask for {' or '.join(wish.tones)}."]
    return []


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
