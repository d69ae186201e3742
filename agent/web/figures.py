"""A figure opened: in the drawer beside the page it stands on, or at a stable address of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from agent.chat.answer import Block, SheetOf
from agent.chat.opening import why_of
from agent.chat.rows import one_record
from agent.chat.view import View, metric_label
from agent.store.conversations import Conversation
from agent.web.addresses import Source, figure_address
from agent.web.pages import page
from agent.web.rendering import Reader, block_html
from agent.web.shown import key_of, visible_version
from agent.web.site import site_of, viewer_of
from tools.errors import InputError, NotFound
from tools.facts import Absent, Fact

if TYPE_CHECKING:
    from agent.chat.desk import Desk

# More records than this are left to the terminal: a page of them is read by nobody.
_MOST_RECORDS = 500


@dataclass(frozen=True)
class Asked:
    """The sheet that a request asks of: a stored draft's, or the one computed now; `desk` reads its records."""

    view: View
    desk: Desk
    source: Source
    stored: bool


def figure(request: Request) -> Response:
    """A figure: what it means, how it is computed, what is on record about it, and the records behind it."""
    asked = _asked(request)
    fact = _fact(asked, _parameter(request, "fact"))
    if isinstance(fact, Absent):
        return page(
            request, "figure.html", title=metric_label(fact.id), absent=fact.reason, value=None, blocks=[], moved=None,
            about=asked.view, weak=False, address=figure_address(fact.id, asked.source),
        )  # fmt: skip
    blocks = _drawn(asked, fact)
    reader = Reader(site_of(request), viewer_of(request), "", request.state.csrf)
    return page(
        request, "figure.html", title=fact.label, absent=None, value=asked.view.value(fact).text,
        blocks=[block_html(block, reader) for block in blocks], moved=_moved(asked, fact), about=asked.view,
        weak=fact.weak, address=figure_address(fact.id, asked.source),
    )  # fmt: skip


def note(request: Request) -> Response:
    """The note that a draft quotes, whole."""
    asked = _asked(request)
    wanted = _parameter(request, "note")
    found = next((each for each in asked.view.sheet.evidence if each.id == wanted), None)
    if found is None:
        raise NotFound("There is no such note that you may see.")
    label = metric_label(found.metric.split("[")[0]) if found.metric else None
    return page(request, "note.html", note=found, about=asked.view, explains=label, source=asked.source)


def record(request: Request) -> Response:
    """One CRM record behind a figure, with everything that is known of it."""
    asked = _asked(request)
    fact_id, wanted = _parameter(request, "fact"), _parameter(request, "id")
    opened = asked.desk.facts.explanation(asked.view.of.who, asked.view.of.period, fact_id, asked.desk.as_of)
    row = next((each for each in opened.records if str(next(iter(each.values()))) == wanted), None)
    if row is None or opened.record_table is None:
        raise NotFound("There is no such record behind this figure.")
    reader = Reader(site_of(request), viewer_of(request), "", request.state.csrf)
    shown = one_record(opened.record_table, row, asked.view)
    return page(
        request, "record.html", title=shown.title, table=block_html(shown.model_copy(update={"title": ""}), reader),
        fact=opened.label, address=figure_address(fact_id, asked.source), about=asked.view,
    )  # fmt: skip


def _asked(request: Request) -> Asked:
    """What the address asks of. Raises the same `NotFound` for what is not there and what may not be seen."""
    site, viewer = site_of(request), viewer_of(request)
    draft_id, number = request.query_params.get("draft"), request.query_params.get("version", "")
    if draft_id is not None:
        version = visible_version(site, viewer, draft_id, int(number) if number.isdigit() else None)
        sheet, as_of = version.draft.sheet, version.draft.record.as_of
        key = key_of(sheet.person_id, sheet.person)
        view = View(sheet, SheetOf(who=key, period=sheet.period, name=sheet.person), site.office.prompts)
        source = Source(key, sheet.period, version.draft_id, version.number)
        return Asked(view, replace(_desk(request, key, sheet.period), as_of=as_of), source, stored=True)
    who, period = _parameter(request, "who"), _parameter(request, "period")
    desk = _desk(request, who, site.office.period(period).label)
    view = desk.view(who)
    return Asked(view, desk, Source.of(view.of) or Source(who, period), stored=False)


def _desk(request: Request, who: str, period: str) -> Desk:
    """A desk of no conversation: nothing is asked, only looked up."""
    office, viewer = site_of(request).office, viewer_of(request)
    now = office.now()
    return office.desk(viewer, Conversation("", viewer.account, who, who, period, None, now, now))


def _fact(asked: Asked, fact_id: str) -> Fact | Absent:
    sheet = asked.view.sheet
    found = sheet.fact(fact_id) or next((each for each in sheet.absent if each.id == fact_id), None)
    if found is None:
        raise NotFound("There is no such figure on this sheet.")
    return found


def _drawn(asked: Asked, fact: Fact) -> tuple[Block, ...]:
    try:
        return why_of(asked.desk, asked.view, fact, _MOST_RECORDS)
    except NotFound:  # The organisation's metrics have changed since the draft was written.
        return ()


def _moved(asked: Asked, fact: Fact) -> str | None:
    """What the records say now, where that is not what a stored draft states."""
    if not asked.stored:
        return None
    try:
        now = asked.desk.facts.explanation(asked.view.of.who, asked.view.of.period, fact.id, asked.desk.as_of).fact
    except NotFound:
        return "The records do not give this figure any more."
    if now is None:
        return "The records do not give this figure any more."
    text = asked.view.value(fact).text
    changed: dict[str, Any] = {"value": now.value}
    then = asked.view.quantity(now.value, fact.unit)
    return None if fact.model_copy(update=changed) == fact else f"The draft states {text}; the records now give {then}."


def _parameter(request: Request, name: str) -> str:
    value = request.query_params.get(name, "")
    if not value:
        raise InputError(f"This address lacks its {name}.")
    return value


ROUTES = (
    Route("/figures", figure, name="figure"),
    Route("/quoted", note, name="note"),
    Route("/records", record, name="record"),
)
