"""The web pages in a real browser: a rep gets from sign-in to a draft and its records, whatever breaks on the way."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import PASSWORD, Server, Wire, serving
from tests.faults.server import FaultServer
from tools.demo.organisation import DEMO

pytestmark = [pytest.mark.services, pytest.mark.timeout(300)]
LOST = ("ERR_", "Failed to fetch", "network error", "htmx")


def sign_in(page: Any, name: str) -> None:
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button:has-text('Sign in')")
    page.wait_for_selector("#begin-title")


def draft(page: Any) -> None:
    """Begin a conversation with a draft, and wait for the whole answer."""
    page.click("text=Draft the summary")
    page.wait_for_selector("#kept article")
    settle(page)


def ask(page: Any, question: str) -> None:
    page.fill("#text", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(f".mine:has-text('{question}')")
    settle(page)


def settle(page: Any) -> None:
    """Wait until no answer is being written."""
    page.wait_for_selector(".busy", state="detached")


def words(page: Any, selector: str) -> str:
    """The words that stand there, without what changes with every page: forms' tokens."""
    html = page.eval_on_selector(selector, "each => each.innerHTML")
    html = re.sub(r'<div hx-sse:connect.*?</div>|value="\w{64}"|data-htmx-powered="\w*"| class="[^"]*"', "", html)
    return " ".join(html.split())


def test_a_rep_gets_from_sign_in_to_a_draft_and_says_where_a_number_comes_from(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    assert page.locator("#who").count() == 0, "a rep has nobody else to pick"
    draft(page)
    assert "111% of the $504,500 quota" in page.inner_text("#kept")
    ask(page, "Which deals slipped?")
    page.click("#kept a.figure.weak >> nth=0")
    page.wait_for_selector("#drawer .big:has-text('73%')")
    assert "$711,200" in page.inner_text("#drawer")
    assert page.evaluate("document.activeElement.closest('#drawer') !== null"), "the drawer takes the focus"
    page.click("#drawer .date >> nth=0")
    page.wait_for_selector("#drawer:has-text('Back to')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    assert "73%" in page.evaluate("document.activeElement.textContent"), "the focus goes back to the figure"


def test_a_statement_is_kept_in_ten_seconds_and_taken_back(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    page.fill("#note-text", "Trained two new development reps on first calls.")
    page.fill("#note-on", "2026-06-12")
    page.click("#note-box button:has-text('Keep')")
    page.wait_for_selector("#note-box [role=status]:has-text('self-reported')")
    assert page.input_value("#note-text") == ""
    page.click("text=All notes")
    kept = page.locator(".statement:has-text('Trained two new development reps')")
    kept.locator("button:has-text('Take back')").click()
    page.wait_for_selector("#kept-title")
    assert kept.count() == 0


def test_what_was_streamed_is_what_a_reload_shows(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    draft(page)
    ask(page, "Why is my forecast accuracy 73%?")
    ask(page, "make the KPI part shorter")
    ask(page, "nonsense xyzzy")
    streamed = words(page, "#log"), words(page, "#sheet")
    page.reload()
    assert (words(page, "#log"), words(page, "#sheet")) == streamed


def test_a_conversation_is_resumed_from_the_list(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    draft(page)
    page.goto(server.address)
    page.click(".list a >> nth=0")
    page.wait_for_selector("#kept article")
    assert page.inner_text(".mine >> nth=0").endswith("Draft my summary.")


@pytest.fixture
def slow(data: Path):
    """A server whose model takes its time, through the real wire protocol."""
    with FaultServer(default="slow:2") as model:
        environment = {"OPENAI_BASE_URL": model.base_url, "OPENAI_API_KEY": "none", "NO_PROXY": "127.0.0.1"}
        with serving(Server(data, DEMO.as_of.isoformat(), **environment), "--model", "openai:gpt-test") as running:
            yield running


def test_the_network_cut_in_mid_answer_loses_and_doubles_nothing(slow: Server, visit: Callable) -> None:
    wire = Wire(slow.port)
    page = visit(wire.address, may_fail=LOST)
    sign_in(page, "michael")
    page.click("text=Draft the summary")
    page.wait_for_selector(".busy")
    page.wait_for_selector("#live section")
    wire.cut()
    page.wait_for_selector("#connection.lost")
    page.wait_for_timeout(3000)
    wire.mend()
    page.wait_for_selector("#kept article")
    settle(page)
    assert page.inner_text("#connection") == ""
    streamed = words(page, "#log"), words(page, "#sheet")
    page.reload()
    assert (words(page, "#log"), words(page, "#sheet")) == streamed
    wire.close()


def test_a_server_killed_in_mid_answer_comes_back_and_offers_to_ask_again(slow: Server, visit: Callable) -> None:
    page = visit(slow.address, may_fail=LOST)
    sign_in(page, "michael")
    page.click("text=Draft the summary")
    page.wait_for_selector("#live section")
    slow.kill()
    page.wait_for_selector("#connection.lost")
    slow.start(*slow.options)
    page.wait_for_selector("button:has-text('Ask again')")
    assert "interrupted" in page.inner_text("#log")
    assert page.locator("#live section").count() > 0, "what was written so far is still there"
    page.reload()
    assert page.locator("#live section").count() > 0
    page.click("button:has-text('Ask again')")
    page.wait_for_selector("#kept article")
    settle(page)
    assert page.locator(".mine").count() == 2


def test_a_manager_edits_what_a_rep_drafted_and_another_rep_sees_nothing_of_it(server: Server, visit: Callable) -> None:
    rep = visit(server.address)
    sign_in(rep, "michael")
    draft(rep)
    address = rep.get_attribute("#kept .tools a", "href")
    manager = visit(server.address)
    sign_in(manager, "laura")
    manager.click("nav >> text=Drafts")
    manager.click(".list a:has-text('Michael Torres') >> nth=0")
    manager.click("button:has-text('Direct')")
    manager.wait_for_selector("text=Accept the new version")
    assert manager.locator(".beside ins").count() > 0
    manager.click("text=Accept the new version")
    manager.wait_for_selector(".draft .meta:has-text('edited')")
    rep.goto(f"{server.address}{address}")
    assert "laura" in rep.inner_text(".versions")
    other = visit(server.address, may_fail=("404",))
    sign_in(other, "jessica")
    assert other.goto(f"{server.address}{address}").status == 404
    assert other.goto(rep.url).status == 404
    assert "Michael" not in other.content()


def test_everything_can_be_reached_by_keyboard(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    page.keyboard.type("michael")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#begin-title")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    draft(page)
    page.focus("#text")
    page.keyboard.type("Where did I fall short?")
    page.keyboard.press("Enter")
    settle(page)
    page.focus("#kept a.figure >> nth=0")
    page.keyboard.press("Enter")
    page.wait_for_selector("#drawer .opened")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('#kept a.figure')")


def test_an_answer_is_announced_once(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    page.click("text=Just ask")
    page.wait_for_selector("#log")
    page.evaluate(
        "window.heard = []; new MutationObserver(() => heard.push(document.getElementById('announcer').textContent))"
        ".observe(document.getElementById('announcer'), {childList: true, characterData: true, subtree: true})"
    )
    ask(page, "Where did I fall short?")
    page.wait_for_timeout(200)
    heard = [each for each in page.evaluate("heard") if each]
    assert heard.count("Answered.") == 1 and len(heard) == len(set(heard)) <= 3, heard
    assert page.get_attribute("#log", "role") == "log"


# The contrast of every text with what is behind it, as WCAG 2 counts it; 3 is enough for large letters.
CONTRAST = """() => {
  const parse = (text) => { const n = text.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n };
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgb = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (colour[3] > 0.99) return colour;
    }
    return rgb(getComputedStyle(document.documentElement).backgroundColor);
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    if (!own || !box.width || style.visibility === "hidden" || element.closest("svg, .unseen, .skip, option")) continue;
    const [a, b] = [light(rgb(style.color)), light(behind(element))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < (large ? 3 : 4.5)) low.push(`${ratio.toFixed(2)} ${element.outerHTML.slice(0, 90)}`);
  }
  return [...new Set(low)];
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_can_be_read_in_light_and_dark_and_nothing_is_wider_than_a_phone(
    server: Server, visit: Callable, scheme: str
) -> None:
    page = visit(server.address, color_scheme=scheme)
    sign_in(page, "michael")
    draft(page)
    ask(page, "make the KPI part shorter")
    conversation, kept = page.url, page.get_attribute("#kept .tools a", "href")
    about = f"period={DEMO.period}&who=u111"
    reports = (f"/reports/quota_attainment?{about}", f"/figures?{about}&fact=forecast_accuracy")
    for address in ("/", conversation, kept, "/notes", "/drafts", "/reports", *reports):
        page.goto(address if "://" in address else f"{server.address}{address}")
        assert page.evaluate(CONTRAST) == [], address
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)
        page.set_viewport_size({"width": 1280, "height": 800})


def test_a_phone_shows_conversation_or_draft(server: Server, visit: Callable) -> None:
    page = visit(server.address, viewport={"width": 390, "height": 844}, has_touch=True)
    sign_in(page, "michael")
    draft_shown = page.locator("#kept article")
    page.click("text=Draft the summary")
    draft_shown.wait_for(state="attached")
    settle(page)
    assert not draft_shown.is_visible()
    page.click("[data-show=draft]")
    assert draft_shown.is_visible() and not page.locator("#log").is_visible()
    page.click("#kept a.figure >> nth=0")
    page.wait_for_selector("#drawer .opened")
    page.evaluate("document.getElementById('drawer').scrollTop = 9999")
    page.click("#drawer-close")
    page.click("#kept a.figure >> nth=0")
    page.wait_for_selector("#drawer .opened")
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    assert page.evaluate("document.activeElement.matches('#kept a.figure')"), "the focus goes back"
    page.click("[data-show=talk]")
    assert page.locator("#log").is_visible()


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_a_long_conversation_scrolls_in_its_own_place_and_the_page_does_not(
    server: Server, visit: Callable, size: tuple[int, int]
) -> None:
    page = visit(server.address, viewport={"width": size[0], "height": size[1]})
    sign_in(page, "michael")
    page.click("text=Just ask")
    page.wait_for_selector("#log")
    for _ in range(5):
        ask(page, "Where did I fall short?")
        ask(page, "nonsense xyzzy")
    page.reload()
    assert page.evaluate("document.documentElement.scrollHeight") <= size[1]
    assert page.evaluate("document.getElementById('log').scrollHeight") > size[1]
    assert page.locator("#text").is_visible() and page.locator(".mine >> nth=-1").is_visible()


def test_paper_gets_the_draft_alone(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    draft(page)
    page.emulate_media(media="print")
    assert page.locator("#kept article").is_visible()
    for each in (".top", "#log", "#ask"):
        assert not page.locator(each).is_visible()


def test_without_javascript_a_draft_is_had_by_forms_alone(server: Server, visit: Callable) -> None:
    page = visit(server.address, java_script_enabled=False)
    sign_in(page, "michael")
    page.click("text=Draft the summary")
    page.wait_for_selector("#kept article")
    page.fill("#text", "Which deals slipped?")
    page.click("#ask button:has-text('Send')")
    page.wait_for_selector(".reply >> nth=1")
    page.click("#kept a.figure >> nth=0")
    page.wait_for_selector(".opened h1")


def test_what_the_conversation_asks_is_answered_beside_the_question(server: Server, visit: Callable) -> None:
    page = visit(server.address)
    sign_in(page, "michael")
    draft(page)
    page.click(".answering summary >> nth=0")
    page.fill(".answering[open] textarea", "We let security review the proposal before it went out.")
    page.click(".answering[open] button")
    page.wait_for_selector(".mine:has-text('security review')")
    settle(page)
    assert "self-reported" in page.inner_text(".reply >> nth=-1")
