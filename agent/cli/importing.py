"""`salesbrief import`: read an export into a layer of a workspace, and say what was wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson


def import_(
    source: Annotated[Path, typer.Argument(help="The export: a folder or a file.")],
    kind: Annotated[str, typer.Option("--from", metavar="KIND", help="csv, hubspot, salesforce, mapped or notes.")],
    into: Annotated[Path, typer.Option("--into", metavar="WORKSPACE", help="The workspace folder; made if missing.")],
    mapping: Annotated[
        str | None,
        typer.Option("--mapping", metavar="NAME|FILE", help="A shipped mapping (maven, zoho …) or a TOML file."),
    ] = None,
    layer: Annotated[
        str | None, typer.Option("--as", metavar="LAYER", help="Name of the layer that this import replaces.")
    ] = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="The organisation's time zone, at the first import (default UTC).")
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", help="The organisation's currency, at the first import (default USD).")
    ] = None,
    date_order: Annotated[
        str | None,
        typer.Option("--date-order", help="dmy or mdy, where a column of dates reads either way."),
    ] = None,
    decimal: Annotated[str | None, typer.Option("--decimal", help="The decimal mark, . or , where unclear.")] = None,
    json: AsJson = False,
) -> None:
    """Read an export into a workspace: its own layer is replaced, everything else stays."""
    from agent.cli.output import print_json
    from tools.importing import import_source

    outcome = import_source(
        source,
        kind,
        into,
        mapping=mapping,
        layer=layer,
        zone=zone,
        currency=currency,
        date_order=date_order,
        decimal=decimal,
    )
    if json:
        print_json(outcome.report)
        return
    print(outcome.text)
    if outcome.proposed:
        print(f"\nProposed {into / 'workspace.toml'}: look through it, it is yours from now on.")
    print(f'Layer "{outcome.layer}" {"is in place" if outcome.changed else "was up to date already"}.')
