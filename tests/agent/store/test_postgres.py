"""The same store on PostgreSQL, on a server of the test's own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.chat.answer import Event
from agent.store.attempts import FREE_OF_BOTH, Attempts, TooManyAttempts
from agent.store.conversations import ReplyRunning
from agent.store.store import DraftStore, VersionConflict
from agent.store.stores import Stores

pytestmark = pytest.mark.services
_HERE = Path(__file__).parent
_SPEC = importlib.util.spec_from_file_location("store_drafts", _HERE / "drafts.py")
drafts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drafts)


def _program(name: str) -> str:
    found = shutil.which(name) or next(map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))), None)
    if found is None:
        pytest.fail(f"{name} is not installed; install postgresql")
    return found


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A database on a Unix socket only; initdb refuses to run as root, so root lends it to another user."""
    folder = Path(tempfile.mkdtemp(prefix="salesbrief-pg-"))
    user = {}
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        user = {"user": nobody.pw_uid, "group": nobody.pw_gid}
    run = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL, **user}
    subprocess.run([_program("initdb"), "-D", folder / "data", "-U", "brief", "--auth=trust"], **run)
    options = f"-k {folder} -c listen_addresses="
    control = [_program("pg_ctl"), "-D", folder / "data", "-w", "-l", folder / "log"]
    subprocess.run([*control, "-o", options, "start"], **run)
    try:
        yield f"postgresql+psycopg://brief@/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **run)
        shutil.rmtree(folder, ignore_errors=True)


def test_drafts_and_conflicts_work_as_on_sqlite(url: str) -> None:
    store = DraftStore.open(url)
    stored = store.add(drafts.draft_saying("Win rate: "), drafts.making())
    store.append(stored.id, 1, drafts.draft_saying("Bo: "), drafts.making("bo"))
    with pytest.raises(VersionConflict):
        store.append(stored.id, 1, drafts.draft_saying("Cy: "), drafts.making("cy"))
    assert store.version(stored.id).draft == drafts.draft_saying("Bo: ")
    assert store.version(stored.id).made_at == drafts.AT


def test_four_processes_write_and_no_version_is_lost(url: str) -> None:
    store = DraftStore.open(url)
    stored = store.add(drafts.draft_saying("Start: "), drafts.making(), new=True)
    writers = [
        subprocess.Popen(
            [sys.executable, _HERE / "writer.py", url, stored.id, name, "10"],
            stdout=subprocess.DEVNULL, cwd=_HERE.parents[2],
        )
        for name in ("ada", "bo", "cy", "di")
    ]  # fmt: skip
    assert [writer.wait(timeout=100) for writer in writers] == [0, 0, 0, 0]
    assert len(store.versions(stored.id)) == 41


def test_a_conversation_is_kept_and_of_many_questions_at_once_one_is_answered(url: str) -> None:
    stores = Stores.open(url)
    begun = stores.conversations.begin("ada", "u1", "Ada Berg", "2026-Q2", drafts.AT)

    def ask(number: int) -> bool:
        try:
            stores.conversations.ask(begun.id, f"question {number}", drafts.AT)
        except ReplyRunning:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    stores.conversations.keep(begun.id, 2, [Event(number=1, kind="done")], "Answered.")
    assert [each.text for each in stores.conversations.messages(begun.id)][1:] == ["Answered."]
    assert stores.conversations.events(begun.id, 2) == [Event(number=1, kind="done")]
    turned = stores.conversations.turn(begun.id, period="2026-Q1")
    assert stores.conversations.find("ada", begun.short_id) == turned


def test_statements_are_kept_and_forgotten_as_on_sqlite(url: str) -> None:
    statements = Stores.open(url).statements
    kept = statements.add(
        who="u1", name="Ada Berg", on=date(2026, 5, 12), kind="work", text="Trained two SDRs", metric=None,
        account="ada", at=drafts.AT,
    )  # fmt: skip
    assert statements.about("u1", date(2026, 4, 1), date(2026, 6, 30)) == [kept]
    statements.forget(kept.id, drafts.AT)
    assert statements.about("u1") == []


def test_accounts_sessions_and_waits_work_as_on_sqlite(url: str) -> None:
    stores, now = Stores.open(url), datetime(2026, 7, 1, tzinfo=UTC)
    account = stores.accounts.add("ann", "correct horse battery", "manager", "u1", now=now)
    assert stores.accounts.sign_in("ann", "correct horse battery", "192.0.2.1", now=now) == account
    session = stores.sessions.start(account, now=now)
    assert stores.sessions.find(session.token, now=now).viewer == account.viewer
    stores.accounts.change_password("ann", "another long one", now=now)
    assert stores.sessions.find(session.token, now=now) is None


def test_attempts_all_at_once_are_counted_each(url: str) -> None:
    attempts, now = Attempts(Stores.open(url).engine), datetime(2026, 7, 1, tzinfo=UTC)

    def tried(_: int) -> bool:
        try:
            attempts.begin("guessed", "192.0.2.7", now=now)
        except TooManyAttempts:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tried, range(24))) == FREE_OF_BOTH
