"""The README's pictures, taken anew: python -m tests.browser.screenshots"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests.browser.serving import PASSWORD, ROOT, Server, add_accounts, chromium, serving
from tools.demo.organisation import DEMO
from tools.demo.publish import publish_demo

OUT = ROOT / "agent" / "web" / "screenshots"
_SIZE = {"width": 1000, "height": 580}


def main() -> None:
    """Sign in as the demo's account executive, draft, ask, open a figure, and let an edit be proposed."""
    from playwright.sync_api import sync_playwright

    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        data = Path(folder) / "workspace"
        publish_demo(data)
        add_accounts(data, michael=("rep", "u111"))
        with serving(Server(data, DEMO.as_of.isoformat())) as server:
            browser = playwright.chromium.launch(
                executable_path=chromium(), args=["--no-sandbox", "--disable-lcd-text"]
            )
            page = browser.new_page(viewport=_SIZE)
            page.set_default_timeout(60_000)
            page.goto(server.address)
            page.fill("#name", "michael")
            page.fill("#password", PASSWORD)
            page.click("button:has-text('Sign in')")
            page.click("text=Draft the summary")
            _settled(page)
            _ask(page, "Why is my forecast accuracy 73%?")
            _take(page, "conversation")
            page.click("#kept a.figure.weak >> nth=0")
            page.wait_for_selector("#drawer .big")
            _take(page, "figure")
            page.goto(server.address + str(page.get_attribute("#kept .tools a", "href")))
            page.click("button:has-text('Direct')")
            page.wait_for_selector("text=Accept the new version")
            _take(page, "edit")
            browser.close()


def _ask(page: Any, question: str) -> None:
    page.fill("#text", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".mine:has-text('{question}')")
    _settled(page)


def _settled(page: Any) -> None:
    page.wait_for_selector("#kept article")
    page.wait_for_selector(".busy", state="detached")


def _take(page: Any, name: str) -> None:
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(400)
    page.screenshot(path=OUT / f"{name}.png")


if __name__ == "__main__":
    main()
