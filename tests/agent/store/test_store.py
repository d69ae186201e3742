"""The store: nothing is overwritten, whoever writes at the same time, and history can be proved."""

from __future__ import annotations

import importlib.util
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from agent.store.store import DraftStore, VersionConflict, next_link
from tools.errors import InputError, NotFound, SettingsError

_SPEC = importlib.util.spec_from_file_location("store_drafts", Path(__file__).with_name("drafts.py"))
drafts = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(drafts)
draft_saying, making, SHEET = drafts.draft_saying, drafts.making, drafts.SHEET


@pytest.fixture
def store(tmp_path: Path) -> DraftStore:
    return DraftStore.open(f"sqlite:///{tmp_path / 'drafts.db'}")


def test_a_draft_reads_back_as_it_was(store: DraftStore) -> None:
    draft = draft_saying("Win rate came in at ")
    stored = store.add(draft, making())
    assert store.version(stored.id).draft == draft


def test_drafting_again_is_a_new_version_of_the_same_draft(store: DraftStore) -> None:
    first = store.add(draft_saying("Win rate: "), making())
    store.append(first.id, 1, draft_saying("Warmer: "), making("bo", "edit", "warmer"))
    again = store.add(draft_saying("The win rate: "), making("cy"))
    assert (again.id, again.versions) == (first.id, 3)
    newest = store.version(first.id)
    assert (newest.action, newest.parent, newest.made_by) == ("redraft", 2, "cy")
    assert next_link(store.version(first.id, 2).link, newest.as_history()) == newest.link


def test_the_same_words_from_the_same_facts_are_kept_once(store: DraftStore) -> None:
    first = store.add(draft_saying("Win rate: "), making())
    assert store.add(draft_saying("Win rate: "), making("bo")).versions == 1
    assert [draft.id for draft in store.drafts()] == [first.id]


def test_a_new_draft_is_made_where_that_is_asked_for(store: DraftStore) -> None:
    first = store.add(draft_saying("Win rate: "), making())
    second = store.add(draft_saying("Win rate: "), making(), new=True)
    assert (second.id != first.id, second.versions) == (True, 1)


def test_another_period_person_or_organisation_is_another_draft(store: DraftStore) -> None:
    draft = draft_saying("Win rate: ")
    drafts_of = [
        draft.model_copy(update={"sheet": SHEET.model_copy(update=change)})
        for change in ({}, {"period": "2026-Q3"}, {"person_id": "p9"}, {"organisation": "Other"})
    ]
    assert len({store.add(each, making()).id for each in drafts_of}) == 4


def test_every_version_says_who_when_and_why(store: DraftStore) -> None:
    stored = store.add(draft_saying("Win rate: "), making())
    store.append(stored.id, 1, draft_saying("The win rate: "), making("bo", "edit", "warmer"))
    version = store.version(stored.id)
    assert (version.number, version.parent, version.made_by, version.instruction) == (2, 1, "bo", "warmer")
    assert version.made_at == drafts.AT


def test_two_people_editing_one_version_end_in_one_conflict_and_no_lost_version(store: DraftStore) -> None:
    stored = store.add(draft_saying("Win rate: "), making())
    store.append(stored.id, 1, draft_saying("Bo: "), making("bo", "edit", "warmer"))
    with pytest.raises(VersionConflict, match="bo saved version 2 .*warmer.* while you were editing version 1"):
        store.append(stored.id, 1, draft_saying("Cy: "), making("cy"))
    assert [version.made_by for version in store.versions(stored.id)] == ["ada", "bo"]


def test_history_is_a_chain_of_hashes(store: DraftStore) -> None:
    stored = store.add(draft_saying("One: "), making())
    store.append(stored.id, 1, draft_saying("Two: "), making())
    first, second = (version.as_history() for version in store.versions(stored.id))
    assert next_link(None, first) == first["link"]
    assert next_link(first["link"], second) == second["link"]
    assert next_link(first["link"], {**second, "made_by": "somebody else"}) != second["link"]


def test_a_draft_is_found_by_id_person_and_period(store: DraftStore) -> None:
    stored = store.add(draft_saying("Win rate: "), making())
    assert {store.find(words).id for words in (stored.short_id, "ada", "Berg 2026-Q2")} == {stored.id}
    with pytest.raises(NotFound, match="Ada Berg, 2026-Q2"):
        store.find("Nobody")
    draft = draft_saying("Another: ")
    later = draft.model_copy(update={"sheet": SHEET.model_copy(update={"period": "2026-Q3"})})
    store.add(later, making())
    with pytest.raises(InputError, match="could be 2 drafts"):
        store.find("ada")


def test_of_several_drafts_of_one_person_and_period_the_newest_is_found(store: DraftStore) -> None:
    store.add(draft_saying("First: "), making())
    second = store.add(draft_saying("Second: "), replace(making(), made_at=drafts.AT + timedelta(hours=1)), new=True)
    found = store.find("ada 2026-Q2")
    assert (found.id, found.among) == (second.id, 2)


def test_a_version_that_is_not_there_is_told_with_those_that_are(store: DraftStore) -> None:
    stored = store.add(draft_saying("Win rate: "), making())
    with pytest.raises(NotFound, match="versions 1 to 1"):
        store.version(stored.id, 7)


@pytest.mark.parametrize("url", ["nonsense", "mysterydb://host/name"])
def test_an_address_that_is_none_is_told_in_a_sentence(url: str) -> None:
    with pytest.raises(SettingsError, match="no address of a database"):
        DraftStore.open(url)


def test_a_store_in_no_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be opened"):
        DraftStore.open(f"sqlite:///{tmp_path / 'missing' / 'drafts.db'}")


def test_a_read_only_folder_is_called_that_with_where_else_drafts_may_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whoever runs the tests may be allowed to write anywhere: a folder stands where the file would be.
    (tmp_path / "drafts.db").mkdir()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with pytest.raises(InputError, match=r"is read-only.*--store sqlite:///.*SALESBRIEF_STORE"):
        DraftStore.open(f"sqlite:///{tmp_path / 'drafts.db'}")


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "drafts.db"
    DraftStore.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(InputError, match="newer salesbrief"):
        DraftStore.open(f"sqlite:///{path}")
