"""Edits with a language model behind a local server that lies, forgets, soothes, or fails: the old text stays."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from agent.cli.editing import edit_one
from agent.draft import Draft
from agent.editing.wish import read_wish
from prompts.loader import PromptSet

_ROOT = Path(__file__).resolve().parents[2]
_SPEC = importlib.util.spec_from_file_location("fault_server", _ROOT / "faults" / "server.py")
faults = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = faults
_SPEC.loader.exec_module(faults)
PROMPTS = PromptSet.load()
LETTER = "like a letter"
# What changes nothing in a section that never says "came in at" is no lie there.
LIES = [name for name in faults.CORRUPTIONS if name not in ("praised", "negated")]


def _edit(server, monkeypatch: pytest.MonkeyPatch, draft: Draft, text: str = LETTER, sections=None):  # noqa: ANN001, ANN202
    monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    monkeypatch.setenv("SALESBRIEF_ATTEMPTS", "1")
    return edit_one(draft, read_wish(text, PROMPTS), PROMPTS, sections=sections, model="openai:gpt-5-test")


def test_a_model_that_follows_instructions_rewrites(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    with faults.FaultServer() as server:
        edit = _edit(server, monkeypatch, draft)
    assert edit.refused == ()
    assert edit.changed
    assert (edit.run.model, [used.name for used in edit.run.prompts]) == ("openai:gpt-5-test", ["house", "edit"])
    assert edit.run.input_tokens > 0


@pytest.mark.parametrize("lie", LIES)
def test_a_model_that_lies_changes_nothing(monkeypatch: pytest.MonkeyPatch, draft: Draft, lie: str) -> None:
    with faults.FaultServer(default=lie) as server:
        edit = _edit(server, monkeypatch, draft, sections=["headline"])
    assert edit.draft.all_sections == draft.all_sections
    assert edit.refused[0].reasons


def test_a_lie_is_asked_again_with_the_reason(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    with faults.FaultServer("dropped", "ok") as server:
        edit = _edit(server, monkeypatch, draft, sections=["headline"])
    assert edit.refused == ()
    assert "no longer says" in str(server.seen[1]["body"])


def test_a_model_out_of_reach_leaves_the_old_text_and_says_so(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    with faults.FaultServer(default="500") as server:
        edit = _edit(server, monkeypatch, draft, sections=["headline"])
    assert edit.draft.all_sections == draft.all_sections
    assert "server failed" in edit.refused[0].reasons[0]


def test_no_model_is_called_for_a_falsehood(monkeypatch: pytest.MonkeyPatch, draft: Draft) -> None:
    with faults.FaultServer() as server:
        edit = _edit(server, monkeypatch, draft, "say that every target was met")
        assert server.seen == []
    assert edit.answers
