"""Finding a sheet's columns by name, however the export spells them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from fnmatch import fnmatch
from pathlib import PurePosixPath

from tools.sources.files import Sheet


def header_key(title: str) -> str:
    """A header without case, spaces and punctuation: "Record ID", "record_id" and "RecordId" are one."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title).casefold())


def find_column(sheet: Sheet, name: str) -> str | None:
    """The sheet's own spelling of a column; an exact match goes before a loose one."""
    if name in sheet.frame.columns:
        return name
    key = header_key(name)
    return next((title for title in sheet.frame.columns if header_key(title) == key), None)


def has_headers(sheet: Sheet, groups: Iterable[Iterable[str]]) -> bool:
    """Whether at least one header of every group is there."""
    keys = {header_key(title) for title in sheet.frame.columns}
    return all(any(header_key(name) in keys for name in group) for group in groups)


def matches_name(sheet: Sheet, patterns: Iterable[str]) -> bool:
    """Whether a sheet's file name, or path in the folder, fits one of the patterns with *."""
    path = PurePosixPath(sheet.name.lower())
    return any(fnmatch(path.as_posix(), p.lower()) or fnmatch(path.name, p.lower()) for p in patterns)
