"""Customer data leave the machine to the configured model only: every other host is counted, and there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.server import FaultServer
from tools.demo.publish import publish_demo

# Notes every address looked up or connected to, then runs the command line.
WATCH = """
import json, socket, sys
seen = []
look_up, connect = socket.getaddrinfo, socket.socket.connect
def watched_look_up(host, *more, **named):
    seen.append(str(host)); return look_up(host, *more, **named)
def watched_connect(self, address):
    if self.family != socket.AF_UNIX: seen.append(str(address[0]))
    return connect(self, address)
socket.getaddrinfo, socket.socket.connect = watched_look_up, watched_connect
sys.argv = ["salesbrief", *sys.argv[2:]]
log = sys.argv.pop(1)
from agent.cli.main import main
try: main()
except SystemExit: pass
finally: open(log, "w").write(json.dumps(sorted(set(seen))))
"""
ASKED = ("--who", "Michael", "--period", "2026-Q2", "--as-of", "2026-07-05")
# What a developer's shell may hold: none of it may send a prompt anywhere.
TRACING = {"LANGSMITH_TRACING": "true", "LANGCHAIN_TRACING_V2": "true", "LANGSMITH_API_KEY": "not-a-key"}


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("network") / "workspace"
    publish_demo(path)
    return path


def _hosts(tmp_path: Path, environment: dict[str, str], *words: str | Path) -> tuple[set[str], str]:
    log = tmp_path / "hosts.json"
    done = subprocess.run(
        [sys.executable, "-c", WATCH, "-", str(log), *map(str, words)],
        env={**os.environ, **TRACING, **environment}, capture_output=True, text=True, timeout=110, check=True,
    )  # fmt: skip
    return set(json.loads(log.read_text())), done.stdout


def test_without_a_model_no_host_is_contacted(tmp_path: Path, workspace: Path) -> None:
    hosts, printed = _hosts(tmp_path, {}, "draft", "--data", workspace, *ASKED)
    assert printed.startswith("# Michael Torres")
    assert hosts == set()


def test_with_a_model_its_host_is_the_only_one(tmp_path: Path, workspace: Path) -> None:
    with FaultServer() as server:
        environment = {"OPENAI_BASE_URL": server.base_url, "OPENAI_API_KEY": "not-a-key"}
        model = ("--model", "openai:gpt-test")
        hosts, printed = _hosts(tmp_path, environment, "draft", "--data", workspace, *ASKED, *model)
        assert server.seen
    assert printed.startswith("# Michael Torres")
    assert hosts == {"127.0.0.1"}
