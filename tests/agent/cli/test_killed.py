"""`kill -9` of a running edit: the last whole version stays, and the next command finds no lock."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
_ROOT = _HERE.parents[2]
_SPEC = importlib.util.spec_from_file_location("fault_server", _ROOT / "tests" / "faults" / "server.py")
faults = importlib.util.module_from_spec(_SPEC)
sys.modules[_SPEC.name] = faults
_SPEC.loader.exec_module(faults)
MICHAEL = ("--who", "Michael", "--period", "2026-Q2", "--as-of", "2026-07-05")
WISH = ("edit", "Michael", "--section", "headline", "--tone", "direct", "--accept")


@pytest.fixture
def store(salesbrief, demo_workspace: Path, tmp_path: Path) -> Path:  # noqa: ANN001
    """A store that holds the first version of Michael's draft."""
    file = tmp_path / "store" / "drafts.db"
    file.parent.mkdir()
    assert salesbrief("draft", "--data", demo_workspace, *MICHAEL, *_at(file)).code == 0
    return file


def _at(file: Path) -> tuple[str, str]:
    return "--store", f"sqlite:///{file}"


def _started(words: tuple[str, ...], **environment: str) -> subprocess.Popen:
    return subprocess.Popen([sys.executable, *words], cwd=_ROOT, env=os.environ | environment, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT)  # fmt: skip


def _goes_on(salesbrief, store: Path, saved: int) -> None:  # noqa: ANN001
    """So many versions are there, whole, and the next edit is saved on top without waiting for anybody."""
    shown = salesbrief("show", "Michael", *_at(store))
    assert (shown.code, shown.out.count("\n## ")) == (0, 7)
    began = time.monotonic()
    assert salesbrief("edit", "Michael", "--tone", "60 words", "--accept", *_at(store)).code == 0
    assert time.monotonic() - began < 20  # A lock would be waited for for thirty seconds.
    history = json.loads(salesbrief("versions", "Michael", "--json", *_at(store)).out)
    assert [version["number"] for version in history] == list(range(1, saved + 2))
    assert [file.name for file in store.parent.iterdir()] == [store.name]


@pytest.mark.parametrize(("moment", "saved"), [("insert", 1), ("inserted", 1), ("commit", 1), ("saved", 2)])
def test_killed_while_it_saves_the_last_whole_version_stays(salesbrief, store: Path, moment: str, saved: int) -> None:  # noqa: ANN001
    running = _started(("-m", "tests.agent.cli.killed", moment, *WISH, *_at(store)))
    out, _ = running.communicate(timeout=120)
    assert running.returncode == -signal.SIGKILL, out.decode()
    _goes_on(salesbrief, store, saved)


def test_killed_while_the_model_writes_nothing_changed(salesbrief, store: Path) -> None:  # noqa: ANN001
    with faults.FaultServer(default="slow:60") as server:
        running = _started(
            ("-m", "tests.agent.cli.killed", "never", *WISH, "--model", "openai:gpt-5-test", *_at(store)),
            OPENAI_BASE_URL=server.base_url, OPENAI_API_KEY="test",
        )  # fmt: skip
        deadline = time.monotonic() + 60
        while not server.seen and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        assert server.seen
        running.kill()
        running.communicate(timeout=20)
    _goes_on(salesbrief, store, 1)
