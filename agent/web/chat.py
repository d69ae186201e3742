"""Conversations: the list of them, one beside its draft, questions asked and answers streamed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from agent.chat.answer import ENDINGS, Event
from agent.store.conversations import ReplyRunning
from agent.web.pages import fragment, page, partial
from agent.web.periods import offered_periods
from agent.web.rendering import Reader, ReplyView, message_html, reply_view, sheet_html
from agent.web.shown import ShownDraft, shown_draft, visible_version
from agent.web.site import site_of, viewer_of
from tools.errors import InputError, NotFound, SalesbriefError

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.talk import Answerer, Tell
    from agent.store.conversations import Message

# What a person types into the box, at most: a long week's report.
LONGEST = 4000
# Without JavaScript an answer that is quick is there when the page comes back.
_QUICK = 2.5


def home(request: Request) -> Response:
    """What can be begun, and what was begun before."""
    site, viewer = site_of(request), viewer_of(request)
    period, found = site.office.period(), site.office.conversations(viewer)
    if viewer.person is not None:
        _begin_computing(request, viewer.person, period.label)
    return page(
        request, "home.html", here="Conversations", period=period.label,
        choices=site.access(viewer).choices(period), periods=offered_periods(period.label),
        conversations=found, today=site.office.today(),
        asked=site.stores.conversations.last_questions([each.id for each in found]),
    )  # fmt: skip


async def begin(request: Request) -> Response:
    """A new conversation about a person and period; with a question, it is asked at once."""
    site, viewer, form = site_of(request), viewer_of(request), await request.form()
    who, period, text = (str(form.get(name, "")).strip() for name in ("who", "period", "text"))
    desk = await to_thread.run_sync(site.office.begin, viewer, who, period or None)
    if text:
        await request.app.state.replies.start(desk, _question(text))
    else:
        await to_thread.run_sync(_begin_computing, request, desk.conversation.who, desk.conversation.period)
    return RedirectResponse(f"/c/{desk.conversation.short_id}", status_code=303)


def show(request: Request) -> Response:
    """A conversation beside its draft, as far as both have come."""
    return _page(request, _desk(request))


def _page(request: Request, desk: Desk, typed: str = "", refused: str = "") -> Response:
    """The conversation; `refused` says why what was `typed`, which stands in the box, was not taken."""
    reader = _reader(request, desk)
    turns = _turns(desk, reader)
    views = [view for _, view in turns if isinstance(view, ReplyView)]
    shown = _draft_beside(request, desk)
    last = views[-1] if views else None
    return page(
        request, "chat.html", here="Conversations", conversation=desk.conversation, turns=turns, reader=reader,
        sheet=sheet_html(shown, last.live if last is not None else None),
        running=last is not None and last.running, longest=LONGEST, typed=typed, refused=refused,
        status=400 if refused else 200,
    )  # fmt: skip


async def ask(request: Request) -> Response:
    """Ask a question: the question and its reply, which goes on by itself."""
    desk, form = await to_thread.run_sync(_desk, request), await request.form()
    text = str(form.get("text", ""))
    try:
        if again := str(form.get("again", "")):
            text = await to_thread.run_sync(_asked_before, desk, again)
        return await _started(request, desk, _question(text))
    except SalesbriefError as error:
        return await to_thread.run_sync(_not_asked, request, desk, text, error)


async def tell(request: Request) -> Response:
    """Answer a question that the program put: the answer is kept as the person's statement on that metric."""
    desk, form = await to_thread.run_sync(_desk, request), await request.form()
    metric, text = str(form.get("metric", "")), str(form.get("text", ""))
    try:
        return await _started(request, desk, _question(text), Stating(metric))
    except SalesbriefError as error:
        return await to_thread.run_sync(_not_asked, request, desk, text, error)


def _not_asked(request: Request, desk: Desk, text: str, error: SalesbriefError) -> Response:
    """Why a question was not taken, in its place in the conversation; what was typed stays in the box."""
    if not partial(request):
        return _page(request, desk, text, str(error))
    return HTMLResponse(fragment("reply.html", "not_asked", str(error)), status_code=400)


class Stating:
    """An `Answerer` for what the person states: no question to be read, whatever the words are."""

    def __init__(self, metric: str) -> None:
        self.metric = metric

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Tell) -> None:
        for block in await desk.use("say", {"text": text, "metric": self.metric or None}, tell):
            tell.block(block)


async def _started(request: Request, desk: Desk, text: str, answerer: Answerer | None = None) -> Response:
    replies = request.app.state.replies
    try:
        number = await replies.start(desk, text, answerer)
    except ReplyRunning:
        # Its last words may just be on their way.
        await replies.ended(desk.conversation.id, _QUICK)
        number = await replies.start(desk, text, answerer)
    if not partial(request):
        await replies.settled(desk.conversation.id, number, _QUICK)
        return RedirectResponse(f"/c/{desk.conversation.short_id}#message-{number - 1}", status_code=303)
    view = reply_view(number, [], _reader(request, desk))
    return HTMLResponse(
        fragment("reply.html", "question", number - 1, text)
        + fragment("reply.html", "reply", view, _reader(request, desk))
    )


async def events(request: Request) -> Response:
    """The steps of a reply as they come, from the one after those that the browser has."""
    desk, number = await to_thread.run_sync(_desk, request), request.path_params["number"]
    given = request.headers.get("last-event-id") or request.query_params.get("after", "0")
    after = int(given) if given.isascii() and given.isdigit() else 0
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = _stream(request, _reader(request, desk), desk, number, after)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def _stream(request: Request, reader: Reader, desk: Desk, number: int, after: int) -> AsyncIterator[str]:
    conversation = desk.conversation.id
    earlier: list[Event] = []
    if after:
        known = await to_thread.run_sync(reader.site.stores.conversations.events, conversation, number)
        earlier = [event for event in known if event.number <= after]
    async for steps in request.app.state.replies.follow(conversation, number, after):
        for event in steps:
            text = await to_thread.run_sync(message_html, number, tuple(earlier), event, reader)
            earlier.append(event)
            yield f"id: {event.number}\n{_data(text)}\n"
        if not steps:
            yield ": still here\n\n"
    if not earlier or earlier[-1].kind not in ENDINGS:
        broken = Event(number=after + 1, kind="failed", text="The answer broke off; ask again.")
        yield f"{_data(await to_thread.run_sync(message_html, number, tuple(earlier), broken, reader))}\n"
    yield "event: ended\ndata: .\n\n"


async def stop(request: Request) -> Response:
    """End a reply; what it said so far stays."""
    desk, number = await to_thread.run_sync(_desk, request), request.path_params["number"]
    request.app.state.replies.stop(desk.conversation.id, number)
    if partial(request):
        return Response(status_code=204)
    await request.app.state.replies.settled(desk.conversation.id, number, _QUICK)
    return RedirectResponse(f"/c/{desk.conversation.short_id}", status_code=303)


def _begin_computing(request: Request, who: str, period: str) -> None:
    """Have somebody's figures ready by the time that they ask; what fails now is told when it is asked."""
    site, viewer = site_of(request), viewer_of(request)
    if site.access(viewer).may_see(who, site.office.period(period)):
        as_of, facts = site.office.today(), site.office.facts
        request.app.state.replies.prepare(lambda: facts.sheet(who, period, as_of))


def _desk(request: Request) -> Desk:
    return site_of(request).office.find(viewer_of(request), request.path_params["conversation"])


def _reader(request: Request, desk: Desk) -> Reader:
    return Reader(site_of(request), viewer_of(request), desk.conversation.short_id, request.state.csrf)


def _turns(desk: Desk, reader: Reader) -> list[tuple[Message, ReplyView | None]]:
    """Questions and replies in their order."""
    keep, conversation = desk.stores.conversations, desk.conversation.id
    return [
        (
            message,
            reply_view(message.number, keep.events(conversation, message.number), reader)
            if message.author == "salesbrief"
            else None,
        )
        for message in keep.messages(conversation)
    ]


def _draft_beside(request: Request, desk: Desk) -> ShownDraft | None:
    """The conversation's draft in its newest version, what the last change wrote marked in it."""
    if desk.conversation.draft_id is None:
        return None
    try:
        site = site_of(request)
        return shown_draft(site, visible_version(site, viewer_of(request), desk.conversation.draft_id))
    except NotFound:
        return None


def _question(text: str) -> str:
    text = text.strip()
    if not text:
        raise InputError("Write a question first, for example: Draft my summary.")
    if len(text) > LONGEST:
        raise InputError(f"That is {len(text):,} characters long; at most {LONGEST:,} can be read at a time.")
    return text


def _asked_before(desk: Desk, number: str) -> str:
    for message in desk.stores.conversations.messages(desk.conversation.id):
        if message.author == "person" and str(message.number + 1) == number:
            return message.text
    raise NotFound("There is no such question in this conversation.")


def _data(text: str) -> str:
    """The text as the data lines of one server-sent event."""
    return "".join(f"data: {line}\n" for line in text.splitlines() or [""])


ROUTES = (
    Route("/", home, name="home"),
    Route("/c", begin, methods=["POST"], name="begin"),
    Route("/c/{conversation}", show, name="conversation"),
    Route("/c/{conversation}/messages", ask, methods=["POST"], name="ask"),
    Route("/c/{conversation}/answers", tell, methods=["POST"], name="tell"),
    Route("/c/{conversation}/replies/{number:int}/events", events, name="events"),
    Route("/c/{conversation}/replies/{number:int}/stop", stop, methods=["POST"], name="stop"),
)
