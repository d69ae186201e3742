"""Edits from a draft's page: a wish, old and new beside each other, and then it is accepted or discarded.

A proposal is worked out in the background and held in memory until somebody decides: what is not accepted was never
part of the draft, and a server that is started again has forgotten it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.chat.writing import rewritten
from agent.editing.edit import Edit
from agent.store.conversations import Conversation
from agent.store.store import Making, Version
from agent.web.pages import page
from agent.web.shown import changes, key_of, reordered, visible_version
from agent.web.site import Site, site_of, viewer_of
from tools.errors import InputError, NotFound, SalesbriefError

if TYPE_CHECKING:
    from agent.access import Viewer
    from agent.chat.desk import Desk

_LOG = logging.getLogger("salesbrief.web")
_BROKEN = "Something went wrong in salesbrief itself; the draft is as it was."
_KEPT = 200
_LONGEST = 1000
# An edit without a model is there at once: no page has to wait for it in between.
_QUICK = 2.5


class Silent:
    """A `Tell` that nobody listens to."""

    def working(self, text: str, section: str | None = None, call: object = None) -> None: ...
    def statement(self, section_id: str, statement: object) -> None: ...
    def section(self, section: object) -> None: ...
    def block(self, block: object) -> None: ...


@dataclass
class Proposal:
    """An edit that nobody has decided on. `edit` is None while it is worked out, and where it failed (`problem`)."""

    id: str
    account: str
    before: Version
    wish: str
    sections: tuple[str, ...]
    edit: Edit | None = None
    problem: str | None = None
    task: asyncio.Task | None = None

    @property
    def done(self) -> bool:
        return self.edit is not None or self.problem is not None


@dataclass
class Proposals:
    """The proposals of one process, the oldest forgotten first."""

    site: Site
    kept: OrderedDict[str, Proposal] = field(default_factory=OrderedDict)

    def start(self, viewer: Viewer, before: Version, wish: str, sections: tuple[str, ...]) -> Proposal:
        """Begin to work out an edit."""
        made = Proposal(secrets.token_urlsafe(12), viewer.account, before, wish, sections)
        made.task = asyncio.create_task(self._work(made, viewer))
        self.kept[made.id] = made
        while len(self.kept) > _KEPT:
            self.kept.popitem(last=False)
        return made

    def find(self, viewer: Viewer, draft_id: str, proposal_id: str) -> Proposal:
        """The viewer's own proposal for that draft. Raises `NotFound`."""
        found = self.kept.get(proposal_id)
        if found is None or (found.account, found.before.draft_id) != (viewer.account, draft_id):
            raise NotFound("This proposal is gone: it was decided on, or the server was started again. Ask once more.")
        return found

    async def _work(self, made: Proposal, viewer: Viewer) -> None:
        try:
            desk = _desk(self.site, viewer, made.before)
            work = rewritten(desk, made.before.draft, made.wish, list(made.sections) or None, Silent())
            made.edit = await desk.apart.run(work)
        except SalesbriefError as error:
            made.problem = str(error)
        except Exception:
            _LOG.exception("an edit failed")
            made.problem = _BROKEN


async def propose(request: Request) -> Response:
    """Ask for an edit of the newest version."""
    site, viewer, form = site_of(request), viewer_of(request), await request.form()
    version = await to_thread.run_sync(visible_version, site, viewer, request.path_params["draft"])
    wish = ", ".join(filter(None, (str(form.get(name, "")).strip() for name in ("tone", "wish"))))
    if not wish:
        raise InputError("Say how the draft should read: pick a tone, or write what to change.")
    if len(wish) > _LONGEST:
        raise InputError(f"That is {len(wish):,} characters long; at most {_LONGEST:,} can be read.")
    known = {section.id for section in version.draft.all_sections}
    sections = tuple(str(each) for each in form.getlist("section") if each in known)
    made = request.app.state.proposals.start(viewer, version, wish, sections)
    assert made.task is not None
    await asyncio.wait((made.task,), timeout=_QUICK)
    return RedirectResponse(f"/drafts/{version.draft_id}/edits/{made.id}", status_code=303)


def show(request: Request) -> Response:
    """A proposal: old and new beside each other, what was refused, and what was checked."""
    made = _found(request)
    edit, before = made.edit, made.before.draft
    differs = edit is not None and edit.differs_from(before)
    return page(
        request, "edit.html", here="Drafts", proposal=made, differs=differs,
        changes=changes(before, edit.draft) if edit is not None and differs else (),
        order=reordered(before, edit.draft) if edit is not None and differs else (),
    )  # fmt: skip


def accept(request: Request) -> Response:
    """Keep the new version. Where somebody else saved one meanwhile, theirs stands and this is told."""
    site, viewer, made = site_of(request), viewer_of(request), _found(request)
    if made.edit is None or not made.edit.differs_from(made.before.draft):
        raise InputError("There is nothing to accept: the draft would stay as it is.")
    action = "language" if made.edit.draft.locale != made.before.draft.locale else "edit"
    making = Making(viewer.account, site.office.now(), made.edit.run, action, made.wish)
    saved = site.stores.drafts.append(made.before.draft_id, made.before.number, made.edit.draft, making)
    request.app.state.proposals.kept.pop(made.id, None)
    return RedirectResponse(f"/drafts/{saved.draft_id}/versions/{saved.number}", status_code=303)


def discard(request: Request) -> Response:
    """Let the proposal go."""
    made = _found(request)
    request.app.state.proposals.kept.pop(made.id, None)
    return RedirectResponse(f"/drafts/{made.before.draft_id}", status_code=303)


def _found(request: Request) -> Proposal:
    site, viewer, draft_id = site_of(request), viewer_of(request), request.path_params["draft"]
    # Who may not see the draft any more may not see what it would become.
    visible_version(site, viewer, draft_id, 1)
    return request.app.state.proposals.find(viewer, draft_id, request.path_params["proposal"])


def _desk(site: Site, viewer: Viewer, version: Version) -> Desk:
    sheet, now = version.draft.sheet, site.office.now()
    key = key_of(sheet.person_id, sheet.person)
    about = Conversation("", viewer.account, key, sheet.person, sheet.period, version.draft_id, now, now)
    return site.office.desk(viewer, about)


ROUTES = (
    Route("/drafts/{draft}/edits", propose, methods=["POST"], name="propose"),
    Route("/drafts/{draft}/edits/{proposal}", show, name="proposal"),
    Route("/drafts/{draft}/edits/{proposal}/accept", accept, methods=["POST"], name="accept"),
    Route("/drafts/{draft}/edits/{proposal}/discard", discard, methods=["POST"], name="discard"),
)
