"""One demo organisation, one browser; every page that a test opens must be free of errors."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import Server, add_accounts, chromium, serving
from tools.demo.organisation import DEMO
from tools.demo.publish import publish_demo


@pytest.fixture(scope="session")
def organisation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's workspace without accounts; copy it before anything is kept in it."""
    path = tmp_path_factory.mktemp("demo") / "workspace"
    publish_demo(path)
    return path


def with_accounts(organisation: Path, path: Path) -> Path:
    """A copy of the workspace, with accounts for Michael (rep), his manager Laura, and Jessica (rep)."""
    shutil.copytree(organisation, path)
    add_accounts(path, michael=("rep", "u111"), laura=("manager", "u110"), jessica=("rep", "u131"))
    return path


@pytest.fixture
def data(organisation: Path, tmp_path: Path) -> Path:
    """A workspace of the test's own."""
    return with_accounts(organisation, tmp_path / "workspace")


@pytest.fixture(scope="session")
def server(organisation: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that break nothing, without a model."""
    path = with_accounts(organisation, tmp_path_factory.mktemp("served") / "workspace")
    with serving(Server(path, DEMO.as_of.isoformat())) as running:
        yield running


@pytest.fixture(scope="session")
def chrome() -> Iterator[Any]:
    """Debian's Chromium, headless."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail('playwright is not installed; run pip install -c constraints.txt -e ".[browser]"')
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(chrome: Any) -> Iterator[Callable[..., Any]]:
    """Opens pages, each in a browser context of its own. An error on the console or a call elsewhere fails the test.

    `may_fail` names what a test breaks itself: words of errors that are then expected.
    """
    contexts, problems = [], []

    def opened(address: str, *, may_fail: tuple[str, ...] = (), **options: Any) -> Any:
        context = chrome.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(45_000)

        def heard(kind: str, text: str) -> None:
            if not any(word in text for word in may_fail):
                problems.append(f"{kind}: {text}")

        page.on("console", lambda said: heard(said.type, said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: heard("page error", str(error)))
        page.on("request", lambda asked: None if asked.url.startswith(address) else problems.append(asked.url))
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []
