"""What one running server holds: the office where conversations happen, the door, and who reads questions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.access import Access, Viewer
from agent.chat.office import Office

if TYPE_CHECKING:
    from starlette.requests import Request

    from agent.chat.talk import Answerer
    from agent.store.stores import Stores
    from agent.web.sessions import Door

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


@dataclass
class Site:
    """Shared by every request; all of it may be asked from any thread. `answerer` makes one that reads questions."""

    office: Office
    door: Door
    answerer: Callable[[], Answerer]

    @property
    def stores(self) -> Stores:
        return self.office.stores

    def access(self, viewer: Viewer) -> Access:
        """What the viewer may see in the workspace as it is now."""
        return Access.of(self.office.facts.workspace, viewer)


def site_of(request: Request) -> Site:
    """The site that the request is for."""
    return request.app.state.site


def viewer_of(request: Request) -> Viewer:
    """Who is asking, as the door let them in."""
    return request.state.viewer
