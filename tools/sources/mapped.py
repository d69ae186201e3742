"""`--from mapped --mapping NAME|FILE`: any CSV export, through a mapping that ops can write without code."""

from __future__ import annotations

from pathlib import Path

from tools.errors import InputError
from tools.sources.assemble import assemble
from tools.sources.files import read_folder
from tools.sources.mapping import load_mapping, shipped_mappings
from tools.sources.reading import ReadContext, Reading


def read_mapped(path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read an export as its mapping says. Raises `InputError` or `NotFound` for the mapping or the files."""
    if mapping is None:
        raise InputError(f"--from mapped needs --mapping with {', '.join(shipped_mappings())} or a TOML file.")
    loaded = load_mapping(mapping)
    return assemble(loaded, read_folder(path), context, f"mapped:{loaded.name}")
