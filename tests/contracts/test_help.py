"""`salesbrief --help` answers at once, because commands import what they need when they run."""

from __future__ import annotations

import subprocess
import sys

import pytest

# pydantic is not among them: typer itself loads it for a command with options, in 0.1 s.
HEAVY = ("pandas", "duckdb", "openai", "langchain_core", "langchain_openai", "sqlalchemy", "alembic", "babel")
COMMANDS = (
    "demo", "import", "facts", "explain", "metrics", "report", "draft", "chat", "note", "drafts", "show",
    "edit", "versions", "diff", "restore", "bundle", "verify", "check", "users", "schema",
)  # fmt: skip


def _loaded_by_help(*command: str) -> list[str]:
    program = (
        "import sys; from agent.cli.main import app\n"
        f"try: app([{', '.join(map(repr, [*command, '--help']))}])\n"
        "except SystemExit: pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    return eval(done.stderr.strip().splitlines()[-1])  # noqa: S307 - our own list


@pytest.mark.parametrize(
    "command", [(), *[(name,) for name in COMMANDS]], ids=lambda command: " ".join(command) or "all"
)
def test_help_loads_nothing_heavy(command: tuple[str, ...]) -> None:
    assert _loaded_by_help(*command) == []
