"""Exports of a few rows, written where a test can read them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from tools.sources.report import Report


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Write files (name → text or bytes) into a folder and return it."""

    def write(files: dict[str, str | bytes]) -> Path:
        folder = tmp_path / "export"
        for name, content in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(dedent(content).lstrip("\n").encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def notes_of() -> Callable[[Report], list[tuple[str, str | None, int]]]:
    """The report's notes as (kind, column, count), without what is merely information."""

    def listed(report: Report) -> list[tuple[str, str | None, int]]:
        return [(note.kind, note.column, note.count) for note in report.notes if note.kind != "info"]

    return listed
