"""The note box: what happened this week, kept in ten seconds as the person's own dated statement."""

from __future__ import annotations

from datetime import date

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.access import Viewer, may_state
from agent.chat.answer import Notice
from agent.chat.plain import plain_text
from agent.store.conversations import Conversation
from agent.store.statements import StatedByPerson
from agent.web.pages import page, partial
from agent.web.site import Site, site_of, viewer_of
from tools.errors import InputError, NotFound, SalesbriefError
from tools.periods import Period

_LONGEST = 2000


def show(request: Request) -> Response:
    """The box, and what was stated about everybody whom the viewer may see."""
    return _page(request, "notes.html")


async def keep(request: Request) -> Response:
    """Keep a statement, or say why not: one that contradicts a fact is answered with the fact."""
    form = await request.form()
    text, who, on = (str(form.get(name, "")).strip() for name in ("text", "who", "on"))
    said, refused = await to_thread.run_sync(_kept, request, text, who, on)
    template = "note_box.html" if partial(request) else "notes.html"
    shown = {"kept": None, "refused": said, "typed": text} if refused else {"kept": said, "refused": None, "typed": ""}
    return await to_thread.run_sync(lambda: _page(request, template, **shown))


def forget(request: Request) -> Response:
    """Take a statement back."""
    site, viewer = site_of(request), viewer_of(request)
    wanted = request.path_params["statement"]
    if wanted not in {each.id for each in _visible(site, viewer) if _is_theirs(site, viewer, each)}:
        raise NotFound("There is no such note that you may take back.")
    site.stores.statements.forget(wanted, site.office.now())
    return RedirectResponse("/notes", status_code=303)


def _page(request: Request, template: str, **shown: object) -> Response:
    site, viewer = site_of(request), viewer_of(request)
    period = site.office.period()
    return page(
        request, template, here="Notes", choices=site.access(viewer).choices(period), today=site.office.today(),
        period=period.label, statements=_visible(site, viewer) if template == "notes.html" else [],
        is_theirs=lambda each: _is_theirs(site, viewer, each), **shown,
    )  # fmt: skip


def _kept(request: Request, text: str, who: str, on: str) -> tuple[str, bool]:
    """What to tell, and whether the statement was refused."""
    site, viewer = site_of(request), viewer_of(request)
    try:
        if not text:
            raise InputError("Write what happened first.")
        if len(text) > _LONGEST:
            raise InputError(f"That is {len(text):,} characters long; at most {_LONGEST:,} are kept.")
        day = _day(on) if on else site.office.today()
        if day > site.office.today():
            raise InputError("That day is still to come; a note says what has happened.")
        # A note belongs to the quarter of its day.
        period = _quarter(site, day)
        access = site.access(viewer)
        key = access.find(who, period)
        now = site.office.now()
        about = Conversation("", viewer.account, key, access.name_of(key), period.label, None, now, now)
        blocks = site.office.desk(viewer, about).say(text, day)
    except SalesbriefError as error:
        return str(error), True
    refused = any(isinstance(block, Notice) and block.tone != "info" for block in blocks)
    return plain_text(blocks), refused


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f'"{text}" is not a day; write it as 2026-06-30.') from None


def _visible(site: Site, viewer: Viewer) -> list[StatedByPerson]:
    """Statements about whom the viewer may see, and could in the quarter of their day; the latest first."""
    access = site.access(viewer)
    keys = [choice.key for choice in access.choices(site.office.period()) if choice.kind != "everybody"]
    stated = site.stores.statements.about_any(keys)
    found = [each for each in stated if access.may_see(each.who, _quarter(site, each.on))]
    return sorted(found, key=lambda each: (each.on, each.said_at), reverse=True)[:200]


def _is_theirs(site: Site, viewer: Viewer, statement: StatedByPerson) -> bool:
    """Whether the viewer may take it back: what one typed oneself, or is stated as one's own."""
    roster = site.access(viewer).roster
    return statement.account == viewer.account or may_state(
        viewer, statement.who, _quarter(site, statement.on), roster
    )  # fmt: skip


def _quarter(site: Site, day: date) -> Period:
    """The quarter that a note belongs to."""
    return site.office.period(f"{day.year}-Q{(day.month + 2) // 3}")


ROUTES = (
    Route("/notes", show, name="notes"),
    Route("/notes", keep, methods=["POST"], name="keep_note"),
    Route("/notes/{statement}/forget", forget, methods=["POST"], name="forget_note"),
)
