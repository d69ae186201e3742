"""`salesbrief schema`: the documented JSON forms and the canonical tables."""

from __future__ import annotations

from typing import Annotated

import typer

from tools.errors import NotFound, did_you_mean

# Formats that people write, as the readers' own first lines describe them.
FORMATS = {"mapping": "tools.sources.mapping", "notes": "tools.sources.notes"}
SCHEMAS = {
    "fact": "tools.facts:Fact",
    "facts": "tools.facts:FactSheet",
    "draft": "agent.draft:Draft",
    "settings": "tools.organisation:Settings",
}


def schema(
    name: Annotated[str, typer.Argument(help="fact, facts, draft, settings, tables, mapping or notes.")] = "facts",
) -> None:
    """Print a JSON schema (fact, facts, draft, settings), the canonical tables, or how mappings and notes look."""
    from importlib import import_module

    from agent.cli.output import print_json

    if name == "tables":
        print(tables_text())
        return
    if name in FORMATS:
        print((import_module(FORMATS[name]).__doc__ or "").strip())
        return
    if name not in SCHEMAS:
        raise NotFound(f'There is no schema "{name}". {did_you_mean(name, [*SCHEMAS, *FORMATS, "tables"])}')
    module, _, attribute = SCHEMAS[name].partition(":")
    # Settings are read; the others are printed, with what is computed while that is done.
    mode = "validation" if name == "settings" else "serialization"
    print_json(getattr(import_module(module), attribute).model_json_schema(mode=mode))


def tables_text() -> str:
    """Every canonical table: columns, types, meaning, and what an empty cell means."""
    from agent.cli.output import columns
    from tools.tables import TABLES

    parts = []
    for table in TABLES.values():
        rows = [
            (
                f"{column.name}{' *' if column.required else ''}",
                column.type,
                column.meaning + (f" ({', '.join(column.choices)})" if column.choices else ""),
                "refused" if column.required else column.empty,
            )
            for column in table.columns
        ]
        parts.append(f"{table.name}: {table.meaning}\n\n" + columns(("column", "type", "meaning", "empty means"), rows))
    return "\n\n\n".join(parts) + "\n\n* required"
