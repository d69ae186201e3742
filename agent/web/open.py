"""Opening a workspace for browsers: the office, the door, and who reads questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from agent.access import Viewer
from agent.chat.agent import AgentAnswerer
from agent.chat.office import Office
from agent.chat.router.answering import Router
from agent.settings import read_environment
from agent.store.accounts import Accounts
from agent.store.sessions import Sessions
from agent.store.stores import Stores
from agent.web.sessions import Door
from agent.web.site import Site
from prompts.loader import PromptSet
from tools.workspace import Workspace

if TYPE_CHECKING:
    from agent.drafting import Review


def open_site(
    path: Path,
    *,
    today: Callable[[], date],
    model: str | None = None,
    store: str | None = None,
    secure: bool = False,
    alone: bool = True,
    checks: Review | None = None,
) -> Site:
    """The site of a workspace; `alone`: while there are no accounts, the person at this machine is let in.

    Raises one sentence where the workspace, the store or the model cannot be had.
    """
    settings = read_environment()
    model = model or settings.model
    if model is not None:
        from agent.models import check_model

        check_model(model, settings)
    stores = Stores.of_workspace(path, store or settings.store, keep_open=True)
    office = Office(
        Workspace.open(path), stores, PromptSet.load(), today, checks=checks,
        software=f"salesbrief {version('salesbrief')}", model=model, settings=settings,
    )  # fmt: skip
    door = Door(
        Accounts(stores.engine), Sessions(stores.engine), lambda: datetime.now(UTC), secure,
        Viewer(settings.author, "ops", alone=True) if alone else None,
    )  # fmt: skip
    return Site(office, door, AgentAnswerer if model is not None else Router)
