"""Conversations and statements in the store: whose they are, in order, ended once, forgotten but not lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from agent.chat.answer import Event, Notice
from agent.store.conversations import ReplyRunning
from agent.store.stores import Stores
from tools.errors import NotFound

AT = datetime(2026, 7, 6, 9, tzinfo=UTC)
DONE = Event(number=2, kind="done")


@pytest.fixture
def stores(tmp_path: Path) -> Stores:
    return Stores.open(f"sqlite:///{tmp_path / 'drafts.db'}")


def begin(stores: Stores, account: str = "ada", minutes: int = 0):
    return stores.conversations.begin(account, "u1", "Ada Berg", "2026-Q2", AT + timedelta(minutes=minutes))


def test_a_conversation_is_found_by_its_account_only(stores: Stores) -> None:
    begun = begin(stores)
    assert stores.conversations.find("ada", begun.short_id) == begun
    for account, beginning in (("bo", begun.short_id), ("ada", ""), ("ada", "%")):
        with pytest.raises(NotFound):
            stores.conversations.find(account, beginning)


def test_the_one_touched_last_is_resumed(stores: Stores) -> None:
    first, second = begin(stores), begin(stores, minutes=1)
    assert stores.conversations.latest("ada", "u1", "2026-Q2") == second
    stores.conversations.ask(first.id, "hello", AT + timedelta(minutes=2))
    latest = stores.conversations.latest("ada", "u1", "2026-Q2")
    assert latest is not None and latest.id == first.id
    assert stores.conversations.latest("ada", "u1", "2026-Q1") is None


def test_an_ending_keeps_the_reply_as_text(stores: Stores) -> None:
    begun, keep = begin(stores), stores.conversations
    number = keep.ask(begun.id, "how am I doing?", AT)
    keep.keep(begun.id, number, [Event(number=1, kind="block", block=Notice(text="Fine.")), DONE], "Fine.")
    assert [(each.author, each.text, each.ended) for each in keep.messages(begun.id)] == [
        ("person", "how am I doing?", None),
        ("salesbrief", "Fine.", "done"),
    ]
    assert [each.block.text for each in keep.events(begun.id, number) if each.block is not None] == ["Fine."]


def test_of_many_who_ask_at_once_one_is_answered(stores: Stores) -> None:
    begun = begin(stores)

    def ask(number: int) -> bool:
        try:
            stores.conversations.ask(begun.id, f"question {number}", AT)
        except ReplyRunning:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    assert len(stores.conversations.messages(begun.id)) == 2


@pytest.mark.parametrize(
    ("worker", "since", "ended"),
    [
        ("another-host/1/x", timedelta(minutes=1), None),
        ("another-host/1/x", timedelta(hours=1), "interrupted"),
    ],
)
def test_a_reply_is_given_up_when_nobody_can_be_at_it(stores: Stores, worker, since: timedelta, ended) -> None:
    begun = begin(stores)
    stores.conversations.ask(begun.id, "how am I doing?", datetime.now(UTC) - since)
    with stores.engine.begin() as connection:
        connection.execute(text("UPDATE messages SET worker = :worker WHERE author = 'salesbrief'"), {"worker": worker})
    assert stores.conversations.messages(begun.id)[-1].ended == ended


def say(stores: Stores, words: str, on: date = date(2026, 5, 12), who: str = "u1"):
    return stores.statements.add(
        who=who, name="Ada Berg", on=on, kind="work", text=words, metric=None, account="ada", at=AT
    )


def test_statements_are_those_of_one_person_within_the_days(stores: Stores) -> None:
    say(stores, "in May")
    say(stores, "in March", date(2026, 3, 31))
    say(stores, "another's", who="u2")
    found = stores.statements.about("u1", date(2026, 4, 1), date(2026, 6, 30))
    assert [each.text for each in found] == ["in May"]


def test_the_same_statement_is_kept_once(stores: Stores) -> None:
    assert say(stores, "twice") == say(stores, "twice")
    assert len(stores.statements.about("u1")) == 1


def test_a_forgotten_statement_is_used_no_more_and_stays_on_record(stores: Stores) -> None:
    stores.statements.forget(say(stores, "a slip").id, AT)
    assert stores.statements.about("u1") == []
    with stores.engine.connect() as connection:
        assert connection.execute(text("SELECT text, forgotten_at IS NOT NULL FROM statements")).all() == [
            ("a slip", 1)
        ]


def test_a_store_kept_open_for_a_server_takes_many_writers_at_once(tmp_path: Path) -> None:
    stores = Stores.open(f"sqlite:///{tmp_path / 'drafts.db'}", keep_open=True)
    with ThreadPoolExecutor(24) as threads:
        begun = list(threads.map(lambda number: begin(stores, f"account {number}").id, range(120)))
    assert len(set(begun)) == 120
    assert all(stores.conversations.conversations(f"account {number}")[0].id == begun[number] for number in range(120))
    stores.engine.dispose()
    assert not (tmp_path / "drafts.db-wal").exists(), "closed, the file is whole by itself"
