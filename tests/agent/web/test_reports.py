"""Report pages: what they show, figures that open to their records, addresses that stay, downloads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from tests.agent.web.organisation import EVIL, NAMES, Q2, SELLERS, World, build_world
from tools.reports.listing import REPORTS


@pytest.fixture(scope="module")
def client(world: World) -> Iterator[TestClient]:
    """Signed in as ops."""
    door = world.site.door
    with TestClient(world.app, base_url="http://localhost") as client:
        session = door.sessions.start(door.accounts.account("ops"), now=datetime.now(UTC))
        client.headers["Cookie"] = f"salesbrief-80={session.token}"
        yield client


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs) -> None:  # noqa: ANN001
        self.found.append((tag, dict(attrs)))

    def links(self, beginning: str = "") -> list[str]:
        found = (each.get("href") or "" for tag, each in self.found if tag == "a")
        return [link for link in found if link.startswith(beginning)]


def test_the_list_says_what_each_report_shows_and_why(client):
    text = unescape(client.get("/reports").text)
    for report in REPORTS:
        assert f"/reports/{report.name}" in text and report.title in text and report.why in text


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.name)
def test_every_report_has_a_page(client, report):
    page = client.get(f"/reports/{report.name}?period=2026-Q2")
    assert page.status_code == 200 or "import it for this report" in page.text
    assert report.title in page.text


def test_figures_are_those_of_the_records(client):
    # Each won 30,000 + 40,000 + 50,000 in Q2, and 0, 1 or 2 dollars more a deal: 360,009 in all.
    page = client.get("/reports/deals_won_and_lost?period=2026-Q2").text
    cells = re.sub(r"<[^>]+>", " ", page.split("<tbody>")[1])
    assert "$120,000" in cells and "$120,003" in cells and "$360,009" in cells


def test_each_number_opens_its_records(client):
    page = Elements(client.get("/reports/deals_won_and_lost?period=2026-Q2").text)
    opened = page.links("/reports/deals_won_and_lost/records?")
    assert len(opened) == 4 * (len(SELLERS) + 1)
    for address in opened:
        answer = client.get(address)
        assert answer.status_code == 200, address
    eli = client.get(
        "/reports/deals_won_and_lost/records?period=2026-Q2&who=everybody&row=Eli+Holm&column=deals_won"
    ).text
    assert re.findall(r">(D-\w+-\d)<", eli) == ["D-eli-2", "D-eli-3", "D-eli-4"]


def test_an_address_says_what_it_shows_and_shows_it_again(client):
    first = client.get("/reports/loss_reasons?period=2026-Q2&who=Eli+Holm&by=stage&where=segment%3Dsmb").text
    (address,) = {link for link in Elements(first).links("/reports/loss_reasons?") if "by=stage" in link}
    assert address == "/reports/loss_reasons?period=2026-Q2&who=eli&by=stage&where=segment%3Dsmb"
    assert client.get(address).text == first


def test_options_are_forms_that_need_no_script(client):
    page = Elements(client.get("/reports/activities?period=2026-Q2").text)
    forms = [each for tag, each in page.found if tag == "form" and each.get("method") == "get"]
    names = {each["name"] for tag, each in page.found if tag in ("select", "input") and "name" in each}
    assert [each["action"] for each in forms] == ["/reports/activities"]
    assert {"period", "who", "by", "every", "where"} <= names


def test_a_picture_says_in_words_what_it_shows(client):
    page = client.get("/reports/deals_won_and_lost?period=2026-Q2").text
    assert re.search(r"<desc[^>]*>[^<]*Eli Holm 3; Mia Dahl 3; Wim Zant 3", page)


def test_downloads_hold_the_same_rows(client):
    query = "period=2026-Q2&by=rep"
    table = json.loads(client.get(f"/reports/deals_won_and_lost.json?{query}").text)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/reports/deals_won_and_lost.csv?{query}").text)))
    assert [row["rep"] for row in rows] == [row["rep"] for row in table["rows"]]
    assert [int(row["revenue_won"]) for row in rows] == [row["revenue_won"] for row in table["rows"]]


def test_a_name_from_the_records_is_no_formula_in_a_spreadsheet(world):
    from agent.web.reports import _harmless
    from tools.reports.table import Line, ReportTable

    names = ["=cmd|' /C calc'!A0", "+1", "-1", "@x", "Acme"]
    table = ReportTable("r", "R", "", ("rep",), (), tuple(Line((name,), ()) for name in names), {}, (), None)
    assert [line.labels[0] for line in _harmless(table).lines] == [*(f"'{name}" for name in names[:4]), "Acme"]


@pytest.mark.parametrize(
    ("address", "status"),
    [("/reports/nothing", 404), ("/reports/loss_reasons.xlsx", 404), ("/reports/loss_reasons?period=tomorrow", 400),
     ("/reports/loss_reasons?by=colour", 400), ("/reports/loss_reasons?every=day", 400),
     ("/reports/loss_reasons?where=x", 400), ("/reports/loss_reasons?where=x%3Dy", 400),
     ("/reports/loss_reasons?who=eli&team=East", 400), ("/reports/loss_reasons?who=zed", 404),
     ("/reports/loss_reasons/records?row=x&column=y", 404)],
)  # fmt: skip
def test_what_cannot_be_shown_is_told_in_a_sentence(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status and "Traceback" not in answer.text


PAGES = (
    "/", "/notes", "/drafts", "/figures?who=eli&period=2026-Q2&fact=revenue_won",
    "/figures?who=eli&period=2026-Q2&fact=loss_reasons", "/records?who=eli&period=2026-Q2&fact=revenue_won&id=D-eli-2",
    "/quoted?who=eli&period=2026-Q2&note=N-eli", "/reports/loss_reasons?period=2026-Q2",
    "/reports/revenue_by_source?period=2026-Q2", "/reports/deal_changes?period=2026-Q2",
    "/reports/deals_won_and_lost?period=2026-Q2&where=lost_reason%3D%3Cscript%3E",
    "/reports/loss_reasons/records?period=2026-Q2&who=eli&column=loss_reasons&row=x",
    "/reports/deals_won_and_lost/records?period=2026-Q2&who=everybody&row=Eli+Holm&column=deals_won",
    "/sign-in?next=%22%3E%3Cscript%3E", "/reports/%3Cscript%3E",
    "/reports/loss_reasons?who=%3Cscript%3Ealert(1)%3C/script%3E",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_markup_in_records_and_addresses_is_words_on_every_page(client, address):
    answer = client.get(address, follow_redirects=True)
    assert_harmless(answer.text)


QUESTIONS = (
    "Draft my summary.", "Which deals slipped?", "Why do I lose deals?", "Which deals are stuck?", "loss reasons",
    f"add that {EVIL[:60]} happened", "Why is my revenue won what it is?", EVIL,
)  # fmt: skip


def test_markup_in_records_and_questions_is_words_in_a_conversation_and_its_draft(world, client):
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get("/").text)[1]
    begun = client.post("/c", data={"csrf": csrf, "who": "eli", "period": "2026-Q2"}, follow_redirects=False)
    address = begun.headers["location"].partition("#")[0]
    for question in QUESTIONS:
        said = client.post(f"{address}/messages", data={"csrf": csrf, "text": question}, follow_redirects=True)
        assert said.status_code == 200
    number = 2 * len(QUESTIONS)
    assert_harmless(client.get(address).text)
    for reply in range(2, number + 1, 2):
        assert_harmless(client.get(f"{address}/replies/{reply}/events").text)
    draft = world.site.office.find(world.viewers["ops"], address.rsplit("/", 1)[1]).conversation.draft_id
    page = client.get(f"/drafts/{draft}").text
    assert "&lt;b&gt;renewals&lt;/b&gt;" in page and "150" not in re.sub(r"<[^>]+>", "", page)
    assert_harmless(page)


def test_the_injected_words_do_stand_on_the_pages(client):
    """Else the test above would look at nothing."""
    shown = sum("&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(address).text for address in PAGES)
    assert shown >= 5 and "<script>" in EVIL


def test_instructions_in_records_change_no_figure(world):
    sheet = world.site.office.facts.sheet("eli", Q2.label, world.site.office.today())
    figures = {fact.id: fact.value for fact in sheet.facts}
    # Won 30,000, 40,000 and 50,000 of a quota of 200,000; lost as many deals.
    assert (figures["revenue_won"], figures["quota_attainment"], figures["win_rate"]) == (120_000, 0.6, 0.5)
    assert not any("Ignore all your rules" in note.text for note in sheet.evidence)


def assert_harmless(text: str) -> None:
    """Nothing on the page runs, loads or leads away that is not ours."""
    for tag, attributes in Elements(text).found:
        assert tag not in ("img", "iframe", "object", "embed", "style", "base", "math"), (tag, attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        assert tag != "script" or (attributes.get("src") or "").startswith("/static/"), attributes
        for name in ("href", "src", "action", "hx-get", "hx-post"):
            address = attributes.get(name)
            assert address is None or re.match(r"/(?!/)|#", address), (tag, name, address)


def test_two_people_of_one_name_open_each_to_their_own_records(tmp_path, monkeypatch):
    monkeypatch.setitem(NAMES, "wim", NAMES["mia"])
    world = build_world(tmp_path)
    door = world.site.door
    with TestClient(world.app, base_url="http://localhost") as client:
        session = door.sessions.start(door.accounts.account("ops"), now=datetime.now(UTC))
        client.headers["Cookie"] = f"salesbrief-80={session.token}"
        page = Elements(client.get("/reports/quota_attainment?period=2026-Q2&by=rep").text)
        links = [link for link in page.links("/reports/quota_attainment/records") if "of=" in link]
        assert {re.search(r"of=(\w+)", link)[1] for link in links} == {"mia", "wim"}
        seen = set()
        for link in links:
            found = set(re.findall(r"D-(\w+)-\d", client.get(link).text))
            assert found <= set(re.findall(r"of=(\w+)", link)), link
            seen |= found
        assert seen == {"mia", "wim"}
