"""The door of the web application: who is asking, and whether a request is one that they meant.

    request ─► Doorkeeper ─► request.state.viewer, .csrf ─► pages
                  │ no session: the sign-in page, or 401 where no page was asked for
                  │ something is to be changed without the token of this session: 403

Without accounts, on loopback, the one person at the machine is let in as ops; the token is asked for all the same,
and the host must be this machine, so that no page elsewhere can ask in the person's name.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.access import Viewer
from agent.store.accounts import Accounts
from agent.store.sessions import LASTS, Session, Sessions, csrf_of, same

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"
FIELD, HEADER = "csrf", "x-csrf-token"
# Nothing that a person sends is longer than this.
LONGEST_BODY = 1_000_000
_READING = ("GET", "HEAD", "OPTIONS")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PASSED_ON = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True)
class Door:
    """What the door needs: the accounts, the sessions, the time, and whether cookies go over TLS only.

    `alone` is the viewer of the one-person mode, for loopback only; it ends as soon as there is an account.
    """

    accounts: Accounts
    sessions: Sessions
    now: Callable[[], datetime]
    secure: bool = True
    alone: Viewer | None = None

    def who(self, token: str) -> tuple[bool, Session | None]:
        """Whether the one-person mode holds, and the open session of a cookie; alone, any cookie of ours will do."""
        alone = self.alone is not None and not self.accounts.any()
        if alone:
            return True, Session(token, self.alone)
        return False, self.sessions.find(token, now=self.now()) if token else None


class Doorkeeper:
    """ASGI middleware that lets nobody past who is not signed in, and no request that its sender did not mean."""

    def __init__(self, app: ASGIApp, door: Door, public: tuple[str, ...] = ("/static/",)) -> None:
        self.app = app
        self.door = door
        self.public = public
        # Pages must come in while every other thread is busy computing.
        self._threads: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await (self.app(scope, receive, send) if scope["type"] == "lifespan" else _close(send))
            return
        if scope["method"] in _READING and scope["path"].startswith(self.public):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = cookie_of(request, self.door)
        fresh = "" if token else secrets.token_urlsafe(32)
        alone, session = await self._in_thread(self.door.who, token)
        if alone and not _is_loopback(request):
            await _refused("This address is served to this machine only.", 403)(scope, receive, send)
            return
        if scope["method"] not in _READING:
            receive = await self._checked(request, csrf_of(token) if token else None, receive)
            if receive is None:
                await _refused(_NOT_MEANT, 403)(scope, request.receive, send)
                return
        if session is None and scope["path"] != SIGN_IN:
            await _to_sign_in(request)(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state |= {"viewer": session.viewer if session else None, "alone": alone, "csrf": csrf_of(token or fresh)}
        await self.app(scope, receive, _with_headers(send, request, self.door, fresh))

    async def _checked(self, request: Request, expected: str | None, receive: Receive) -> Receive | None:
        """What to read the body from again; None for a request that this session's pages did not send."""
        if expected is None or not _same_origin(request):
            return None
        given = request.headers.get(HEADER)
        if given is not None:
            return _limited(receive) if same(given, expected) else None
        body = await _body(receive)
        if body is None:
            return None
        try:
            field = (await Request(request.scope, _replayed(body, receive)).form()).get(FIELD)
        except (HTTPException, MultiPartException):  # It is no form at all.
            return None
        return _replayed(body, receive) if isinstance(field, str) and same(field, expected) else None

    async def _in_thread(self, work: Callable, *arguments: object):  # noqa: ANN202
        if self._threads is None:
            self._threads = CapacityLimiter(8)
        return await to_thread.run_sync(work, *arguments, limiter=self._threads)


_NOT_MEANT = (
    "This page is too old, or the request came from elsewhere, or the browser keeps no cookie of this site; "
    "open the page again and repeat it."
)


def cookie_name(request: Request, door: Door) -> str:
    """One name for each server that a browser may know on one host, since cookies know no ports."""
    if _is_secure(request, door):
        return "__Host-salesbrief"
    return f"salesbrief-{(request.scope.get('server') or ('', 0))[1]}"


def _is_secure(request: Request, door: Door) -> bool:
    """Whether cookies go over TLS only; a proxy on this machine may have said that the browser came that way."""
    return door.secure or request.url.scheme == "https"


def cookie_of(request: Request, door: Door) -> str:
    """The secret that the browser brought, or ""."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(request.headers.get("cookie", ""))
    except CookieError:
        return ""
    morsel = jar.get(cookie_name(request, door))
    return "" if morsel is None or len(morsel.value) > 200 else morsel.value


def set_cookie(response: Response, request: Request, door: Door, token: str) -> None:
    """Give the browser its secret."""
    response.set_cookie(
        cookie_name(request, door), token, max_age=int(LASTS.total_seconds()), path="/",
        secure=_is_secure(request, door),
        httponly=True, samesite="lax",
    )  # fmt: skip


def safe_next(wanted: str | None) -> str:
    """Where to go after signing in: a page of ours, never an address that leads elsewhere."""
    if not wanted or len(wanted) > 2000 or not wanted.isprintable() or "\\" in wanted or not wanted.isascii():
        return "/"
    parts = urlsplit(wanted)
    ours = wanted.startswith("/") and not wanted.startswith("//") and not parts.scheme and not parts.netloc
    return wanted if ours and parts.path not in (SIGN_IN, SIGN_OUT) else "/"


def _to_sign_in(request: Request) -> Response:
    """The sign-in page for who reads pages; a plain 401 for what would not show it."""
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if "hx-request" in request.headers:
        where = safe_next(urlsplit(request.headers.get("hx-current-url", "/"))._replace(scheme="", netloc="").geturl())
        return Response(status_code=401, headers={"HX-Redirect": f"{SIGN_IN}?next={quote(where)}"})
    accepted = request.headers.get("accept", "*/*")
    if "text/html" in accepted or accepted == "*/*":
        where = safe_next(asked) if request.method in _READING else "/"
        return RedirectResponse(f"{SIGN_IN}?next={quote(where)}", status_code=303)
    return JSONResponse({"error": "Sign in first."}, status_code=401)


def _refused(words: str, status: int) -> Response:
    return PlainTextResponse(words, status_code=status)


def _is_loopback(request: Request) -> bool:
    """Whether it was asked for by a name of this machine, and not passed on by a proxy that others may reach.

    A name of elsewhere may be made to point here, too.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname
    return host in _LOOPBACK and not any(name in request.headers for name in _PASSED_ON)


def _same_origin(request: Request) -> bool:
    """Whether a page of this server sent the request, as far as the browser says so."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is too long or its sender went away."""
    chunks, length = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunks.append(message.get("body", b""))
        length += len(chunks[-1])
        if length > LONGEST_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(chunks)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The body once more, then whatever comes after it."""
    given = False

    async def again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _limited(receive: Receive) -> Receive:
    """The body as it comes, cut off like a lost connection where it is too long."""
    length = 0

    async def counted() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        return message if length <= LONGEST_BODY else {"type": "http.disconnect"}

    return counted


def _with_headers(send: Send, request: Request, door: Door, fresh: str) -> Send:
    """Answers that no cache keeps; a browser that has no secret of ours yet is given one."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.setdefault("Cache-Control", "no-store")
            headers.add_vary_header("Cookie")
            if fresh and "set-cookie" not in headers:
                given = Response()
                set_cookie(given, request, door, fresh)
                headers.append("set-cookie", given.headers["set-cookie"])
        await send(message)

    return sending


async def _close(send: Send) -> None:
    await send({"type": "websocket.close", "code": 1008})
