"""Every route by every role: nobody is shown what they may not see, and asking tells them nothing.

The routes come from the application itself: one that is added without saying here how it is asked fails the first test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import anyio
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from agent.access import may_state
from agent.chat.answer import Event
from agent.chat.desk import Desk
from agent.store.sessions import Session
from agent.store.store import Making, Version
from agent.web.edits import Silent
from tests.agent.web.organisation import ACCOUNTS, NAMES, Q2, SUBJECTS, World

NOW = datetime(2026, 7, 10, 9, tzinfo=UTC)
NONE = "0" * 32
# A rep, the manager whom one of theirs left, the manager whom they went to, and ops.
ROLES = ("eli", "ann", "bo", "ops")


@dataclass
class Asking:
    """Requests of one account, each with its own session."""

    client: TestClient
    world: World
    sessions: dict[str, Session] = field(default_factory=dict)

    def __call__(self, account: str, method: str, path: str, **form: str):
        session = self.sessions.get(account)
        if session is None:
            accounts, sessions = self.world.site.door.accounts, self.world.site.door.sessions
            session = self.sessions[account] = sessions.start(accounts.account(account), now=datetime.now(UTC))
        headers = {"Cookie": f"salesbrief-80={session.token}", "X-CSRF-Token": session.csrf}
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, data=form or None, follow_redirects=False)


@dataclass(frozen=True)
class Kept:
    """What is stored about each person and team, by their key: a draft, its edit, a statement; and conversations."""

    drafts: dict[str, str]
    proposals: dict[str, str]
    statements: dict[str, str]
    conversations: dict[str, str]


@pytest.fixture(scope="module")
def asking(world: World) -> Iterator[Asking]:
    with TestClient(world.app, base_url="http://localhost") as client:
        yield Asking(client, world)


@pytest.fixture(scope="module")
def kept(world: World, asking: Asking) -> Kept:
    """Drafts of everybody and of the teams, edits of them, a statement each, and a conversation of every account."""
    office, stores = world.site.office, world.site.stores
    drafts = {key: _drafted(office.begin(world.viewers["ops"], key, Q2.label)) for key in DRAFTED}
    for draft in drafts.values():
        assert asking("ops", "POST", f"/drafts/{draft}/versions/1/restore").status_code == 303
        newest = stores.drafts.version(draft)
        stores.drafts.append(draft, newest.number, newest.draft, _making(newest))
    proposals = {
        key: asking("ops", "POST", f"/drafts/{draft}/edits", wish="shorter").headers["location"].rsplit("/", 1)[1]
        for key, draft in drafts.items()
    }
    statements = {
        key: stores.statements.add(
            who=key, name=key, on=date(2026, 5, 20), kind="context", text=f"canary-{key} said so", metric=None,
            account=key, at=NOW,
        ).id
        for key in ("eli", "mia", "wim")
    }  # fmt: skip
    conversations = {}
    for account, viewer in world.viewers.items():
        desk = office.begin(viewer, viewer.person or "eli", Q2.label)
        asked = f"canary-{viewer.person} asks" if viewer.person else "ops ask"
        number = stores.conversations.ask(desk.conversation.id, asked, NOW)
        stores.conversations.keep(desk.conversation.id, number, [Event(number=1, kind="done")])
        conversations[account] = desk.conversation.id
    return Kept(drafts, proposals, statements, conversations)


DRAFTED = ("eli", "mia", "wim", "ann", "team:West")


def _drafted(desk: Desk) -> str:
    anyio.run(desk.use, "draft", {}, Silent())
    assert desk.conversation.draft_id is not None
    return desk.conversation.draft_id


def _making(version: Version) -> Making:
    return Making("ops", NOW, version.run, "edit", "the same again")


@dataclass(frozen=True)
class Case:
    """How a route is asked about somebody. `of` builds path and form from the stored things and the person's key.

    `who` says by what it is allowed: seeing the person, stating for them, or being the account itself. `status` is the
    answer to who is allowed; where it is None the page tells a refusal itself.
    """

    of: Callable[[Kept, str], tuple[str, dict[str, str]]]
    who: str = "sees"
    status: int | None = 200
    method: str = "GET"
    targets: tuple[str, ...] = SUBJECTS


def about(path: str, **more: str) -> Callable[[Kept, str], tuple[str, dict[str, str]]]:
    def made(_: Kept, key: str) -> tuple[str, dict[str, str]]:

        return (
            f"{path}?{urlencode({'who': key, 'period': Q2.label, **{n: v.format(key=key) for n, v in more.items()}})}",
            {},
        )

    return made


def drafted(path: str, **form: str) -> Callable[[Kept, str], tuple[str, dict[str, str]]]:
    def made(kept: Kept, key: str) -> tuple[str, dict[str, str]]:
        names = {"draft": kept.drafts.get(key, NONE), "proposal": kept.proposals.get(key, NONE)}
        return path.format(**names), form

    return made


def talked(path: str, **form: str) -> Callable[[Kept, str], tuple[str, dict[str, str]]]:
    return lambda kept, account: (path.format(conversation=kept.conversations.get(account, NONE)), form)


_OF_DRAFTS = (*DRAFTED, "zed")
_PEOPLE = ("eli", "mia", "wim", "zed")
_CONVERSATIONS = {"who": "is", "targets": (*ACCOUNTS, "zed")}
PUBLIC = {"sign_in", "sign_in_post", "sign_out", "static"}
# Pages about nobody in particular: only what they leak is looked at.
WHOLE = {"home": "/", "notes": "/notes", "drafts": "/drafts", "reports": "/reports"}
CASES: dict[str, Case] = {
    "begin": Case(lambda _, key: ("/c", {"who": key, "period": Q2.label, "text": ""}), status=303, method="POST",
                  targets=tuple(key for key in SUBJECTS if key != "everybody")),
    "conversation": Case(talked("/c/{conversation}"), **_CONVERSATIONS),
    "ask": Case(talked("/c/{conversation}/messages", text="help"), status=None, method="POST", **_CONVERSATIONS),
    "tell": Case(talked("/c/{conversation}/answers", text="I helped a customer", metric=""), status=None,
                 method="POST", **_CONVERSATIONS),
    "events": Case(talked("/c/{conversation}/replies/2/events"), **_CONVERSATIONS),
    "stop": Case(talked("/c/{conversation}/replies/2/stop"), status=303, method="POST", **_CONVERSATIONS),
    "keep_note": Case(lambda _, key: ("/notes", {"who": key, "text": "Helped customers.", "on": "2026-05-21"}),
                      who="states", status=None, method="POST", targets=_PEOPLE),
    "forget_note": Case(lambda kept, key: (f"/notes/{kept.statements.get(key, NONE)}/forget", {}), who="states",
                        status=303, method="POST", targets=_PEOPLE),
    "draft": Case(drafted("/drafts/{draft}"), targets=_OF_DRAFTS),
    "version": Case(drafted("/drafts/{draft}/versions/1"), targets=_OF_DRAFTS),
    "download": Case(drafted("/drafts/{draft}/versions/1.json"), targets=_OF_DRAFTS),
    "difference": Case(drafted("/drafts/{draft}/changes/1/2"), targets=_OF_DRAFTS),
    "restore": Case(drafted("/drafts/{draft}/versions/1/restore"), status=303, method="POST", targets=_OF_DRAFTS),
    "propose": Case(drafted("/drafts/{draft}/edits", wish="shorter"), status=303, method="POST", targets=_OF_DRAFTS),
    "proposal": Case(drafted("/drafts/{draft}/edits/{proposal}"), who="ops", targets=_OF_DRAFTS),
    "accept": Case(drafted("/drafts/{draft}/edits/{proposal}/accept"), who="ops", status=None, method="POST",
                   targets=_OF_DRAFTS),
    "discard": Case(drafted("/drafts/{draft}/edits/{proposal}/discard"), who="ops", status=303, method="POST",
                    targets=_OF_DRAFTS),
    "figure": Case(about("/figures", fact="revenue_won"), targets=_PEOPLE),
    "note": Case(about("/quoted", note="N-{key}"), targets=_PEOPLE),
    "record": Case(about("/records", fact="revenue_won", table="deals", id="D-{key}-2"), targets=_PEOPLE),
    "report": Case(about("/reports/deals_won_and_lost")),
    "report_download": Case(about("/reports/loss_reasons.json")),
    "report_records": Case(about("/reports/deals_won_and_lost/records", by="total", column="deals_won", row="{key}"),
                           status=None),
}  # fmt: skip


def test_every_route_says_how_it_is_asked(world: World) -> None:
    names = {route.name for route in world.app.routes}
    assert names == CASES.keys() | WHOLE.keys() | PUBLIC
    methods = {route.name: route.methods for route in world.app.routes if isinstance(route, Route)}
    assert all(case.method in methods[name] for name, case in CASES.items())
    assert all(methods[name] == {"GET", "HEAD"} for name in WHOLE)


@pytest.mark.parametrize("name", [*CASES, *WHOLE])
def test_nobody_comes_in_without_signing_in(world: World, asking: Asking, kept: Kept, name: str) -> None:
    path, form = CASES[name].of(kept, "eli") if name in CASES else (WHOLE[name], {})
    method = CASES[name].method if name in CASES else "GET"
    asking.client.cookies.clear()
    answer = asking.client.request(method, path, data=form or None, follow_redirects=False)
    assert answer.status_code in (303, 401, 403)
    assert "canary" not in answer.text and (answer.status_code != 303 or "/sign-in" in answer.headers["location"])


@pytest.mark.parametrize("account", ROLES)
@pytest.mark.parametrize("name", WHOLE)
def test_lists_hold_only_what_may_be_seen(world: World, asking: Asking, kept: Kept, name: str, account: str) -> None:
    answer = asking(account, "GET", WHOLE[name])
    assert answer.status_code == 200
    assert world.leaks(account, answer.text) == set()
    hidden = [draft for key, draft in kept.drafts.items() if not world.may_see(account, key)]
    assert not [draft for draft in hidden if draft in answer.text]


@pytest.mark.parametrize("account", ROLES)
@pytest.mark.parametrize("name", CASES)
def test_a_route_shows_what_may_be_seen_and_else_what_it_shows_of_nobody(
    world: World, asking: Asking, kept: Kept, name: str, account: str
) -> None:
    case = CASES[name]
    for key in case.targets:
        before = _state(world)
        answer = _asked(asking, account, case, kept, key)
        assert world.leaks(account, answer.text) == set(), key
        if _allowed(world, account, case, key):
            assert case.status is None or answer.status_code == case.status, (key, answer.text[-800:])
            continue
        assert _state(world) == before, key
        if case.who == "is" or not world.may_see(account, key):
            assert _told(answer) == _told(_asked(asking, account, case, kept, case.targets[-1])), key
            assert not [name for name in _hidden(world, account) if name in answer.text], key


def _asked(asking: Asking, account: str, case: Case, kept: Kept, key: str):
    path, form = case.of(kept, key)
    return asking(account, case.method, path, **form)


def _told(answer) -> tuple[int, str]:
    """What an answer tells in the middle of its page, but for the words of the question and the names that come near.

    Names that come near are those of people who may be seen, which is looked at apart.
    """
    text = re.sub(r".*<main[^>]*>|</main>.*|<[^>]+>", " ", answer.text, flags=re.S)
    quoted = re.sub(r"&#34;.*?&#34;|\".*?\"", "…", text)
    return answer.status_code, " ".join(re.sub(r"(Did you mean|Known:) [^.?]*[.?]", "", quoted).split())


def _hidden(world: World, account: str) -> list[str]:
    """The names of everybody whom the account may not see."""
    return [name for person, name in NAMES.items() if not world.may_see(account, person)]


def _allowed(world: World, account: str, case: Case, key: str) -> bool:
    if case.who == "is":
        return account == key
    if not world.may_see(account, key):
        return False
    if case.who == "states":
        return may_state(world.viewers[account], key, Q2, world.access(account).roster)
    return case.who == "sees" or account == case.who


def _state(world: World) -> object:
    """Everything that is kept but conversations, which are the asker's own."""
    stores = world.site.stores
    drafts = [(each.id, each.versions) for each in stores.drafts.drafts()]
    return sorted(drafts), [each.id for key in ("eli", "mia", "wim") for each in stores.statements.about(key)]


def test_rows_of_who_moved_on_are_in_no_report_of_their_old_manager(world: World, asking: Asking) -> None:
    for form in (".csv?", ".json?", "?"):
        page = asking("ann", "GET", f"/reports/deals_won_and_lost{form}period=2026-Q2&who=ann&by=rep").text
        assert "Eli Holm" in page and "Mia Dahl" not in page.split("<tbody>")[-1]
    assert "1 who left the team" in page


def test_a_report_without_a_name_shows_the_most_that_may_be_seen(asking: Asking) -> None:
    assert "Everybody" in asking("ops", "GET", "/reports/deals_won_and_lost").text
    assert "Bo Lind" in asking("bo", "GET", "/reports/deals_won_and_lost").text


def test_a_conversation_of_a_name_that_was_somebody_elses_is_not_shown_to_who_has_it_now(
    world: World, asking: Asking, kept: Kept
) -> None:
    stores = world.site.stores
    left = stores.conversations.begin("wim", "eli", "canary-eli", Q2.label, NOW)
    assert asking("wim", "GET", f"/c/{left.id}").status_code == 404
    assert "canary-eli" not in asking("wim", "GET", "/").text
