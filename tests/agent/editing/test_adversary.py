"""Over a thousand rewrites, each false by how it was made: none gets through; and harmless ones nearly all do.

They come as a language model's do: asked for and answered over HTTP, by the local OpenAI-compatible server, and asked
for once more with the reason where they were refused.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.editing.edit import Edit, edit_draft
from agent.editing.wish import Wish
from agent.models.choice import model_name
from agent.models.rewriter import ModelRewriter
from agent.models.writer import open_chat
from agent.settings import Settings, read_environment
from tests.agent.editing import conftest as world
from tests.agent.editing.false import FALSE
from tests.agent.editing.harmless import HARMLESS
from tests.agent.editing.material import Blocks, Material
from tests.agent.editing.models import as_asked
from tests.faults.server import FaultServer

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Reference people, ordinary ones, everything missed, injected notes, changed definitions …
CASES = (0, 1, 2, 3, 6, 9, 14, 20, 26, 30, 36, 44)
MODEL = "openai:gpt-5-test"
WISH = Wish("warmer, like a letter", unread=("like a letter",))


@dataclass
class Adversary:
    """A model behind the server that answers every question with the `blocks` it was handed last."""

    runner: asyncio.Runner
    chat: BaseChatModel
    settings: Settings
    blocks: Blocks

    def edited(self, maker, seed: int) -> Edit | None:  # noqa: ANN001
        """What an edit comes to when the model answers with that maker's text; None where no section offers a place."""
        chance = random.Random(seed)
        draft = world.composed(chance.choice(CASES))
        sections = [each for each in draft.all_sections if world.PROMPTS.section(each.id).kind != "facts"]
        chance.shuffle(sections)
        for section in sections:
            blocks = maker(Material(draft, section), chance)
            if blocks is not None:
                self.blocks[:] = blocks
                rewriter = ModelRewriter(self.chat, model_name(MODEL), world.PROMPTS, draft, self.settings)
                edit = edit_draft(
                    draft, WISH, world.PROMPTS, world.RUN, sections=[section.id], rewriter=rewriter, review=world.review
                )
                return self.runner.run(edit)
        return None


@pytest.fixture(scope="module")
def adversary() -> Iterator[Adversary]:
    handed: Blocks = []
    server = FaultServer(model=lambda request: {"blocks": [as_asked(block) for block in handed]})
    with pytest.MonkeyPatch.context() as patched, asyncio.Runner() as runner, server:
        patched.setenv("OPENAI_API_KEY", "test")
        patched.setenv("OPENAI_BASE_URL", server.base_url)
        patched.setenv("SALESBRIEF_ATTEMPTS", "1")
        settings, stack = read_environment(), AsyncExitStack()
        chat = runner.run(stack.enter_async_context(open_chat(MODEL, settings)))
        yield Adversary(runner, chat, settings, handed)
        runner.run(stack.aclose())


@pytest.mark.parametrize("maker", FALSE, ids=lambda maker: maker.__name__)
@settings(max_examples=44, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_nothing_false_gets_through(adversary: Adversary, maker, seed: int) -> None:  # noqa: ANN001
    edit = adversary.edited(maker, seed)
    if edit is not None:
        assert edit.refused, "a false rewrite stands"
        assert edit.changed == ()
        assert edit.refused[0].reasons


def test_harmless_rewrites_get_through(adversary: Adversary) -> None:
    edits = [adversary.edited(maker, seed) for seed in range(20) for maker in HARMLESS]
    judged = [edit for edit in edits if edit is not None]
    stood = [edit for edit in judged if not edit.refused]
    refused = [edit.refused[0].reasons for edit in judged if edit.refused]
    assert len(judged) >= 100
    assert len(stood) >= 0.95 * len(judged), refused
