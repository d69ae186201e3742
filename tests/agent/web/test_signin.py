"""The door: signing in and out, cookies, forms that only their own page can send, and where nobody is let in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from agent.access import Viewer
from agent.store.accounts import Accounts
from agent.store.database import open_database
from agent.store.sessions import Sessions
from agent.web.app import build_app
from agent.web.sessions import Door, safe_next
from tests.agent.web.organisation import PASSWORD, World

NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)


@pytest.fixture
def client(world: World) -> Iterator[TestClient]:
    with TestClient(world.app, base_url="http://localhost") as client:
        yield client


@pytest.fixture
def alone(world: World, tmp_path: Path) -> Iterator[TestClient]:
    """The same pages without any account, for the one person at the machine."""
    engine = open_database(f"sqlite:///{tmp_path / 'drafts.db'}")
    door = Door(Accounts(engine), Sessions(engine), lambda: NOW, False, Viewer("me", "ops", alone=True))
    with TestClient(build_app(replace(world.site, door=door)), base_url="http://localhost") as client:
        yield client


def csrf_of(page: str) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', page)[1]


def sign_in(client: TestClient, name: str = "eli", password: str = PASSWORD, **more: str):
    form = {"name": name, "password": password, "csrf": csrf_of(client.get("/sign-in").text), **more}
    return client.post("/sign-in", data=form, follow_redirects=False)


def test_a_page_sends_to_the_sign_in_page_and_back(client):
    sent = client.get("/reports?x=1", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in?next=/reports%3Fx%3D1")
    assert sign_in(client, next="/reports?x=1").headers["location"] == "/reports?x=1"
    assert client.get("/reports").status_code == 200


def test_wrong_names_and_passwords_are_told_alike_and_let_nobody_in(client):
    wrong = [sign_in(client, *each) for each in (("eli", "wrong password"), ("nobody", PASSWORD), ("<b>", "x"))]
    told = [re.sub(r'value="[^"]*"', "", each.text) for each in wrong]
    assert {each.status_code for each in wrong} == {401} and len(set(told)) == 1
    assert "Name or password is wrong" in told[0] and "&lt;b&gt;" in wrong[2].text
    assert client.get("/reports", follow_redirects=False).status_code == 303


def test_guessing_is_told_how_long_to_wait(client):
    answers = [sign_in(client, "guessed", "wrong password") for _ in range(6)]
    assert answers[-1].status_code == 429
    # A second may have gone by meanwhile.
    assert int(answers[-1].headers["retry-after"]) in range(1, 6)
    assert "try again in" in answers[-1].text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(client):
    cookie = sign_in(client).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie


def test_over_tls_the_cookie_never_leaves_it(world):
    with TestClient(world.app, base_url="https://sales.example") as client:
        cookie = sign_in(client).headers["set-cookie"]
        assert cookie.startswith("__Host-salesbrief=") and "Secure" in cookie and "Domain" not in cookie
        assert client.get("/reports").status_code == 200


def test_signing_in_takes_a_new_secret(client):
    client.get("/sign-in")
    before = dict(client.cookies)
    sign_in(client)
    assert dict(client.cookies) != before


def test_signing_out_ends_the_session_on_the_server_too(client):
    sign_in(client)
    stolen = dict(client.cookies)
    client.post("/sign-out", data={"csrf": csrf_of(client.get("/reports").text)})
    client.cookies.clear()
    client.cookies.update(stolen)
    assert client.get("/reports", follow_redirects=False).status_code == 303


def test_a_disabled_account_is_out_at_once(world, client):
    accounts = world.site.door.accounts
    accounts.add("brief", PASSWORD, "rep", "eli", now=NOW)
    sign_in(client, "brief")
    assert client.get("/reports").status_code == 200
    accounts.disable("brief", now=NOW)
    assert client.get("/reports", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("given", [{}, {"csrf": ""}, {"csrf": "0" * 64}])
def test_a_form_without_its_pages_token_changes_nothing(client, given):
    sign_in(client)
    assert client.post("/sign-out", data=given).status_code == 403
    assert client.get("/reports").status_code == 200


def test_the_token_of_another_session_does_not_fit(world, client):
    sign_in(client)
    with TestClient(world.app, base_url="http://localhost") as other:
        sign_in(other, "wim")
        foreign = csrf_of(other.get("/reports").text)
    assert client.post("/sign-out", data={"csrf": foreign}).status_code == 403


@pytest.mark.parametrize(
    "header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_a_page_elsewhere_cannot_send_even_the_right_token(client, header):
    sign_in(client)
    token = csrf_of(client.get("/reports").text)
    assert client.post("/sign-out", data={"csrf": token}, headers=header).status_code == 403


def test_a_body_that_is_no_form_or_far_too_long_is_refused(client):
    sign_in(client)
    broken = client.post("/sign-out", content=b"--x", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert broken.status_code == 403
    assert client.post("/sign-out", data={"csrf": "x" * 2_000_000}).status_code == 403


def test_what_asks_for_no_page_is_told_so_in_its_own_way(client):
    assert client.get("/reports", headers={"Accept": "application/json"}).status_code == 401
    part = client.get("/figures", headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/drafts/1"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in?next=/drafts/1")


def test_answers_are_kept_in_no_cache(client):
    sign_in(client)
    assert client.get("/reports").headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "wanted",
    ["", None, "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/%0d%0aSet-Cookie:x\r\n", "/\tx", "evil", "///evil.example", "/sign-out", "/sign-in?next=/x", "/ü",
     "/" + "x" * 3000],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(wanted):
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize("wanted", ["/", "/reports", "/drafts/1?x=//y", "/c/abc#message-2"])
def test_pages_of_ours_are_gone_back_to(wanted):
    assert safe_next(wanted) == wanted


def test_without_accounts_the_person_at_the_machine_is_let_in(alone):
    page = alone.get("/reports")
    assert page.status_code == 200 and "Sign out" not in page.text


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "192.0.2.1"}, {"Host": "localhost.evil.example"},
     {"X-Forwarded-For": "192.0.2.9"}, {"Forwarded": "for=192.0.2.9"}],
)  # fmt: skip
def test_without_accounts_no_other_name_and_no_proxy_is_served(alone, headers):
    assert alone.get("/reports", headers=headers).status_code == 403


def test_without_accounts_forms_still_need_their_token(alone):
    alone.get("/")
    assert alone.post("/notes", data={"text": "x", "who": "eli"}).status_code == 403


def test_the_first_account_ends_the_one_person_mode(alone, world):
    assert alone.get("/reports").status_code == 200
    alone.app.state.site.door.accounts.add("first", PASSWORD, "ops", None, now=NOW)
    assert alone.get("/reports", follow_redirects=False).status_code == 303
