"""A released prompt never changes: a new wording is a new version, so that every draft's record stays true."""

from __future__ import annotations

import json

import pytest

from prompts.loader import FOLDER, PromptSet, released

PROMPTS = PromptSet.load()
RELEASED = released()


def _line(name: str) -> str:
    prompt = PROMPTS.prompt(name)
    return json.dumps({f"{name}/{prompt.version}": prompt.sha256})[1:-1]


@pytest.mark.parametrize("key", RELEASED)
def test_a_released_prompt_is_as_it_was(key: str) -> None:
    name, version = key.rsplit("/", 1)
    prompt = PromptSet.load(versions={name: version}).prompt(name)
    assert prompt.sha256 == RELEASED[key], f"{key} was released; write the change as a new version beside it"


@pytest.mark.parametrize("name", PROMPTS.names())
def test_what_is_current_is_released(name: str) -> None:
    key = f"{name}/{PROMPTS.prompt(name).version}"
    assert key in RELEASED, f"add to prompts/released.json: {_line(name)}"


@pytest.mark.parametrize("name", PROMPTS.names())
def test_a_prompt_takes_the_plan_and_nothing_else(name: str) -> None:
    assert PROMPTS.prompt(name).variables == (frozenset() if name == "house" else {"plan"})


def test_every_section_that_is_written_as_prose_has_a_prompt() -> None:
    written = {name.removeprefix("sections/") for name in PROMPTS.names()} - {"house"}
    prose = {folder.name for folder in (FOLDER / "sections").iterdir() if PROMPTS.section(folder.name).kind != "facts"}
    assert written == prose
