"""What commands print: aligned columns for people, JSON for machines, and files that are whole or not there."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tools.errors import InputError
from tools.files import write_whole


def columns(header: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()) -> str:
    """Text in aligned columns; `right` names the columns of figures."""
    table = [list(header), *[list(row) for row in rows]]
    widths = [max(_width(row[index]) for row in table) for index in range(len(header))]
    lines = []
    for number, row in enumerate(table):
        cells = [_pad(cell, widths[index], index in right) for index, cell in enumerate(row)]
        lines.append("  ".join(cells).rstrip())
        if number == 0:
            lines.append("  ".join("─" * width for width in widths))
    return "\n".join(lines)


def print_json(value: Any) -> None:
    """One JSON document, readable and in the characters as they are."""
    print(json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, default=str))


def deliver(text: str, out: Path | None) -> None:
    """Print the text, or write it whole to `out`."""
    if out is None:
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
    else:
        write_whole(out, text if text.endswith("\n") else text + "\n")


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _pad(text: str, width: int, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def read_text(path: Path) -> str:
    """A file's text. Raises `InputError` where it cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else (error.strerror or "cannot be read")
        raise InputError(f"{path}: {reason}; give a readable text file.") from None


def read_json(path: Path) -> Any:
    """A file's JSON. Raises `InputError` naming line and problem."""
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}, line {error.lineno}: {error.msg}; the file must be JSON.") from None
