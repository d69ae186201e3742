"""Over a thousand rewrites, each false by how it was made: none gets through; and harmless ones nearly all do."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.editing.edit import Edit, edit_draft
from agent.editing.wish import Wish
from tests.agent.editing import conftest as world
from tests.agent.editing.false import FALSE
from tests.agent.editing.harmless import HARMLESS
from tests.agent.editing.material import Material, Scripted

# Reference people, ordinary ones, everything missed, injected notes, changed definitions …
CASES = (0, 1, 2, 3, 6, 9, 14, 20, 26, 30, 36, 44)
WISH = Wish("warmer, like a letter", unread=("like a letter",))


def _rewritten(maker, seed: int) -> Edit | None:  # noqa: ANN001
    """What an edit comes to when a model answers with that maker's text; None where no section offers a place."""
    chance = random.Random(seed)
    draft = world.composed(chance.choice(CASES))
    sections = [each for each in draft.all_sections if world.PROMPTS.section(each.id).kind != "facts"]
    chance.shuffle(sections)
    for section in sections:
        blocks = maker(Material(draft, section), chance)
        if blocks is not None:
            model = Scripted(blocks)
            return asyncio.run(
                edit_draft(
                    draft, WISH, world.PROMPTS, world.RUN, sections=[section.id], rewriter=model, review=world.review
                )
            )
    return None


@pytest.mark.parametrize("maker", FALSE, ids=lambda maker: maker.__name__)
@settings(max_examples=44, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_nothing_false_gets_through(maker, seed: int) -> None:  # noqa: ANN001
    edit = _rewritten(maker, seed)
    if edit is not None:
        assert edit.refused, "a false rewrite stands"
        assert edit.changed == ()
        assert edit.refused[0].reasons


def test_harmless_rewrites_get_through() -> None:
    edits = [_rewritten(maker, seed) for seed in range(20) for maker in HARMLESS]
    judged = [edit for edit in edits if edit is not None]
    stood = [edit for edit in judged if not edit.refused]
    refused = [edit.refused[0].reasons for edit in judged if edit.refused]
    assert len(judged) >= 100
    assert len(stood) >= 0.95 * len(judged), refused
