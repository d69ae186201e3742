"""`salesbrief facts`: the fact sheet of a person, a team or everybody."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, AsOf, Data, PeriodText, as_of_day
from tools.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tools.facts import Fact, FactSheet
    from tools.workspace import Workspace

# Where no terminal says how wide it is, nothing need be left out.
_PIPED = 1000


def facts(
    data: Data,
    period: PeriodText,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help="A person or team.")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="Everybody active in the period.")] = False,
    as_of: AsOf = None,
    spark: Annotated[
        str | None,
        typer.Option("--spark", metavar="MASTER", help="Compute on Spark: local[4], spark://host:7077, yarn …"),
    ] = None,
    json: AsJson = False,
) -> None:
    """Compute the fact sheet: every metric the data allow, and for the others what is missing."""
    from agent.cli.output import print_json
    from prompts.loader import PromptSet
    from tools.metrics.build import build_all, build_facts, require_records
    from tools.workspace import Workspace

    if everybody == (who is not None):
        raise InputError("Say whose facts: --who NAME for one person or team, or --all for everybody.")
    workspace, day, kpis = Workspace.open(data), as_of_day(as_of), PromptSet.load().kpis()
    if spark is not None:
        sheets = _by_spark(spark, workspace, who, period, day, kpis)
    elif who is not None:
        sheets = [build_facts(workspace, who, period, as_of=day, kpis=kpis)]
    else:
        sheets = build_all(workspace, period, as_of=day, kpis=kpis)
    if who is not None:
        require_records(sheets[0])
    if json and who is not None:
        print_json(sheets[0].model_dump(mode="json"))
    elif json:
        for sheet in sheets:
            print(sheet.model_dump_json())
    else:
        width = shutil.get_terminal_size((_PIPED, 0)).columns
        print("\n\n".join(sheet_text(sheet, width) for sheet in sheets))


def _by_spark(
    master: str, workspace: Workspace, who: str | None, period: str, as_of: date, kpis: Mapping[str, Sequence[str]]
) -> list[FactSheet]:
    from tools.distributed.session import require_spark, start_session

    require_spark()
    from tools.distributed.build import build_many

    session = start_session(master)
    try:
        return build_many(session, workspace, None if who is None else [who], period, as_of=as_of, kpis=kpis)
    finally:
        session.stop()


def sheet_text(sheet: FactSheet, width: int = _PIPED) -> str:
    """A fact sheet for people, `width` columns wide where that can be.

    A table of figures, then what could not be computed and what is odd about the data.
    """
    from agent.cli.output import columns
    from agent.naming import date_range, period_name
    from tools.quantities import display

    def cell(fact: Fact, value: float | None) -> str:
        if value is None:
            return "–"
        kind = fact.unit.split(":")[0]
        text = display(value, fact.unit, exact=kind == "currency", extra=1).text
        return f"{text}×" if kind == "multiple" else f"{text} {kind}" if kind in ("days", "hours", "minutes") else text

    def value(fact: Fact) -> str:
        return cell(fact, fact.value) + (" (partial)" if fact.partial else "")

    def prior(fact: Fact) -> str:
        return cell(fact, fact.prior) + (" (partial)" if fact.prior_partial and fact.prior is not None else "")

    rows = [
        (
            f"{'* ' if fact.key else '  '}{fact.label}", value(fact), cell(fact, fact.target), prior(fact),
            cell(fact, fact.year_ago), cell(fact, fact.team), "short" if fact.key and fact.weak else "", fact.id,
        )
        for fact in sheet.facts
    ]  # fmt: skip
    header = ("  metric", "value", "target", "prior", "year ago", _compared(sheet), "", "id")
    figures = columns(header, rows, right=frozenset({1, 2, 3, 4, 5}))
    if max(map(len, figures.splitlines())) > width:
        # Labels serve as well as ids where the terminal has no room for both.
        figures = columns(header[:-1], [row[:-1] for row in rows], right=frozenset({1, 2, 3, 4, 5}))
    title = f"{sheet.person}, {sheet.role.replace('_', ' ')}: {period_name(sheet.period)}"
    lines = [f"{title} ({date_range(sheet.start, sheet.end)}{', to date' if sheet.to_date else ''})", ""]
    lines.append(figures)
    if sheet.absent:
        lines += ["", "Not computed:", *_not_computed(sheet)]
    noted: dict[str, list[str]] = {}
    for fact in sheet.facts:
        for note in fact.notes:
            noted.setdefault(note, []).append(fact.label)
    if noted:
        lines += ["", "About the figures:", *(f"  {', '.join(labels)}: {note}" for note, labels in noted.items())]
    if sheet.quality:
        lines += ["", "About the data:", *[f"  {line}" for line in sheet.quality]]
    return "\n".join(lines)


def _compared(sheet: FactSheet) -> str:
    """What the figures are compared with: colleagues of the same role and segment, and how many they are."""
    sizes = {fact.team_size for fact in sheet.facts if fact.team is not None and fact.team_size is not None}
    return f"like colleagues ({sizes.pop()})" if len(sizes) == 1 else "like colleagues"


def _not_computed(sheet: FactSheet) -> list[str]:
    """One line for each reason, with the metrics that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for absent in sheet.absent:
        by_reason.setdefault(absent.reason, []).append(absent.id)
    return [f"  {', '.join(ids)}: {reason}" for reason, ids in by_reason.items()]
