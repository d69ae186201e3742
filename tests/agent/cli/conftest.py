"""Running the command as a person would, in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.cli.main import main


class Ran(NamedTuple):
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


@pytest.fixture
def salesbrief(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """`salesbrief("facts", "--who", …)`."""

    def run(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["salesbrief", *map(str, words)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as done:
            code = int(done.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo organisation's workspace, built once."""
    from tools.demo.publish import publish_demo

    path = tmp_path_factory.mktemp("demo") / "workspace"
    publish_demo(path)
    return path
