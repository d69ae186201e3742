"""Progress on a terminal, one line that is rewritten; silence where output is not a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

_MARKS = {"writing": "…", "repairing": "↻", "done": "✓", "composed": "✓ (composer)", "kept": "✗ (old text)"}


@contextmanager
def section_progress(stream: TextIO = sys.stderr) -> Iterator[Callable[[str, str], None]]:
    """A callback that shows each section's state on `stream`."""
    states: dict[str, str] = {}

    def show(section: str, state: str) -> None:
        states[section] = state
        text = "  ".join(f"{name} {_MARKS[mark]}" for name, mark in states.items())
        stream.write(f"\r\x1b[2K{text}")
        stream.flush()

    if not stream.isatty():
        yield lambda section, state: None
        return
    try:
        yield show
    finally:
        if states:
            stream.write("\r\x1b[2K")
            stream.flush()


@contextmanager
def counting_progress(stream: TextIO, what: str) -> Iterator[Callable[[int, int, str], None]]:
    """A callback that shows "12 of 45 drafts" on `stream`."""
    if not stream.isatty():
        yield lambda done, of, label: None
        return

    def show(done: int, of: int, label: str) -> None:
        stream.write(f"\r\x1b[2K{done} of {of} {what}  {label}")
        stream.flush()

    try:
        yield show
    finally:
        stream.write("\r\x1b[2K")
        stream.flush()
