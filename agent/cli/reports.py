"""`salesbrief report`: the reports that CRM users know, as tables, pictures and data."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from agent.cli.options import AsJson, AsOf, as_of_day
from tools.errors import InputError

if TYPE_CHECKING:
    from tools.reports.opening import OpenedRow
    from tools.reports.table import Line, ReportTable

_BAR = 20


def report(
    name: Annotated[
        str | None, typer.Argument(help="Which report, or a saved one; without it they are listed.")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="WORKSPACE", help="The workspace folder.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", metavar="PERIOD", help="2017-Q3, 2017-07, 2017 or 2017-07-01..2017-09-30.")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help="What the rows are: rep, team, total, source, product, segment, stage …")
    ] = None,
    every: Annotated[str | None, typer.Option("--every", help="One row per week, month or quarter.")] = None,
    cumulative: Annotated[bool, typer.Option("--cumulative", help="Each row from the period's beginning on.")] = False,
    who: Annotated[str | None, typer.Option("--who", metavar="NAME", help="A person, or a manager's people.")] = None,
    team: Annotated[str | None, typer.Option("--team", metavar="TEAM", help="A team.")] = None,
    pipeline: Annotated[str | None, typer.Option("--pipeline", help="Only the deals of this pipeline.")] = None,
    where: Annotated[
        list[str] | None, typer.Option("--where", metavar="FIELD=VALUE", help="Only deals with this value; repeatable.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", help="close: deals closed in the period; create: those created in it.")
    ] = None,
    as_of: AsOf = None,
    records: Annotated[
        str | None, typer.Option("--records", metavar="ROW", help="Open a row's figure to the records behind it.")
    ] = None,
    column: Annotated[
        str | None, typer.Option("--column", metavar="COLUMN", help="Which figure of the row; without it the main one.")
    ] = None,
    save: Annotated[str | None, typer.Option("--save", metavar="NAME", help="Keep these options under a name.")] = None,
    json: AsJson = False,
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    png: Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw the main figure into FILE.")] = None,
) -> None:
    """Show a report; without a name, list the reports with what each shows and why it matters."""
    from agent.cli.output import print_json

    if name is None:
        print(_listing())
        return
    if data is None:
        raise InputError("Say which workspace: --data WORKSPACE.")
    given = {
        "report": name, "period": period, "by": by, "every": every, "cumulative": cumulative or None,
        "who": who or team, "date_of": date,
        "where": [*(where or ()), *([f"pipeline={pipeline}"] if pipeline else [])] or None,
    }  # fmt: skip
    if who is not None and team is not None:
        raise InputError("Give --who or --team, not both.")
    given = {key: value for key, value in given.items() if value is not None}
    if records is not None:
        opened = _opened(data, given, as_of, records, column)
        if json:
            print_json(opened.to_dict())
        else:
            print(opened.csv().rstrip() if csv else opened.render(_cell(opened.value, opened.column.unit)))
        return
    table = _computed(data, given, as_of, save)
    if png is not None:
        from tools.reports.picture import write_png

        write_png(table, png)
    if json:
        print_json(table.to_dict())
    elif csv:
        sys.stdout.write(table.csv())
    elif png is None:
        print(report_text(table, bars=sys.stdout.isatty()))


def _computed(data: Path, given: dict, as_of: str | None, save: str | None) -> ReportTable:
    from tools.reports.build import build_report
    from tools.reports.saved import write_saved
    from tools.workspace import Workspace

    workspace, options = Workspace.open(data), _options(data, given)
    if save is not None:
        write_saved(data, save, options)
    return build_report(workspace, as_of=as_of_day(as_of), **_arguments(options))


def _opened(data: Path, given: dict, as_of: str | None, row: str, column: str | None) -> OpenedRow:
    from tools.reports.build import open_report
    from tools.workspace import Workspace

    arguments = _arguments(_options(data, given))
    return open_report(Workspace.open(data), as_of=as_of_day(as_of), row=row, column=column, **arguments)


def _options(data: Path, given: dict) -> dict:
    """The options of a report as they may be saved: those saved under its name, and over them what was typed."""
    from tools.reports.saved import read_saved

    options = {**read_saved(data, given["report"]), **{key: value for key, value in given.items() if key != "report"}}
    if "period" not in options:
        raise InputError("Say which period: --period 2026-Q2.")
    return options


def _arguments(options: dict) -> dict:
    where = tuple(_pair(text) for text in options.get("where", ()))
    kept = {key: value for key, value in options.items() if key != "report"}
    return {**kept, "name": options["report"], "where": where}


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise InputError(f'"{text}" is no test; write --where segment=smb.')
    return field.strip(), value


def _listing() -> str:
    from agent.cli.output import columns
    from tools.reports.listing import REPORTS

    rows = [(each.name, each.shows, ", ".join(each.by) or "–", each.why) for each in REPORTS]
    return columns(("report", "shows", "by", "why it matters"), rows)


def report_text(table: ReportTable, *, bars: bool) -> str:
    """A report for people: aligned figures, with bars beside the main one where asked for."""
    from agent.cli.output import columns

    drawn = [n for n, each in enumerate(table.columns) if each.key == table.picture] if bars else []
    header = [*table.dimensions, *(each.label for each in table.columns), *("" for _ in drawn)]
    largest = max((abs(line.values[n]) for n in drawn for line in table.lines if _counts(line, n)), default=0)
    rows = [
        [
            *line.labels,
            *(
                _cell(value, each.unit) + (" *" if each.key in line.otherwise else "")
                for value, each in zip(line.values, table.columns, strict=True)
            ),
            *(_bar(float(abs(line.values[n])) / float(largest)) if largest and _counts(line, n) else "" for n in drawn),
        ]
        for line in table.lines
    ]
    first = len(table.dimensions)
    right = frozenset(range(first, first + len(table.columns)))
    lines = [f"{table.title}: {table.about}", ""]
    lines.append(columns(header, rows, right=right) if rows else "Nothing on record.")
    labels = {each.key: each.label for each in table.columns}
    if table.absent:
        alike: dict[str, list[str]] = {}
        for key, reason in table.absent.items():
            alike.setdefault(reason, []).append(labels[key])
        lines += ["", *(f"{', '.join(names)}: not computed, {reason}" for reason, names in alike.items())]
    if table.notes:
        lines += ["", *table.notes]
    return "\n".join(lines)


def _counts(line: Line, column: int) -> bool:
    return line.values[column] is not None and not line.total


def _bar(share: float) -> str:
    """A bar of eighths of a character."""
    eighths = round(share * _BAR * 8)
    return "█" * (eighths // 8) + ("▏▎▍▌▋▊▉"[eighths % 8 - 1] if eighths % 8 else "")


def _cell(value: object, unit: str) -> str:
    from tools.quantities import display

    if value is None:
        return "–"
    kind = unit.split(":")[0]
    text = display(value, unit, exact=kind == "currency", extra=1).text  # type: ignore[arg-type]
    return f"{text}×" if kind == "multiple" else text
