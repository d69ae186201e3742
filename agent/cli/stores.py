"""Opening the store as commands do it, and what their lists look like."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from agent.settings import read_environment
from tools.errors import InputError

if TYPE_CHECKING:
    from agent.record import RunRecord
    from agent.store.store import Action, DraftStore, Making, StoredDraft
    from agent.store.stores import Stores


def open_store(data: Path | None, url: str | None) -> DraftStore:
    """The drafts at `--store`, else where SALESBRIEF_STORE says, else in the workspace's folder."""
    return open_stores(data, url).drafts


def open_stores(data: Path | None, url: str | None) -> Stores:
    """The whole store at `--store`, else where SALESBRIEF_STORE says, else in the workspace's folder."""
    from agent.store.stores import Stores

    url = url or read_environment().store
    if url is not None:
        return Stores.open(url)
    if data is None:
        raise InputError("Say where the drafts are: --data WORKSPACE, or --store with a database URL.")
    return Stores.of_workspace(data)


def find_draft(store: DraftStore, words: str) -> StoredDraft:
    """The draft that the words name; where they name several of one person and period, the newest, and it is said."""
    found = store.find(words)
    if found.among > 1:
        told = f"{found.short_id}, the newest of {found.among} drafts of {found.person}, {found.period}"
        print(f"This is {told}; `salesbrief drafts` lists them.", file=sys.stderr)
    return found


def making(run: RunRecord, action: Action, instruction: str | None = None) -> Making:
    """Who is doing this, now."""
    from agent.store.store import Making

    return Making(read_environment().author, datetime.now().astimezone(), run, action, instruction)


def unpaid(run: RunRecord) -> RunRecord:
    """The record of a step that asks no model, on a draft that this run wrote."""
    nothing = {"model": None, "prompts": (), "seconds": 0.0, "input_tokens": 0, "output_tokens": 0, "cost": None}
    return run.model_copy(update={**nothing, "attempts": (), "started_at": datetime.now().astimezone()})


def local_time(instant: datetime) -> str:
    """An instant as the person at the terminal reads it."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M}"
