"""Pages as a browser gets them: headers, escaping, what a screen reader needs, and streams that reconnect."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from agent.chat.answer import Event, Notice, Said
from agent.draft import Statement, Text
from agent.web.app import build_app
from agent.web.rendering import Reader, message_html, reply_view
from agent.web.site import STATIC
from tests.agent.web.organisation import Q2, World, build_world

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


class Page(HTMLParser):
    """What stands in a page: elements in their order, with their attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.problems: list[str] = []
        self.feed(html)
        self.problems += [f"<{name}> is not closed" for name in self.open if name not in ("li", "p")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            self.problems.append(f"</{tag}> after <{self.open[-1] if self.open else ''}>")
        else:
            self.open.pop()

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name in names]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """An organisation of this file's own: what it drafts and edits is in nobody's way."""
    return build_world(tmp_path_factory.mktemp("pages"))


@pytest.fixture(scope="module")
def browser(world: World) -> Iterator[TestClient]:
    """Signed in as Eli, a rep."""
    with TestClient(world.app, base_url="http://localhost") as client:
        door = world.site.door
        session = door.sessions.start(door.accounts.account("eli"), now=datetime.now(UTC))
        client.cookies.set("salesbrief-80", session.token)
        client.headers["X-CSRF-Token"] = session.csrf
        yield client


@pytest.fixture(scope="module")
def talked(browser: TestClient) -> str:
    """The address of a conversation in which a draft and a question were answered."""
    begun = browser.post("/c", data={"who": "eli", "period": Q2.label, "text": "Draft my summary."})
    assert begun.status_code == 200, begun.text
    path = begun.url.path
    _settled(browser, path)
    browser.post(f"{path}/messages", data={"text": "Why is my win rate what it is?"})
    _settled(browser, path)
    return path


def _settled(browser: TestClient, path: str) -> str:
    for _ in range(600):
        html = browser.get(path).text
        if 'class="busy"' not in html:
            return html
        time.sleep(0.05)
    raise AssertionError("the answer did not end")


def addresses(browser: TestClient, talked: str) -> list[str]:
    """Every kind of page, as somebody who clicks gets there."""
    conversation = browser.get(talked).text
    draft = re.search(r'href="(/drafts/\w+)"', conversation)[1]
    figure, record = (
        re.search(rf'href="(/{name}\?[^"]+)"', conversation)[1].replace("&amp;", "&") for name in ("figures", "records")
    )
    return [
        "/", talked, "/drafts", draft, f"{draft}/versions/1", "/notes", "/reports", figure, record,
        f"/reports/loss_reasons?period={Q2.label}&who=eli",
    ]  # fmt: skip


def test_every_page_is_sound_and_can_be_heard(browser: TestClient, talked: str) -> None:
    for address in addresses(browser, talked):
        answer = browser.get(address)
        assert answer.status_code == 200, f"{address}: {answer.text[:200]}"
        page = Page(answer.text)
        assert page.problems == [], address
        assert page.all("html")[0]["lang"] == "en"
        assert len(page.all("main")) == len(page.all("h1")) == 1, address
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), f"{address} repeats {[each for each in ids if ids.count(each) > 1]}"
        named = {attributes.get("for") for attributes in page.all("label")}
        for field in page.all("input", "select", "textarea"):
            hidden = field.get("type") == "hidden"
            assert hidden or field.get("id") in named or "aria-label" in field or _wrapped(answer.text, field), address
        for _, attributes in page.elements:
            for name in ("aria-labelledby", "aria-describedby"):
                assert all(each in ids for each in (attributes.get(name) or "").split()), f"{address}: {attributes}"
        levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h[1-6]", name)]
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), (address, levels)


def _wrapped(html: str, field: dict[str, str | None]) -> bool:
    """Whether the field stands inside its label."""
    return re.search(rf'<label[^>]*>(?:(?!</label>).)*name="{field.get("name")}"', html, re.S) is not None


def test_no_page_holds_a_script_or_style_of_its_own_or_fetches_from_elsewhere(browser: TestClient, talked: str) -> None:
    for address in addresses(browser, talked):
        page = Page(browser.get(address).text)
        assert not page.all("style", "iframe", "object", "embed", "img", "base")
        assert all((each.get("src") or "").startswith("/static/") for each in page.all("script"))
        for name, attributes in page.elements:
            assert "style" not in attributes and not any(each.startswith("on") for each in attributes), (name, address)
            for target in ("href", "src", "action", "hx-get", "hx-post", "hx-sse:connect"):
                value = attributes.get(target)
                assert value is None or value.startswith(("/", "#")) and not value.startswith("//"), (address, value)


def test_every_form_that_changes_something_carries_its_token(browser: TestClient, talked: str) -> None:
    for address in addresses(browser, talked):
        html = browser.get(address).text
        forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.S)
        assert all('name="csrf"' in form for form in forms), address


def test_every_answer_keeps_the_page_to_itself(browser: TestClient) -> None:
    for address in ("/", "/nowhere", "/static/style.css", "/sign-in", "/figures"):
        headers = browser.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


def test_what_pages_show_is_kept_by_no_cache_and_files_for_good(browser: TestClient) -> None:
    assert browser.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in browser.get("/static/style.css").headers["cache-control"]


def test_the_vendored_files_come_with_their_licences() -> None:
    assert {"LICENSE-htmx.txt"} <= {each.name for each in (STATIC / "vendor").iterdir()}
    assert sum(each.name.startswith("LICENSE") for each in (STATIC / "fonts").iterdir()) == 2


def test_a_figure_is_a_part_for_the_drawer_and_a_page_of_its_own(browser: TestClient) -> None:
    address = f"/figures?who=eli&period={Q2.label}&fact=win_rate"
    whole, part = browser.get(address).text, browser.get(address, headers={"HX-Request": "true"}).text
    assert "<html" in whole and "<html" not in part
    assert 'tabindex="-1"' in part and "Win rate" in part


def test_what_cannot_be_shown_is_told_in_a_sentence(browser: TestClient) -> None:
    for address in ("/c/ffffffff", "/drafts/ffff", "/figures?who=eli&period=2026-Q2&fact=nonsense", "/nowhere"):
        answer = browser.get(address)
        assert answer.status_code == 404 and "Traceback" not in answer.text and "<h1>" in answer.text
        assert "<html" not in browser.get(address, headers={"HX-Request": "true"}).text


def test_what_a_person_types_is_shown_as_characters(browser: TestClient, talked: str) -> None:
    words = '<img src=x onerror=alert(1)> {{7*7}} </li><script>x</script> <hx-partial hx-target="body">'
    browser.post(f"{talked}/messages", data={"text": words})
    html = _settled(browser, talked)
    assert "<img" not in html and "<script>x" not in html and "<hx-partial" not in html and "{{7*7}}" in html


def test_a_note_is_kept_from_the_box_and_the_box_comes_back(browser: TestClient) -> None:
    note = {"text": "Met the new buyer.", "who": "eli", "on": "2026-06-12"}
    kept = browser.post("/notes", data=note, headers={"HX-Request": "true"})
    assert kept.status_code == 200 and "<html" not in kept.text and 'id="note-box"' in kept.text
    assert "self-reported" in kept.text and 'role="status"' in kept.text
    refused = browser.post("/notes", data=note | {"on": "2027-01-01"}, headers={"HX-Request": "true"})
    assert "still to come" in refused.text and "Met the new buyer." in refused.text


def test_a_question_too_long_or_empty_is_refused_in_a_sentence(browser: TestClient, talked: str) -> None:
    assert browser.post(f"{talked}/messages", data={"text": "x" * 5000}).status_code == 400
    assert browser.post(f"{talked}/messages", data={"text": "  "}).status_code == 400


def test_a_stream_read_in_two_parts_says_what_one_read_whole_says(browser: TestClient, talked: str) -> None:
    events = f"{talked}/replies/2/events"
    whole = browser.get(events).text.split("\n\n")
    for cut in (1, 3, len(whole) - 4):
        last = re.search(r"^id: (\d+)$", whole[cut], re.M)[1]
        rest = browser.get(events, headers={"Last-Event-ID": last}).text.split("\n\n")
        assert rest == whole[cut + 1 :], cut


def test_a_stream_ends_by_saying_so_also_when_nothing_is_left(browser: TestClient, talked: str) -> None:
    answer = browser.get(f"{talked}/replies/2/events?after=9999").text
    assert answer.endswith("event: ended\ndata: .\n\n")


def test_without_javascript_an_answer_stands_on_the_page_that_comes_back(browser: TestClient, talked: str) -> None:
    answer = browser.post(f"{talked}/messages", data={"text": "What is missing?"})
    assert answer.status_code == 200 and answer.url.path == talked
    assert "What is missing?" in _settled(browser, talked)


def test_without_javascript_a_question_that_is_not_taken_stands_in_the_box_with_the_reason(
    browser: TestClient, world: World, talked: str
) -> None:
    desk = world.site.office.find(world.viewers["eli"], talked.removeprefix("/c/"))
    keep = world.site.stores.conversations
    running = keep.ask(desk.conversation.id, "What is missing?", datetime.now(UTC))
    for words, why in (("And <b>what</b> slipped?", "still being written"), ("x" * 4001, "at most 4,000")):
        answer = browser.post(f"{talked}/messages", data={"text": words})
        assert answer.status_code == 400 and Page(answer.text).problems == []
        assert why in re.search(r'id="refused">(.*?)</p>', answer.text)[1]
        assert f">{escape(words)}</textarea>" in answer.text and "http-equiv" not in answer.text
    keep.keep(desk.conversation.id, running, [Event(number=1, kind="done")])


def test_an_edit_is_shown_beside_the_old_and_kept_only_when_accepted(browser: TestClient, talked: str) -> None:
    draft = re.search(r'href="(/drafts/\w+)"', browser.get(talked).text)[1]
    versions = browser.get(draft).text.count("/versions/")
    proposal = browser.post(f"{draft}/edits", data={"wish": "start with the next steps"})
    assert "Accept the new version" in proposal.text
    assert browser.get(draft).text.count("/versions/") == versions
    accepted = browser.post(f"{proposal.url.path}/accept")
    assert re.fullmatch(rf"{draft}/versions/\d+", accepted.url.path)
    assert browser.get(draft).text.count("/versions/") > versions
    assert browser.get(proposal.url.path).status_code == 404


def test_of_two_edits_of_one_version_the_second_is_told_that_somebody_was_faster(
    browser: TestClient, talked: str
) -> None:
    draft = re.search(r'href="(/drafts/\w+)"', browser.get(talked).text)[1]
    one, other = (browser.post(f"{draft}/edits", data={"wish": wish}) for wish in ("shorter", "start with the scope"))
    assert browser.post(f"{one.url.path}/accept").status_code == 200
    late = browser.post(f"{other.url.path}/accept")
    assert late.status_code == 409 and "nothing was overwritten" in late.text


def test_a_proposal_can_still_be_accepted_when_the_server_was_started_again(
    browser: TestClient, world: World, talked: str
) -> None:
    draft = re.search(r'href="(/drafts/\w+)"', browser.get(talked).text)[1]
    proposal = browser.post(f"{draft}/edits", data={"wish": "leave out the next steps"}).url.path
    shown = browser.get(proposal).text
    started = build_app(world.site)
    with TestClient(started, base_url="http://localhost", headers=browser.headers, cookies=browser.cookies) as later:
        assert _words(later.get(proposal).text) == _words(shown) and "Accept the new version" in shown
        accepted = later.post(f"{proposal}/accept")
    assert re.fullmatch(rf"{draft}/versions/\d+", accepted.url.path)
    assert browser.get(proposal).status_code == 404


def test_a_proposal_cut_off_by_the_servers_end_says_so_and_is_asked_for_again_in_one_click(
    browser: TestClient, world: World, talked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = re.search(r'href="(/drafts/\w+)"', browser.get(talked).text)[1]
    keep = world.site.stores.proposals
    version = world.site.stores.drafts.version(draft.removeprefix("/drafts/"))
    monkeypatch.setattr("agent.store.proposals.this_worker", lambda: f"{socket.gethostname()}/{os.getpid()}/before")
    cut = keep.begin("eli", version.draft_id, version.number, "shorter", ["kpis"], world.site.office.now())
    monkeypatch.undo()
    shown = browser.get(f"{draft}/edits/{cut.id}").text
    assert "was stopped while this was being written" in shown and "Ask again" in shown
    form = re.search(r'<form method="post" action="(/drafts/\w+/edits)">(.*?)</form>', shown)
    asked = dict(re.findall(r'name="(wish|section)" value="([^"]*)"', form[2]))
    assert asked == {"wish": "shorter", "section": "kpis"}
    again = browser.post(form[1], data=asked).text
    assert "“shorter”, on version" in again and "was stopped" not in again


def _words(html: str) -> list[str]:
    return re.sub(r'value="\w{64}"', "", html).split()


def test_a_downloaded_draft_is_never_shown_as_a_page(browser: TestClient, talked: str) -> None:
    draft = re.search(r'href="(/drafts/\w+)"', browser.get(talked).text)[1]
    for form in ("md", "json"):
        answer = browser.get(f"{draft}/versions/1.{form}")
        assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert browser.get(f"{draft}/versions/1.html").status_code == 400


def test_what_is_streamed_is_what_stands_on_the_page_afterwards(world: World) -> None:
    reader = Reader(world.site, world.viewers["eli"], "0" * 8, "token")
    steps = (
        Event(number=1, kind="working", text="looking <b>it</b> up"),
        Event(number=2, kind="block", block=Notice(text="Kept <i>so</i>.")),
        Event(number=3, kind="done"),
    )
    streamed = "".join(message_html(4, steps[:place], step, reader) for place, step in enumerate(steps))
    view = reply_view(4, steps, reader)
    assert view.ending is not None and view.working == ""
    assert all(str(block) in streamed for block in view.blocks)
    assert "<b>" not in streamed and "<i>" not in streamed


def test_a_models_sentences_are_one_paragraph_streamed_or_loaded(world: World) -> None:
    reader = Reader(world.site, world.viewers["eli"], "0" * 8, "token")
    said = [Said(statements=(Statement(parts=(Text(text=each),), text=each),), by="model")
            for each in ("One.", "Two & more.", "Three.")]  # fmt: skip
    blocks = (said[0], said[1], Notice(text="A table was here."), said[2])
    steps = tuple(Event(number=place, kind="block", block=block) for place, block in enumerate(blocks, 1))
    first, second, notice, last = (message_html(4, steps[:place], step, reader) for place, step in enumerate(steps))
    loaded = reply_view(4, steps, reader).blocks
    assert len(loaded) == 3 and 'id="reply-4-said-1"' in first and 'id="reply-4-said-4"' in last
    assert 'hx-target="#reply-4-said-1" hx-swap="beforeend"' in second and "<p" not in second.replace("<hx-p", "")
    assert loaded[0].count("<p ") == 1 and "<span>One. </span><span>Two &amp; more. </span>" in loaded[0]
    assert "<span>Two &amp; more. </span>" in second and str(loaded[1]) in notice and str(loaded[2]) in last
