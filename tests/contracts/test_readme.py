"""The README is true: the draft it shows is the demo's, and the commands it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

COMMAND = re.compile(r"^\s*(?:\.venv/bin/)?salesbrief ([a-z]+)(?: ([a-z]+))?", re.M)


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def shown_draft(readme: str) -> str:
    """The draft between the README's markers, without the quotation marks of Markdown."""
    block = readme.partition("<!-- draft: michael -->\n")[2].partition("<!-- end -->")[0].strip("\n")
    return "\n".join(re.sub(r"^> ?", "", line) for line in block.splitlines()) + "\n"


def test_the_draft_shown_is_the_demos(readme: str, tmp_path: Path) -> None:
    from agent.cli.demo import demo

    demo(tmp_path)
    assert shown_draft(readme) == (tmp_path / "drafts" / "michael.md").read_text(encoding="utf-8")


def test_every_command_named_exists(readme: str) -> None:
    from typer.main import get_command

    from agent.cli.main import app

    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, sub in COMMAND.findall(readme):
        assert name in commands, name
        if hasattr(commands[name], "commands") and sub:
            assert sub in commands[name].commands, f"{name} {sub}"


def test_every_command_is_in_the_readme(readme: str) -> None:
    from typer.main import get_command

    from agent.cli.main import app

    missing = [name for name in get_command(app).commands if f"salesbrief {name}" not in readme]  # type: ignore[attr-defined]
    assert missing == []


def test_every_file_and_folder_named_exists(root: Path, readme: str) -> None:
    named = re.findall(r"`((?:agent|tools|prompts|evals|tests)/[\w/.-]*)`", readme)
    assert [path for path in named if not (root / path).exists()] == []


@pytest.mark.parametrize("target", ["demo", "test"])
def test_the_two_commands_open_the_readme(readme: str, root: Path, target: str) -> None:
    assert f"make {target}" in readme[:600]
    assert re.search(rf"^{target}:", (root / "Makefile").read_text(), re.M)
