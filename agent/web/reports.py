"""Report pages: the list of them, and each at a stable address that says what it shows.

    /reports/NAME?period=2026-Q2&who=…|team=…&by=rep&every=month&where=segment=smb     a picture, a table, the options
    /reports/NAME.csv, /reports/NAME.json                                             the same rows for machines
    /reports/NAME/records?…&row=…&column=…                                            one number opened to its records

Whom a report is about is asked of `agent.access` before anything is computed, and rows of people whom the reader may
not see are left out of all four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from agent.access import EVERYBODY_KEY, Access
from agent.web.pages import page
from agent.web.periods import offered_periods
from agent.web.site import Site, site_of, viewer_of
from tools.charts.building import of_report, printed
from tools.errors import InputError, NotFound
from tools.metrics.records import plain
from tools.periods import Period
from tools.reports.buckets import cut_buckets, every_of
from tools.reports.build import find_report
from tools.reports.listing import REPORTS
from tools.reports.model import Report
from tools.reports.table import Figure, Line, ReportTable
from tools.tables import TABLES

_MOST_ROWS = 300
_EVERY = ("week", "month", "quarter")
_TEAM = "team:"
# Spreadsheets take a cell that begins so for a formula, and names come from the CRM.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Asked:
    """What an address asks for, once it is known that the viewer may see it. `key` is whom the whole is about."""

    report: Report
    period: Period
    key: str
    name: str
    by: str | None
    every: str | None
    cumulative: bool
    date_of: str
    where: tuple[tuple[str, str], ...]

    @property
    def options(self) -> dict[str, Any]:
        """As `build_report` takes them."""
        return {
            "by": self.by, "every": self.every, "cumulative": self.cumulative, "where": self.where,
            "date_of": self.date_of,
        }  # fmt: skip

    def query(self, **more: str) -> str:
        """The query of this address; what is usual is left out."""
        pairs = [("period", self.period.label)]
        if self.key.startswith(_TEAM):
            pairs.append(("team", self.key.removeprefix(_TEAM)))
        else:
            pairs.append(("who", self.key))
        pairs += [(name, value) for name in ("by", "every") if (value := getattr(self, name)) is not None]
        pairs += [("cumulative", "1")] if self.cumulative else []
        pairs += [("date", self.date_of)] if self.date_of != "close" else []
        pairs += [("where", f"{field}={value}") for field, value in self.where]
        return urlencode([*pairs, *more.items()])

    def address(self, **more: str) -> str:
        return f"/reports/{self.report.name}?{self.query(**more)}"


def listed(request: Request) -> Response:
    """Every report, with what it shows and why it matters."""
    return page(request, "reports.html", here="Reports", reports=REPORTS)


def show(request: Request) -> Response:
    """One report."""
    site, access = site_of(request), _access(request)
    asked = _asked(request, access)
    table = _table(site, access, asked)
    opened = Opened(asked, table)
    return page(
        request, "report.html", here="Reports", asked=asked, table=table, rows=opened.rows(),
        chart=of_report(table, cut=_cut(asked)), choices=access.choices(asked.period),
        periods=_periods(site, asked.period.label), every=_EVERY, more=max(0, len(table.lines) - _MOST_ROWS),
        fields=TABLES["deals"].column_names,
    )  # fmt: skip


def download(request: Request) -> Response:
    """A report's rows as CSV or JSON."""
    access = _access(request)
    asked, form = _asked(request, access), request.path_params["form"]
    table = _table(site_of(request), access, asked)
    name = f"{asked.report.name}-{asked.period.label}".replace("..", "-to-")
    if form == "json":
        return JSONResponse(table.to_dict(), headers=_attached(f"{name}.json"))
    if form != "csv":
        raise NotFound("A report can be had as csv or json.")
    return Response(
        _harmless(table).csv(), media_type="text/csv; charset=utf-8", headers=_attached(f"{name}.csv")
    )  # fmt: skip


def records(request: Request) -> Response:
    """One number of a report: what it means, the numbers in it, and the records behind it."""
    site, access = site_of(request), _access(request)
    asked, row = _asked(request, access), request.query_params.get("row", "")
    table = _table(site, access, asked)
    subject = request.query_params.get("of") or None
    line = next((each for each in table.lines if _is(each, row, subject)), None)
    figure = next((each for each in table.columns if each.key == request.query_params.get("column", "")), None)
    whole = _computed(site, asked)
    # Two people may bear one name: what is opened by it is nobody's but whom the viewer may see.
    if line is None or figure is None or sum(_is(each, row, subject) for each in whole.lines) != 1:
        raise NotFound("There is no such figure that you may see.")
    found = site.office.facts.report_row(
        asked.report.name, asked.key, asked.period.label, site.office.today(), row=row, column=figure.key,
        subject=subject, **asked.options,
    )  # fmt: skip
    value = None if found.value is None else printed(found.value, figure.unit, exact=True)
    names, common = _columns(found.records)
    return page(
        request, "report_figure.html", here="Reports", asked=asked, row=row, figure=figure, value=value, found=found,
        numbers=[(name, _plain(number)) for name, number in found.numbers.items()], names=names, common=common,
        rows=[[_plain(record.get(name)) for name in names] for record in found.records],
    )  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One cell as it is printed; `opens` is the address of its records, or of the row's own report."""

    text: str
    opens: str | None = None


@dataclass(frozen=True)
class Opened:
    """A table's rows as a page shows them."""

    asked: Asked
    table: ReportTable

    def rows(self) -> list[tuple[list[Shown], list[Shown], bool]]:
        return [(self._labels(line), self._values(line), line.total) for line in self.table.lines[:_MOST_ROWS]]

    def _labels(self, line: Line) -> list[Shown]:
        """The labels; a person or team opens its own report."""
        shown = [Shown(label.replace("_", " ") if self._by_step else label) for label in line.labels]
        if shown and line.subject is not None and line.subject != self.asked.key and not line.total:
            shown[0] = replace(shown[0], opens=replace(self.asked, key=line.subject).address())
        return shown

    def _values(self, line: Line) -> list[Shown]:
        return [
            Shown("–" if value is None else printed(value, figure.unit, exact=True), self._opens(line, figure))
            for figure, value in zip(self.table.columns, line.values, strict=True)
        ]

    def _opens(self, line: Line, figure: Figure) -> str | None:
        """Where a figure's records are. A total is opened as a row of its own, since a person may bear its name."""
        if figure.key in self.table.absent:
            return None
        asked, row, of = self.asked, _named(line), {}
        if line.total:
            asked, row = replace(asked, by="total"), line.labels[-1]
        elif sum(_named(each) == row for each in self.table.lines) > 1:
            # By its name alone it would be anybody's.
            if line.subject is None or sum(_is(each, row, line.subject) for each in self.table.lines) > 1:
                return None
            of = {"of": line.subject}
        return f"/reports/{asked.report.name}/records?{asked.query(row=row, column=figure.key, **of)}"

    @property
    def _by_step(self) -> bool:
        return self.table.dimensions[:1] == ("step",)


def _access(request: Request) -> Access:
    return site_of(request).access(viewer_of(request))


def _asked(request: Request, access: Access) -> Asked:
    """What the address asks for. Raises the same `NotFound` for whom there is not and who may not be seen."""
    site, query = site_of(request), request.query_params
    report = find_report(request.path_params["name"])
    period = site.office.period(query.get("period") or None)
    who, team = query.get("who", "").strip(), query.get("team", "").strip()
    if who and team:
        raise InputError("Ask for a person or for a team, not for both.")
    key = access.find(_TEAM + team if team else who or _usual(access, period), period)
    every = query.get("every") or None
    if every is not None and every not in _EVERY:
        raise InputError(f"Rows can be had for every {', '.join(_EVERY)}.")
    return Asked(
        report, period, key, access.name_of(key), query.get("by") or None, every, query.get("cumulative") == "1",
        query.get("date") or "close", tuple(_pair(text) for text in query.getlist("where") if text.strip()),
    )  # fmt: skip


def _usual(access: Access, period: Period) -> str:
    """Whom a report is about when nobody is named: the most that the viewer may see at once."""
    choices = {each.kind: each for each in access.choices(period)[::-1]}
    found = choices.get("everybody") or choices.get("self") or choices.get("person")
    if found is None:
        raise NotFound(f"There is nobody whose figures of {period.label} you may see.")
    return found.key


def _computed(site: Site, asked: Asked) -> ReportTable:
    return site.office.facts.report(
        asked.report.name, asked.key, asked.period.label, site.office.today(), **asked.options
    )  # fmt: skip


def _table(site: Site, access: Access, asked: Asked) -> ReportTable:
    """The report with the rows that the viewer may see."""
    if asked.key == EVERYBODY_KEY or access.may_see(asked.key, asked.period):
        return access.rows_of(_computed(site, asked), asked.period)
    raise AssertionError("whoever asks was found by what they may see")


def _cut(asked: Asked) -> tuple[str, ...]:
    """The buckets that lie only partly within the period."""
    every = asked.every or asked.report.every
    return () if every is None else tuple(cut_buckets(asked.period, every_of(every)))


def _periods(site: Site, label: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods to pick from, the one shown among them."""
    offered = offered_periods(site.office.usual_period)
    known = {each for _, kind in offered for each, _ in kind}
    return offered if label in known else [("Shown", [(label, label)]), *offered]


def _pair(text: str) -> tuple[str, str]:
    field, equals, value = text.partition("=")
    if not equals:
        raise InputError(f'"{text}" is no test; write where=segment=smb.')
    return field.strip(), value.strip()


def _named(line: Line) -> str:
    return ", ".join(line.labels)


def _is(line: Line, row: str, subject: str | None) -> bool:
    """Whether it is the line of those labels, and about that person or team where one is given."""
    return _named(line) == row and subject in (None, line.subject)


def _plain(value: Any) -> str:
    number = plain(value)
    return "–" if number is None else f"{number:,}" if isinstance(number, int | float) else str(number)


def _columns(records: Sequence[dict[str, Any]]) -> tuple[list[str], list[tuple[str, str]]]:
    """The columns that tell records apart, the first always among them, and what all of them have in common."""
    names = list(dict.fromkeys(name for record in records for name in record))
    same = [name for name in names[1:] if len(records) > 1 and len({_plain(each.get(name)) for each in records}) == 1]
    return [name for name in names if name not in same], [(name, _plain(records[0].get(name))) for name in same]


def _harmless(table: ReportTable) -> ReportTable:
    """Labels that no spreadsheet takes for a formula."""
    lines = (
        replace(line, labels=tuple(f"'{label}" if label.startswith(_FORMULAS) else label for label in line.labels))
        for line in table.lines
    )
    return replace(table, lines=tuple(lines))


def _attached(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}


ROUTES = (
    Route("/reports", listed, name="reports"),
    Route("/reports/{name}.{form}", download, name="report_download"),
    Route("/reports/{name}/records", records, name="report_records"),
    Route("/reports/{name}", show, name="report"),
)
