"""Stored drafts: the list, one version with its history, what changed between two, and downloads."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.markdown import to_markdown
from agent.record import RunRecord
from agent.store.store import Making
from agent.web.pages import page
from agent.web.shown import action_name, changes, reordered, shown_draft, visible_drafts, visible_version
from agent.web.site import site_of, viewer_of
from tools.errors import InputError


def listed(request: Request) -> Response:
    """Every draft that the viewer may see."""
    return page(request, "drafts.html", here="Drafts", drafts=visible_drafts(site_of(request), viewer_of(request)),
                action_name=action_name)  # fmt: skip


def show(request: Request) -> Response:
    """One version (the newest where none is named), with its history and what can be done with it."""
    number = request.path_params.get("number")
    version = visible_version(site_of(request), viewer_of(request), request.path_params["draft"], number)
    history = site_of(request).stores.drafts.versions(version.draft_id)
    shown = shown_draft(site_of(request), version)
    return page(
        request, "draft.html", here="Drafts", shown=shown, history=history[::-1], action_name=action_name,
        tones=site_of(request).office.prompts.tones(), model=site_of(request).office.model,
    )  # fmt: skip


def difference(request: Request) -> Response:
    """What changed from one version to another, word by word."""
    site, viewer, draft_id = site_of(request), viewer_of(request), request.path_params["draft"]
    before, after = (request.path_params[name] for name in ("before", "after"))
    old, new = (visible_version(site, viewer, draft_id, number) for number in (before, after))
    return page(
        request, "difference.html", here="Drafts", old=old, new=new, changes=changes(old.draft, new.draft),
        order=reordered(old.draft, new.draft),
    )  # fmt: skip


def download(request: Request) -> Response:
    """A version as Markdown or as JSON."""
    version = visible_version(
        site_of(request), viewer_of(request), request.path_params["draft"], request.path_params["number"]
    )
    form, sheet = request.path_params["form"], version.draft.sheet
    if form not in ("md", "json"):
        raise InputError("A draft can be downloaded as md or json.")
    text = to_markdown(version.draft) if form == "md" else version.draft.model_dump_json(indent=2)
    name = re.sub(r"[^A-Za-z0-9]+", "-", f"{sheet.person} {sheet.period}").strip("-").lower() or "draft"
    kind = "text/markdown" if form == "md" else "application/json"
    # A note in a draft that looks like a page is never shown as one.
    return Response(text, media_type=f"{kind}; charset=utf-8", headers={
        "Content-Disposition": f'attachment; filename="{name}-v{version.number}.{form}"'})  # fmt: skip


def restore(request: Request) -> Response:
    """Go back to an earlier version: it becomes the newest one, and nothing in between is lost."""
    site, viewer = site_of(request), viewer_of(request)
    version = visible_version(site, viewer, request.path_params["draft"], request.path_params["number"])
    newest = site.stores.drafts.version(version.draft_id)
    if newest.number != version.number:
        run = _unpaid(version.draft.record, site.office.now())
        making = Making(viewer.account, site.office.now(), run, "restore", f"version {version.number}")
        site.stores.drafts.append(version.draft_id, newest.number, version.draft, making)
    return RedirectResponse(f"/drafts/{version.draft_id}", status_code=303)


def _unpaid(run: RunRecord, now: object) -> RunRecord:
    """The record of a step that asks no model."""
    nothing = {"model": None, "prompts": (), "seconds": 0.0, "input_tokens": 0, "output_tokens": 0, "cost": None}
    return run.model_copy(update={**nothing, "attempts": (), "started_at": now})


ROUTES = (
    Route("/drafts", listed, name="drafts"),
    Route("/drafts/{draft}", show, name="draft"),
    Route("/drafts/{draft}/versions/{number:int}", show, name="version"),
    Route("/drafts/{draft}/versions/{number:int}/restore", restore, methods=["POST"], name="restore"),
    Route("/drafts/{draft}/versions/{number:int}.{form}", download, name="download"),
    Route("/drafts/{draft}/changes/{before:int}/{after:int}", difference, name="difference"),
)
