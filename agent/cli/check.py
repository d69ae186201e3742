"""`salesbrief check`: what is wrong with a draft, anyone's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.options import AsJson


def check(
    draft: Annotated[Path, typer.Argument(help="The draft, as Markdown.")],
    facts: Annotated[
        Path | None, typer.Option("--facts", metavar="FACTS.json", help="A fact sheet, or any object with `facts`.")
    ] = None,
    evidence: Annotated[
        Path | None, typer.Option("--evidence", metavar="EVIDENCE.json", help="Notes, if the fact sheet holds none.")
    ] = None,
    lang: Annotated[str | None, typer.Option("--lang", help="en, pl, sv, ar or da; default: as the facts say.")] = None,
    json: AsJson = False,
) -> None:
    """Find what is wrong with a draft: vague words, missing targets, buried weak results and ten further mistakes."""
    from agent.cli.output import print_json, read_json, read_text
    from evals.checking import check_draft, findings_text

    result = check_draft(
        read_text(draft),
        read_json(facts) if facts is not None else None,
        read_json(evidence) if evidence is not None else None,
        lang,
    )
    if json:
        print_json(result)
    else:
        print(findings_text(result))
    if any(finding["severity"] == "hard" for finding in result["findings"]):
        raise typer.Exit(1)
