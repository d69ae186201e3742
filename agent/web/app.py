"""The application: which page is at which address, and how a problem is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from agent.store.store import VersionConflict
from agent.web import chat, drafts, edits, figures, notes, reports
from agent.web.pages import fragment, page, partial
from agent.web.replies import Replies
from agent.web.sessions import Doorkeeper
from agent.web.shield import Shield
from agent.web.signin import signin_routes
from agent.web.site import STATIC, Site
from tools.errors import NotFound, SalesbriefError

_LOG = logging.getLogger("salesbrief.web")
_BROKEN = "Something went wrong in salesbrief itself. It is in the server's log; nothing that was kept is lost."
_THREADS = 96
_TITLES = {404: "Not here", 409: "Somebody was faster", 403: "Please try again"}


def routes_of(site: Site) -> list[BaseRoute]:
    """Every address there is."""
    return [
        *chat.ROUTES, *notes.ROUTES, *drafts.ROUTES, *edits.ROUTES, *figures.ROUTES,
        *reports.ROUTES,
        *signin_routes(site.door, _page),
        Mount("/static", StaticFiles(directory=STATIC), name="static"),
    ]  # fmt: skip


def build_app(site: Site) -> Starlette:
    """The pages of one site."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Answers wait in these threads for figures; what they have to store meanwhile must find one that is free.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_THREADS, "answering"))
        async with Replies(site) as replies:
            app.state.replies, app.state.proposals = replies, edits.Proposals(site)
            # Every first page asks for it, and it opens the records.
            replies.prepare(lambda: site.office.usual_period)
            yield
        site.stores.engine.dispose()

    app = Starlette(
        routes=routes_of(site),
        middleware=[Middleware(Shield, secure=site.door.secure), Middleware(Doorkeeper, door=site.door)],
        exception_handlers={SalesbriefError: _told, HTTPException: _refused, Exception: _broken},
        lifespan=lifespan,
    )
    app.state.site = site
    return app


def _page(request: Request, template: str, values: Mapping[str, Any], status: int) -> Response:
    return page(request, template, status=status, **values)


def _told(request: Request, error: Exception) -> Response:
    """A problem of the request's own, in one sentence."""
    status = {NotFound: 404, VersionConflict: 409}.get(type(error), 400)
    return _problem(request, status, str(error))


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = "There is nothing at this address that you may see." if error.status_code == 404 else error.detail
    return _problem(request, error.status_code, said)


def _broken(request: Request, error: Exception) -> Response:
    _LOG.error("a page failed: %s", request.url.path, exc_info=error)
    return _problem(request, 500, _BROKEN)


def _problem(request: Request, status: int, said: str) -> Response:
    title = _TITLES.get(status, "That did not work")
    if partial(request):
        return HTMLResponse(fragment("parts.html", "problem", title, said), status_code=status)
    return page(request, "problem.html", status=status, title=title, said=said)
