"""What is sent for each released prompt, as recorded: a changed request misses its recording.

The recordings under tests/cassettes were made against the project's own test server (their responses say so in the
header x-answered-by). After a change that alters requests on purpose, record again:

    python -m pytest tests/agent/models/test_recordings.py --record-mode=rewrite

or from a live model, whose answers must then pass the guard:

    SALESBRIEF_RECORD_MODEL=openai:gpt-5-mini OPENAI_API_KEY=… python -m pytest \\
        tests/agent/models/test_recordings.py --record-mode=rewrite
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from vcr import VCR
from vcr.errors import CannotOverwriteExistingCassetteException

from agent.guard import refusals
from agent.settings import Settings, read_environment
from prompts.loader import FOLDER, PromptSet, released
from tests.agent.models.world import ENGLISH, PLAN, QUICK, write_one
from tests.faults.server import FaultServer

RELEASED = [key.split("/")[1:] for key in released() if key.startswith("sections/")]
NOBODY = "http://127.0.0.1:9/v1"


@pytest.fixture
def vcr_cassette_dir(root: Path) -> str:
    return str(root / "tests" / "cassettes")


@pytest.fixture
def default_cassette_name(request: pytest.FixtureRequest) -> str:
    return "-".join(request.node.callspec.params["prompt"])


@pytest.fixture
def vcr_config() -> dict[str, Any]:
    return {
        "match_on": ["method", "path", "query", "body"],
        "before_record_request": _bare_request,
        "before_record_response": _bare_response,
        "decode_compressed_response": True,
    }


@pytest.fixture
def answering(record_mode: str, vcr_cassette_dir: str, default_cassette_name: str) -> Iterator[tuple[str, Settings]]:
    """The model that answers and how it is called: recorded, the test server's, or a live one."""
    live = os.environ.get("SALESBRIEF_RECORD_MODEL")
    if record_mode == "none":
        cassette = Path(vcr_cassette_dir) / f"{default_cassette_name}.yaml"
        yield _model_of(cassette), replace(QUICK, base_url=NOBODY)
    elif live is not None:
        yield live, read_environment()
    else:
        with FaultServer() as server:
            yield "openai:gpt-4o-mini", replace(QUICK, base_url=server.base_url)


@pytest.mark.vcr
@pytest.mark.parametrize("prompt", RELEASED, ids="-".join)
def test_a_released_prompt_is_sent_as_recorded(prompt: list[str], answering: tuple[str, Settings]) -> None:
    (section, version), (model, settings) = prompt, answering
    prompts = PromptSet.load(versions={f"sections/{section}": version})
    written, _ = write_one(model, section, settings, prompts=prompts)
    if isinstance(written, BaseException):
        raise written
    assert refusals(written, PLAN.section(section), PLAN, ENGLISH) == []


def test_a_changed_prompt_misses_its_recording(root: Path, vcr_config: dict[str, Any], tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "prompts")
    house = folder / "house" / "v1.md"
    house.write_text(house.read_text("utf-8").replace("You never write a number.", "You may write numbers."), "utf-8")
    cassette = root / "tests" / "cassettes" / "kpis-v1.yaml"
    settings = replace(QUICK, base_url=NOBODY)
    with VCR(**vcr_config).use_cassette(str(cassette), record_mode="none"):
        written, _ = write_one(_model_of(cassette), "kpis", settings, prompts=PromptSet.load(folder))
    assert any(isinstance(cause, CannotOverwriteExistingCassetteException) for cause in _causes(written))


def _model_of(cassette: Path) -> str:
    """The model that a recording was made with."""
    recorded = yaml.safe_load(cassette.read_text("utf-8"))
    return f"openai:{json.loads(recorded['interactions'][0]['request']['body'])['model']}"


def _bare_request(request: Any) -> Any:
    """Without keys, versions of the client, and the server's address."""
    request.headers = {"content-type": "application/json"}
    request.uri = f"http://model{urlsplit(request.uri).path}"
    return request


def _bare_response(response: dict[str, Any]) -> dict[str, Any]:
    kept = ("content-type", "x-answered-by")
    response["headers"] = {name: value for name, value in response["headers"].items() if name.lower() in kept}
    return response


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
