"""Where records come from: `SOURCES` lists every kind of export; `read_source` reads one into canonical tables."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import NotFound, did_you_mean

if TYPE_CHECKING:
    from tools.sources.reading import ReadContext, Reading

# Name on the command line → function(path, context, mapping); imported only when chosen.
SOURCES: dict[str, str] = {
    "csv": "tools.sources.canonical_csv:read_canonical",
    "hubspot": "tools.sources.hubspot:read_hubspot",
    "salesforce": "tools.sources.salesforce:read_salesforce",
    "mapped": "tools.sources.mapped:read_mapped",
    "notes": "tools.sources.notes:read_notes",
}


def read_source(kind: str, path: Path, context: ReadContext, mapping: str | None = None) -> Reading:
    """Read an export of the given kind (a key of `SOURCES`).

    Raises `NotFound` for an unknown kind or path, `InputError` for files that cannot be used.
    """
    if kind not in SOURCES:
        raise NotFound(f'There is no source "{kind}". {did_you_mean(kind, list(SOURCES))}')
    module, _, function = SOURCES[kind].partition(":")
    return getattr(import_module(module), function)(path, context, mapping)
