"""`salesbrief serve`: where it serves, whom it refuses, and how it stops."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.web.organisation import build_world

COMMAND = "import sys; sys.argv[0] = 'salesbrief'; from agent.cli.main import main; main()"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which nobody has an account."""
    path = tmp_path_factory.mktemp("alone")
    build_world(path).site.stores.engine.dispose()
    (path / "drafts.db").unlink()
    return path


def started(root: Path, *options: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(root)}
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "serve", *options], env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_without_accounts_no_other_machine_is_served(root: Path, alone: Path) -> None:
    said, told = (refused := started(root, "--data", str(alone), "--host", "0.0.0.0", "--port", "0")).communicate()
    assert refused.returncode == 2 and said == ""
    assert told.startswith("salesbrief: Without accounts") and "salesbrief users add" in told and told.count("\n") == 1


def test_a_port_that_is_taken_is_told_in_a_sentence(root: Path, alone: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        _, told = (refused := started(root, "--data", str(alone), "--port", port)).communicate()
    assert refused.returncode == 2
    assert told.startswith(f"salesbrief: 127.0.0.1 port {port} cannot be served at") and "--port" in told


def test_it_says_where_it_is_and_stops_at_ctrl_c(root: Path, alone: Path, tmp_path: Path) -> None:
    data = tmp_path / "workspace"
    shutil.copytree(alone, data, dirs_exist_ok=True)
    running = started(root, "--data", str(data), "--port", "0")
    assert running.stdout is not None
    said = running.stdout.readline()
    assert said.startswith("salesbrief is at http://127.0.0.1:") and "for you alone" in said
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 0 and told.rstrip().endswith("Stopped; what was kept is kept.")
