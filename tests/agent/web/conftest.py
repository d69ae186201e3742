"""One server over the canary organisation, shared by the tests of a room."""

from __future__ import annotations

import pytest

from tests.agent.web.organisation import World, build_world


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> World:
    return build_world(tmp_path_factory.mktemp("canary"))
