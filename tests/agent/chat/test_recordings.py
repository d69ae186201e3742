"""What a conversation sends for each released version of its prompt, tools included: a changed request misses it.

Recorded against the project's own test server, streamed. After a change that alters requests on purpose:

    python -m pytest tests/agent/chat/test_recordings.py --record-mode=rewrite
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from agent.chat.agent import AgentAnswerer
from agent.chat.desk import Desk
from agent.settings import Settings
from prompts.loader import PromptSet, released
from tests.agent.chat.model import notices, written
from tests.agent.chat.seller import talk
from tests.faults.server import FaultServer

RELEASED = [key.split("/")[1] for key in released() if key.startswith("chat/")]
SETTINGS = Settings(timeout=5.0, patience=5.0, attempts=1, base_url="http://127.0.0.1:9/v1")


@pytest.fixture
def vcr_cassette_dir(root: Path) -> str:
    return str(root / "tests" / "cassettes")


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    return f"chat-{request.node.callspec.params['version']}"


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "path", "query", "body"],
        "before_record_request": _bare_request,
        "before_record_response": _bare_response,
        "decode_compressed_response": True,
    }


@pytest.fixture
def answering(record_mode: str) -> Iterator[Settings]:
    if record_mode == "none":
        yield SETTINGS
        return
    with FaultServer() as server:
        yield replace(SETTINGS, base_url=server.base_url)


@pytest.mark.vcr
@pytest.mark.parametrize("version", RELEASED)
def test_a_released_prompt_and_its_tools_are_sent_as_recorded(version: str, answering: Settings, desk: Desk) -> None:
    prompts = PromptSet.load(versions={"chat": version})
    asking = replace(desk, model="openai:gpt-4o-mini", settings=answering, prompts=prompts)
    events = talk(asking, AgentAnswerer(), "where did I fall short?")
    assert notices(events) == []
    assert written(events)[0] == "Revenue won came in at $80K, $20K short of the $100K quota."


def test_the_current_prompt_is_released() -> None:
    prompt = PromptSet.load().prompt("chat")
    assert released()[f"chat/{prompt.version}"] == prompt.sha256
    assert prompt.variables == frozenset()


def _bare_request(request: Any) -> Any:
    """Without keys, versions of the client, and the server's address."""
    request.headers = {"content-type": "application/json"}
    request.uri = f"http://model{urlsplit(request.uri).path}"
    return request


def _bare_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = ("content-type", "x-answered-by")
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in kept}
    return response
