"""A draft in another language: the same tokens, new words, and no English left unsaid about."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from agent.draft import FACT_PARTS, Draft, Section
from agent.editing.edit import edit_draft
from agent.editing.kept import kept
from agent.editing.languages import reprinted
from agent.editing.notation import read_sentence, written
from agent.editing.plans import opened_by_shortfall
from agent.editing.wish import Wish


def _beside(name: str):  # noqa: ANN202
    spec = importlib.util.spec_from_file_location(f"languages_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


world = _beside("conftest")
_TOKEN = re.compile(r"\{[^{}]*\}")
_SWEDISH = "Det som gäller för perioden är {tokens}, som det står i underlaget."


class Translator:
    """A model that writes the same Swedish sentence around every sentence's tokens; `tail` is added to shortfalls."""

    def __init__(self, tail: str = "") -> None:
        self.attempts: list = []
        self.tail = tail

    async def rewrite(self, section, plan, before: Section, wish: str, refused=()) -> Section:  # noqa: ANN001
        shown = written(before)
        blocks = []
        for block in before.blocks:
            told = []
            for statement in block.statements:
                index = before.blocks.index(block), block.statements.index(statement)
                sentence = shown.blocks[index[0]]["sentences"][index[1]]
                tokens = [t for t in _TOKEN.findall(sentence) if not t.startswith("{name") or "label" in t]
                weak = any(isinstance(shown.parts.get(t), FACT_PARTS) for t in tokens)
                text = _SWEDISH.replace("{tokens}", " samt ".join(tokens) or "detta")
                told.append(read_sentence(text[:-1] + (self.tail if weak else "") + ".", shown))
            blocks.append(block.model_copy(update={"statements": tuple(told)}))
        return before.model_copy(update={"blocks": tuple(blocks), "written_by": "model"})


def _edit(draft: Draft, model: Translator):  # noqa: ANN202
    wish = Wish("in Swedish", language="sv")
    return asyncio.run(edit_draft(draft, wish, world.PROMPTS, world.RUN, rewriter=model, review=world.review))


def test_a_draft_is_rewritten_with_the_same_tokens(draft: Draft) -> None:
    edit = _edit(draft, Translator())
    assert edit.refused == ()
    assert edit.draft.locale == "sv"
    assert edit.draft.headline.title == "I korthet"
    for before, after in zip(draft.all_sections, edit.draft.all_sections, strict=True):
        assert kept(before) == kept(after)
        assert set(opened_by_shortfall(before, draft)) == set(opened_by_shortfall(after, edit.draft))


@pytest.mark.parametrize(
    "tail", [", men det är bara brus", ", tack vare otur", " och det är praktiskt taget ett dussin"]
)
def test_a_shortfall_is_not_talked_away_in_the_other_language(draft: Draft, tail: str) -> None:
    edit = _edit(draft, Translator(tail))
    assert "headline" in [refusal.section for refusal in edit.refused]


def test_figures_of_another_locale_need_no_model(draft: Draft) -> None:
    polish = reprinted(draft, world.PROMPTS, "pl")
    assert [kept(section) for section in polish.all_sections] == [kept(section) for section in draft.all_sections]
    assert reprinted(polish, world.PROMPTS, "en") == draft
