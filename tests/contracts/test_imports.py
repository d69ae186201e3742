"""Which room may lean on which: `tools` and `prompts` on nothing of ours, and so on outwards."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

OURS = ("tools", "prompts", "agent", "evals", "tests")
OUTERMOST = ("agent/cli/", "agent/web/")
HOMES = {
    "langchain": ("agent/models/", "agent/chat/", "evals/judges/"),
    "langchain_core": ("agent/models/", "agent/chat/", "evals/judges/"),
    "langchain_openai": ("agent/models/", "agent/chat/", "evals/judges/"),
    "langgraph": ("agent/models/", "agent/chat/", "evals/judges/"),
    "openai": ("agent/models/", "agent/chat/", "evals/judges/"),
    "duckdb": ("tools/",),
    "pyarrow": ("tools/distributed/",),
    "pyspark": ("tools/distributed/",),
}


def _modules(root: Path) -> list[Path]:
    return [path for room in OURS[:4] for path in sorted((root / room).rglob("*.py"))]


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module is not None and node.level == 0:
            yield node.lineno, node.module


def _allowed(place: str, module: str) -> bool:
    top = module.split(".")[0]
    room = place.split("/")[0]
    if top in HOMES:
        return place.startswith(HOMES[top])
    if top not in OURS or top == room:
        return top != "tests"
    if room in ("tools", "prompts"):
        return False
    if room == "agent":
        return top in ("tools", "prompts") or (top == "evals" and place.startswith(OUTERMOST))
    if place.startswith(("evals/checks/", "evals/reading/")):
        return top == "tools" or module == "agent.draft"
    return top in ("tools", "prompts", "agent")


def test_every_import_leans_the_right_way(root: Path) -> None:
    wrong = [
        f"{place}:{line} imports {module}"
        for path in _modules(root)
        for place in [path.relative_to(root).as_posix()]
        for line, module in _imports(path)
        if not _allowed(place, module)
    ]
    assert wrong == []


def test_the_environment_is_read_in_one_module(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)}:{node.lineno}"
        for path in _modules(root)
        if path.relative_to(root).as_posix() != "agent/settings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv", "environb")
    ]
    assert wrong == []


@pytest.mark.parametrize("module", ["utils", "helpers", "misc", "common"])
def test_everything_has_a_home(root: Path, module: str) -> None:
    assert [path for path in _modules(root) if path.stem == module] == []
