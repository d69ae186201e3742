"""Edits from a draft's page: a wish, old and new beside each other, and then it is accepted or discarded.

A proposal is worked out in the background and kept in the store until somebody decides: a server that is started again,
or another process beside it, shows it still. What is not accepted was never part of the draft.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from anyio import to_thread
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.chat.writing import rewritten
from agent.editing.edit import Edit
from agent.store.conversations import Conversation
from agent.store.proposals import KeptProposal
from agent.store.store import Making, Version, VersionConflict
from agent.web.pages import page
from agent.web.shown import changes, key_of, reordered, visible_version
from agent.web.site import Site, site_of, viewer_of
from tools.errors import InputError, NotFound, SalesbriefError

if TYPE_CHECKING:
    from agent.access import Viewer
    from agent.chat.desk import Desk

_LOG = logging.getLogger("salesbrief.web")
_BROKEN = "Something went wrong in salesbrief itself; the draft is as it was."
_LONGEST = 1000
# An edit without a model is there at once: no page has to wait for it in between.
_QUICK = 2.5
_AS_JSON = TypeAdapter(Edit)


class Silent:
    """A `Tell` that nobody listens to."""

    def working(self, text: str, section: str | None = None, call: object = None) -> None: ...
    def statement(self, section_id: str, statement: object) -> None: ...
    def section(self, section: object) -> None: ...
    def block(self, block: object) -> None: ...


@dataclass(frozen=True)
class Proposal:
    """An edit that nobody has decided on. `edit` is None while it is worked out, and where it failed."""

    kept: KeptProposal
    before: Version
    edit: Edit | None
    newest: int

    @property
    def outdated(self) -> bool:
        """Whether the draft has a newer version by now than the one that this edits."""
        return self.newest != self.before.number


class Proposals:
    """The proposals that one process works on."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._working: set[asyncio.Task] = set()

    async def start(self, viewer: Viewer, before: Version, wish: str, sections: tuple[str, ...]) -> KeptProposal:
        """Begin to work out an edit, and wait a moment for it: without a model it is there at once."""
        keep, now = self.site.stores.proposals, self.site.office.now()
        made = await to_thread.run_sync(
            keep.begin, viewer.account, before.draft_id, before.number, wish, sections, now
        )  # fmt: skip
        task = asyncio.create_task(self._work(made, viewer, before))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        await asyncio.wait((task,), timeout=_QUICK)
        return made

    async def _work(self, made: KeptProposal, viewer: Viewer, before: Version) -> None:
        edit, problem = None, None
        try:
            desk = _desk(self.site, viewer, before)
            work = rewritten(desk, before.draft, made.wish, list(made.sections) or None, Silent())
            edit = _AS_JSON.dump_python(await desk.apart.run(work), mode="json", exclude_computed_fields=True)
        except SalesbriefError as error:
            problem = str(error)
        except Exception:
            _LOG.exception("an edit failed")
            problem = _BROKEN
        await asyncio.to_thread(self.site.stores.proposals.finish, made.id, edit=edit, problem=problem)


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
    made = await request.app.state.proposals.start(viewer, version, wish, sections)
    return RedirectResponse(f"/drafts/{version.draft_id}/edits/{made.id}", status_code=303)


def show(request: Request) -> Response:
    """A proposal: old and new beside each other, what was refused, and what was checked."""
    return _shown(request, _found(request))


def accept(request: Request) -> Response:
    """Keep the new version. Where somebody else saved one meanwhile, theirs stands and this is told."""
    site, viewer, made = site_of(request), viewer_of(request), _found(request)
    if made.edit is None or not made.edit.differs_from(made.before.draft):
        raise InputError("There is nothing to accept: the draft would stay as it is.")
    action = "language" if made.edit.draft.locale != made.before.draft.locale else "edit"
    making = Making(viewer.account, site.office.now(), made.edit.run, action, made.kept.wish)
    try:
        saved = site.stores.drafts.append(made.before.draft_id, made.before.number, made.edit.draft, making)
    except VersionConflict as error:
        return _shown(request, _found(request), str(error))
    site.stores.proposals.drop(made.kept.id)
    return RedirectResponse(f"/drafts/{saved.draft_id}/versions/{saved.number}", status_code=303)


def _shown(request: Request, made: Proposal, conflict: str = "") -> Response:
    edit, before = made.edit, made.before.draft
    differs = edit is not None and edit.differs_from(before)
    return page(
        request, "edit.html", status=409 if conflict else 200, here="Drafts", proposal=made, differs=differs,
        conflict=conflict,
        changes=changes(before, edit.draft) if edit is not None and differs else (),
        order=reordered(before, edit.draft) if edit is not None and differs else (),
    )  # fmt: skip


def discard(request: Request) -> Response:
    """Let the proposal go."""
    made = _found(request)
    site_of(request).stores.proposals.drop(made.kept.id)
    return RedirectResponse(f"/drafts/{made.before.draft_id}", status_code=303)


def _found(request: Request) -> Proposal:
    """The viewer's own proposal. Raises `NotFound`, also for whoever may not see the draft any more."""
    site, viewer, draft_id = site_of(request), viewer_of(request), request.path_params["draft"]
    newest = visible_version(site, viewer, draft_id)
    kept = site.stores.proposals.find(viewer.account, draft_id, request.path_params["proposal"])
    if kept is None:
        raise NotFound("This proposal is gone, since it was decided on; ask for another from the draft's page.")
    edit = None if kept.edit is None else _AS_JSON.validate_python(kept.edit)
    return Proposal(kept, visible_version(site, viewer, draft_id, kept.before), edit, newest.number)


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
