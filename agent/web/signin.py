"""Signing in and out. The page works without JavaScript."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.store.attempts import TooManyAttempts
from agent.web.sessions import SIGN_IN, SIGN_OUT, Door, cookie_of, safe_next, set_cookie

# page(request, template, values, status): a page of the application.
Page = Callable[[Request, str, Mapping[str, Any], int], Response]

_WRONG = "Name or password is wrong, or the account is disabled."


def signin_routes(door: Door, page: Page) -> list[Route]:
    """The routes of the door. `page` draws a template of the application."""
    # A password takes a tenth of a second and 64 MiB: few at once, and the others wait here, not in the pages' threads.
    waiting: list[CapacityLimiter] = []

    def shown(request: Request, next_: str, name: str = "", said: str = "", status: int = 200) -> Response:
        return page(request, "sign_in.html", {"next": next_, "name": name, "said": said}, status)

    async def show(request: Request) -> Response:
        wanted = safe_next(request.query_params.get("next"))
        if request.state.viewer is not None:
            return RedirectResponse(wanted, status_code=303)
        return shown(request, wanted)

    async def sign_in(request: Request) -> Response:
        form = await request.form()
        name, password, wanted = (str(form.get(field, "")) for field in ("name", "password", "next"))
        wanted = safe_next(wanted)
        address = request.client.host if request.client else ""
        if not waiting:
            waiting.append(CapacityLimiter(2))
        try:
            token = await to_thread.run_sync(_token, door, name, password, address, limiter=waiting[0])
        except TooManyAttempts as soon:
            refused = shown(request, wanted, name, str(soon), 429)
            refused.headers["Retry-After"] = str(soon.seconds)
            return refused
        if token is None:
            return shown(request, wanted, name, _WRONG, 401)
        # A secret that somebody could have planted before is never the one that is signed in.
        response = RedirectResponse(wanted, status_code=303)
        set_cookie(response, request, door, token)
        return response

    async def sign_out(request: Request) -> Response:
        await to_thread.run_sync(door.sessions.end, cookie_of(request, door))
        response = RedirectResponse(SIGN_IN, status_code=303)
        set_cookie(response, request, door, secrets.token_urlsafe(32))
        return response

    return [
        Route(SIGN_IN, show, methods=["GET"], name="sign_in"),
        Route(SIGN_IN, sign_in, methods=["POST"], name="sign_in_post"),
        Route(SIGN_OUT, sign_out, methods=["POST"], name="sign_out"),
    ]


def _token(door: Door, name: str, password: str, address: str) -> str | None:
    """The secret of a new session; None where name and password do not fit."""
    account = door.accounts.sign_in(name, password, address, now=door.now())
    session = door.sessions.start(account, now=door.now()) if account is not None else None
    return session.token if session is not None else None
