"""Options that several commands share, declared once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from tools.errors import InputError

Data = Annotated[Path, typer.Option("--data", metavar="WORKSPACE", help="The workspace folder.")]
Who = Annotated[str, typer.Option("--who", metavar="NAME", help="A person or team: name, part of it, e-mail or id.")]
PeriodText = Annotated[
    str, typer.Option("--period", metavar="PERIOD", help="2017-Q3, 2017-07, 2017, FY2018-Q1 or 2017-07-01..2017-09-30.")
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DAY", help="Report as of this day (default: today), as 2026-06-30.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
StoreData = Annotated[
    Path | None, typer.Option("--data", metavar="WORKSPACE", help="The workspace folder, which holds its drafts.")
]
StoreUrl = Annotated[
    str | None,
    typer.Option("--store", metavar="URL", help="A database for drafts instead: postgresql://host/name or sqlite:///…"),
]
DraftName = Annotated[
    str, typer.Argument(metavar="DRAFT", help='The beginning of its id, or a person and period: "Michael 2026-Q2".')
]


def as_of_day(text: str | None) -> date:
    """The day of `--as-of`, or today. Today is read here and nowhere else."""
    if text is None:
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f'"{text}" is not a day; write --as-of 2026-06-30.') from None
