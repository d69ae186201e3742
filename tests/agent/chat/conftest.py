"""The small organisation's workspace, and a desk of its seller."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from agent.chat.desk import Desk
from agent.store.stores import Stores
from tests.agent.chat.seller import ADA, NOW, office, publish


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace, written once; tests that change its store take `desk`."""
    return publish(tmp_path_factory.mktemp("seller"))


@pytest.fixture(scope="session")
def shared_desk(published: Path) -> Desk:
    """A desk for questions that change nothing."""
    return office(published).begin(ADA, "ada", "2026-Q2")


@pytest.fixture
def desk(shared_desk: Desk, tmp_path: Path) -> Desk:
    """A desk with an empty store of its own, the facts that are known already, and a clock that ticks."""
    seconds = count()
    stores = Stores.open(f"sqlite:///{tmp_path / 'drafts.db'}")
    begun = stores.conversations.begin("ada", "ada", "Ada Berg", "2026-Q2", NOW)
    now = lambda: NOW + timedelta(seconds=next(seconds))  # noqa: E731
    return replace(shared_desk, stores=stores, conversation=begun, now=now)
