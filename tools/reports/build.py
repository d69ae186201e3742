"""Reports computed: the metric layer over people, teams or the values of a column, for a period or its buckets.

    build_report(source, "quota_attainment", "2026-Q2", as_of=date(2026, 7, 5))              one row per person
    build_report(source, "deal_funnel", "2026-Q2", as_of=…, who="Michael")                   one row per stage
    build_report(source, "activities", "2026-Q2", as_of=…, by="total", every="week")         one row per week
    open_report(source, "deal_funnel", "2026-Q2", as_of=…, row="Proposal")                   the deals behind a figure

`source` is a workspace, a database kept open, or canonical tables as pandas frames; `.frame()` of the result is a
pandas frame again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from tools.database import Database
from tools.errors import InputError, NotFound, did_you_mean
from tools.metrics.catalogue import ROWS, metrics_of
from tools.metrics.engine import Engine
from tools.metrics.queries import names_in
from tools.organisation import Settings
from tools.periods import parse_period
from tools.reports.buckets import buckets_of, every_of
from tools.reports.cohorts import cohort_rows, followed_until, still_open
from tools.reports.columns import REPORT_ROWS
from tools.reports.lines import Lines
from tools.reports.listing import REPORTS
from tools.reports.model import Bucket, Report
from tools.reports.notes import notes_on
from tools.reports.opening import OpenedRow, open_row
from tools.reports.table import Line, ReportTable
from tools.reports.whom import subjects_of
from tools.tables import TABLES
from tools.workspace import Workspace

if TYPE_CHECKING:
    import pandas as pd

    Source = Workspace | Database | Mapping[str, pd.DataFrame]


# So many values are named where none has the one asked for.
_MOST_VALUES = 8


def find_report(name: str) -> Report:
    """The report of that name. Raises `NotFound` naming the nearest."""
    wanted = name.strip().lower().replace("-", "_").replace(" ", "_")
    found = next((report for report in REPORTS if report.name == wanted), None)
    if found is None:
        raise NotFound(f'There is no report "{name}". {did_you_mean(wanted, [report.name for report in REPORTS])}')
    return found


def build_report(
    source: Source,
    name: str,
    period: str,
    *,
    as_of: date,
    by: str | None = None,
    every: str | None = None,
    cumulative: bool = False,
    who: str | None = None,
    where: Sequence[tuple[str, str]] = (),
    date_of: str = "close",
    settings: Settings | None = None,
) -> ReportTable:
    """Compute a report. Raises `NotFound` for an unknown name or person, `InputError` for an impossible option.

    `by`: rep, team, total or a column of the records, as the report allows. `every`: week, month or quarter;
    `cumulative`: each of them from the period's beginning on. `who`: a person, a manager with their people, or a team.
    `where`: only the deals whose columns hold these values. `date_of`: deals closed in the period (close), or those
    created in it with what became of them by `as_of` (create).
    """
    options = {"by": by, "every": every, "cumulative": cumulative, "who": who, "where": where, "date_of": date_of}
    with _computed(source, name, period, as_of, settings, options) as computed:
        return computed.table


def open_report(
    source: Source,
    name: str,
    period: str,
    *,
    as_of: date,
    row: str,
    column: str | None = None,
    subject: str | None = None,
    settings: Settings | None = None,
    **options: Any,
) -> OpenedRow:
    """The records behind one figure of a report: of the row of those labels ("Proposal"; "Ann, 2026-05"), and the
    column of that id or label, else the report's main one. `subject` is the key of the person or team that the row is
    about, where several bear one name. `options` as for `build_report`.

    Raises `NotFound` for an unknown row or column, `InputError` where the report lists records itself.
    """
    with _computed(source, name, period, as_of, settings, options) as computed:
        if computed.lines is None:
            raise InputError(f"{computed.table.name} lists the records themselves; there is nothing to open.")
        return open_row(computed.lines, computed.table, row, column, subject)


@dataclass(frozen=True)
class _Computed:
    """A report while its database is still open. `lines` is None where it lists records."""

    table: ReportTable
    lines: Lines | None


@contextmanager
def _computed(
    source: Source, name: str, period: str, as_of: date, settings: Settings | None, options: Mapping[str, Any]
) -> Iterator[_Computed]:
    report, where = find_report(name), tuple(options.get("where") or ())
    if not isinstance(source, Workspace | Database):
        source = Workspace.of(source, settings)
    whole = parse_period(period, as_of=as_of, fiscal_year_start=source.settings.organisation.fiscal_year_start)
    by = options.get("by") or (report.by[0] if report.by else "total")
    if report.by and by not in report.splits:
        raise InputError(f"{report.name} cannot be split by {by}; it can by {', '.join(report.splits)}.")
    bucket: Bucket | None = every_of(options.get("every") or report.every)
    buckets = buckets_of(whole, bucket, bool(options.get("cumulative")))
    by_creation = _by_creation(options.get("date_of") or "close")
    with source.cursor() if isinstance(source, Database) else source.database() as database:
        _keep_deals(database, where)
        rows, followed = (*ROWS, *REPORT_ROWS), {}
        if by_creation:
            rows, followed = cohort_rows(rows, report), followed_until(whole, as_of)
        metrics, periods = metrics_of(source.settings), {"current": whole, **buckets, **followed}
        engine = Engine(database, whole, as_of, rows, metrics, periods)
        subjects = subjects_of(engine, by, options.get("who"))
        whom = subjects[-1].name if options.get("who") is not None else "everybody"
        about = f"{whole.label}: {', '.join([whom, *(f'{field} {value}' for field, value in where)])}"
        if report.listing is not None:
            engine.compute([], subjects[-1:])
            yield _Computed(_listed(engine, report, report.listing, about), None)
            return
        lines = Lines(engine, report, by, subjects, tuple(buckets), bucket)
        table = replace(lines.table(about), notes=tuple(notes_on(lines, bucket, [field for field, _ in where])))
        if by_creation:
            table = replace(table, notes=(*table.notes, *still_open(engine, subjects[-1], as_of)))
        yield _Computed(table, lines)


def _by_creation(date_of: str) -> bool:
    if date_of not in ("close", "create"):
        raise InputError(f'--date is close or create, not "{date_of}".')
    return date_of == "create"


def _keep_deals(database: Database, where: Sequence[tuple[str, str]]) -> None:
    """Let every figure see only the deals whose columns hold these values, whatever their case."""
    if not where:
        return
    columns = TABLES["deals"].column_names
    tests = []
    beside = "LEFT JOIN accounts a ON a.account_id = d.account LEFT JOIN products p ON p.product_id = d.product"
    for field, value in where:
        if field not in columns and field not in _NARROWED_BY:
            known = [*columns, *_NARROWED_BY]
            raise InputError(f'--where: deals have no column "{field}". {did_you_mean(field, known)}')
        cell = _NARROWED_BY.get(field, f'd."{field}"')
        cell = f"trim(CAST({cell} AS VARCHAR))"
        counted = f"SELECT {cell} AS value FROM deals d {beside} GROUP BY 1 ORDER BY count(*) DESC, 1"
        known = [found for (found,) in database.rows(counted) if found]
        if value.strip().lower() not in {found.lower() for found in known}:
            raise InputError(_no_such_value(field, value, known))
        tests.append(f"lower({cell}) = lower(trim(?))")
    database.narrow(
        "deals",
        f"SELECT d.* FROM all_rows d {beside} WHERE {' AND '.join(tests)}",
        [value for _, value in where],
    )


def _no_such_value(field: str, value: str, known: Sequence[str]) -> str:
    """That no deal has a value, and which there are: the nearest first, the others by how many deals have them."""
    if not known:
        return f"--where: no deal on record has a {field}."
    near = get_close_matches(value.strip().lower(), [each.lower() for each in known], n=_MOST_VALUES, cutoff=0.6)
    nearest = sorted(known, key=lambda each: near.index(each.lower()) if each.lower() in near else len(near))
    more = f" and {len(known) - _MOST_VALUES} more" if len(known) > _MOST_VALUES else ""
    return f'--where: no deal has {field} "{value}"; there are {", ".join(nearest[:_MOST_VALUES])}{more}.'


# What stands beside the deal: a segment that is not on it is its account's, and a product has a name for people.
_NARROWED_BY = {
    "segment": "coalesce(d.segment, a.segment)", "territory": "a.territory", "industry": "a.industry",
    "product": "coalesce(p.name, d.product)",
}  # fmt: skip


def _listed(engine: Engine, report: Report, listing: str, about: str) -> ReportTable:
    """A report that lists records."""
    if "deal_changes" not in engine.database.present:
        raise InputError("There is no deal history on record; import it for this report.")
    engine.relations.require(names_in(listing))
    cursor = engine.database.connection.execute(listing)
    titles = [column[0] for column in cursor.description]
    lines = tuple(Line(tuple("" if cell is None else str(cell) for cell in row), ()) for row in cursor.fetchall())
    return ReportTable(
        report.name, report.title, about, tuple(titles), (), lines, {}, (), None,
    )  # fmt: skip
