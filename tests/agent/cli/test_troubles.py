"""What goes wrong around a command is told in a line: a failing model, a full disk, an interrupt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from prompts.loader import PromptError
from tests.faults.server import FaultServer

MICHAEL = ("--who", "Michael", "--period", "2026-Q2", "--as-of", "2026-07-05")


@pytest.fixture
def store(tmp_path: Path) -> tuple[str, str]:
    """Drafts kept apart from the workspace that all tests share."""
    return "--store", f"sqlite:///{tmp_path / 'drafts.db'}"


@pytest.mark.parametrize(
    ("behaviour", "reason"), [("401", "did not accept the key"), ("negated", "its text did not pass the guard")]
)
def test_sections_written_without_the_model_are_counted_with_the_reason(
    salesbrief, demo_workspace: Path, store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, behaviour, reason
) -> None:
    out = tmp_path / "draft.json"
    with FaultServer(default=behaviour) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", "any")
        told = salesbrief(
            "draft", "--data", demo_workspace, *MICHAEL, *store, "--model", "openai:m", "--json", "--out", out
        )
    (line,) = [line for line in told.err.splitlines() if "without the model" in line]
    assert (told.code, "{" in line) == (0, False)
    assert reason in line
    draft = json.loads(out.read_text())
    sections = [draft["headline"], *draft["sections"]]
    many, asked = (int(word) for word in line.split(" sections")[0].split(" of "))
    assert many == sum(section["note"] is not None for section in sections)
    assert asked == sum(section["written_by"] in ("model", "composer") for section in sections)
    assert all(attempt["reason"] for attempt in draft["record"]["attempts"] if attempt["outcome"] != "ok")


def _raising(problem: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise problem

    monkeypatch.setattr("agent.cli.main.app", fail)


@pytest.mark.parametrize("problem", [KeyboardInterrupt(), SystemExit(130), RuntimeError("Query interrupted")])
def test_an_interrupt_is_one_line_wherever_it_came(salesbrief, monkeypatch: pytest.MonkeyPatch, problem) -> None:
    _raising(problem, monkeypatch)
    told = salesbrief("draft")
    assert (told.code, told.err) == (130, "salesbrief: interrupted; nothing was half-written.\n")


def test_a_prompt_that_cannot_be_used_is_told_in_a_sentence(salesbrief, monkeypatch: pytest.MonkeyPatch) -> None:
    _raising(PromptError("Prompt house has no version v9."), monkeypatch)
    assert salesbrief("evals", "run")[::2] == (2, "salesbrief: Prompt house has no version v9.\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_output_to_a_full_disk_is_told_in_a_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-c", "from agent.cli.main import main; main()", "schema", "tables"]
        ran = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert "No space left" in ran.stderr
