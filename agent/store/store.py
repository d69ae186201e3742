"""Drafts and their versions. Versions are only ever added, each linked by hash to the one before it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from agent.draft import Draft
from agent.record import RunRecord
from agent.store.database import open_database, writing
from agent.store.tables import DRAFTS, VERSIONS
from tools.errors import InputError, NotFound
from tools.facts import FactSheet, content_hash

Action = Literal["draft", "redraft", "edit", "by_hand", "language", "restore"]
SHORT = 8
FILE = "drafts.db"


class VersionConflict(InputError):
    """Somebody else saved a version meanwhile; theirs stands, and nothing was overwritten."""


@dataclass(frozen=True)
class Making:
    """Who made a version, when, how and why. `run` holds model, prompt versions, tokens, cost and every attempt."""

    made_by: str
    made_at: datetime
    run: RunRecord
    action: Action = "draft"
    instruction: str | None = None


@dataclass(frozen=True)
class StoredDraft:
    """One draft in a list: whose it is, and its newest version."""

    id: str
    person: str
    role: str
    period: str
    versions: int
    last_action: str
    last_by: str
    last_at: datetime
    # How many drafts of this person and period the words that named it fit.
    among: int = 1
    # None where it is about a team.
    person_id: str | None = None

    @property
    def short_id(self) -> str:
        return self.id[:SHORT]


@dataclass(frozen=True)
class Version:
    """One version of one draft. `content` is the whole draft as JSON; `parent` the version it was made from."""

    draft_id: str
    number: int
    parent: int | None
    action: str
    instruction: str | None
    made_by: str
    made_at: datetime
    run: RunRecord
    content: Mapping[str, Any]
    content_sha256: str
    link: str

    @cached_property
    def draft(self) -> Draft:
        return Draft.model_validate(self.content)

    def as_history(self) -> dict[str, Any]:
        """Everything but the text, as JSON: one entry of a draft's history, from which its link can be recomputed."""
        return {
            "number": self.number,
            "parent": self.parent,
            "action": self.action,
            "instruction": self.instruction,
            "made_by": self.made_by,
            "made_at": self.made_at.isoformat(),
            "run": self.run.model_dump(mode="json"),
            "content_sha256": self.content_sha256,
            "link": self.link,
        }


def draft_json(draft: Draft) -> dict[str, Any]:
    """The whole draft as JSON that reads back as the same draft."""
    return draft.model_dump(mode="json", exclude_computed_fields=True)


def next_link(previous: str | None, entry: Mapping[str, Any]) -> str:
    """The hash that ties a history entry to the one before it: alter either, and no later link fits any more."""
    return content_hash({"previous": previous, **{key: entry[key] for key in sorted(entry) if key != "link"}})


class DraftStore:
    """Every draft of an organisation. Safe to use from many processes at once."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> DraftStore:
        """The store at a database URL, made or brought up to date where needed."""
        return cls(open_database(url))

    @classmethod
    def of_workspace(cls, path: Path, url: str | None = None) -> DraftStore:
        """The store of a workspace: `drafts.db` in its folder, unless a URL says otherwise."""
        if url is None and not path.is_dir():
            raise NotFound(f"{path} is no workspace; make one with `salesbrief import`.")
        return cls.open(url or f"sqlite:///{path / FILE}")

    def add(self, draft: Draft, making: Making, *, new: bool = False) -> StoredDraft:
        """Keep what was drafted: the first time as version 1, then as the newest version of the same draft.

        It is the same draft where person, period and organisation are; `new` keeps it as a draft of its own. What the
        newest version says already, word for word from the same facts, is not kept twice.
        """
        fingerprint, sheet = _fingerprint(draft, making), draft.sheet
        with writing(self._engine) as connection:
            known = _draft_of(connection, sheet) if not new else None
            if known is None:
                known = secrets.token_hex(16)
                connection.execute(
                    insert(DRAFTS).values(
                        id=known,
                        person=sheet.person,
                        person_id=sheet.person_id,
                        role=sheet.role,
                        period=sheet.period,
                        organisation=sheet.organisation,
                        fingerprint=fingerprint,
                    )
                )
                _insert(connection, known, 1, None, None, draft, making)
                return self._listed(connection, known)[0]
            # PostgreSQL lets writers in side by side: they queue at the draft's row.
            connection.execute(select(DRAFTS.c.id).where(DRAFTS.c.id == known).with_for_update()).one()
            last = _version(connection, known, None)
            if _fingerprint(last.draft, replace(making, run=last.run)) != fingerprint:
                made = replace(making, action="redraft")
                _insert(connection, known, last.number + 1, last.number, last.link, draft, made)
            return self._listed(connection, known)[0]

    def append(self, draft_id: str, edited_from: int, draft: Draft, making: Making) -> Version:
        """Add a version made from `edited_from`, the newest one that its maker saw.

        Raises `VersionConflict` where another version was saved since, and leaves everything as it is.
        """
        try:
            with writing(self._engine) as connection:
                # PostgreSQL lets writers in side by side: they queue at the draft's row. SQLite has one writer anyway.
                connection.execute(select(DRAFTS.c.id).where(DRAFTS.c.id == draft_id).with_for_update()).one()
                last = _version(connection, draft_id, None)
                if last.number != edited_from:
                    raise _conflict(last, edited_from)
                _insert(connection, draft_id, last.number + 1, edited_from, last.link, draft, making)
                return _version(connection, draft_id, last.number + 1)
        except IntegrityError:
            raise _conflict(self.version(draft_id), edited_from) from None

    def drafts(self) -> list[StoredDraft]:
        """Every draft, the one touched last first."""
        with self._engine.connect() as connection:
            return self._listed(connection)

    def versions(self, draft_id: str) -> list[Version]:
        """All versions of a draft, oldest first."""
        query = select(VERSIONS).where(VERSIONS.c.draft_id == draft_id).order_by(VERSIONS.c.number)
        with self._engine.connect() as connection:
            return [_read(row) for row in connection.execute(query).mappings()]

    def version(self, draft_id: str, number: int | None = None) -> Version:
        """One version, the newest where no number is given. Raises `NotFound` naming those there are."""
        with self._engine.connect() as connection:
            return _version(connection, draft_id, number)

    def find(self, words: str) -> StoredDraft:
        """The draft that an id's beginning, or a person with or without a period, names.

        "4f2a", "Michael", "Michael 2026-Q2". Of several drafts of one person and period it is the one touched last, and
        its `among` says of how many. Raises `NotFound`, or `InputError` listing those it could be.
        """
        drafts = self.drafts()
        wanted = words.strip().lower()
        found = [draft for draft in drafts if wanted and draft.id.startswith(wanted)] or [
            draft for draft in drafts if wanted and _named(draft, wanted)
        ]
        if not found:
            known = ", ".join(f"{draft.short_id} ({draft.person}, {draft.period})" for draft in drafts[:5])
            raise NotFound(f'There is no draft "{words}". ' + (f"The latest: {known}." if known else "None is stored."))
        if len({(draft.person, draft.role, draft.period) for draft in found}) > 1:
            listed = ", ".join(f"{draft.short_id} ({draft.person}, {draft.period})" for draft in found[:8])
            raise InputError(f'"{words}" could be {len(found)} drafts: {listed}; give the id.')
        return replace(found[0], among=len(found))

    def _listed(self, connection: Connection, draft_id: str | None = None) -> list[StoredDraft]:
        newest = select(VERSIONS.c.draft_id, func.max(VERSIONS.c.number).label("number")).group_by(VERSIONS.c.draft_id)
        last = newest.subquery()
        query = (
            select(DRAFTS, VERSIONS.c.number, VERSIONS.c.action, VERSIONS.c.made_by, VERSIONS.c.made_at)
            .join(last, last.c.draft_id == DRAFTS.c.id)
            .join(VERSIONS, (VERSIONS.c.draft_id == last.c.draft_id) & (VERSIONS.c.number == last.c.number))
            .order_by(VERSIONS.c.made_at.desc(), DRAFTS.c.id)
        )
        if draft_id is not None:
            query = query.where(DRAFTS.c.id == draft_id)
        return [
            StoredDraft(
                row["id"], row["person"], row["role"], row["period"],
                row["number"], row["action"], row["made_by"], row["made_at"], person_id=row["person_id"],
            )
            for row in connection.execute(query).mappings()
        ]  # fmt: skip


def _draft_of(connection: Connection, sheet: FactSheet) -> str | None:
    """The draft of that person or team, period and organisation; of several, the one touched last."""
    whose = DRAFTS.c.person_id == sheet.person_id
    if sheet.person_id is None:
        whose = DRAFTS.c.person_id.is_(None) & (DRAFTS.c.person == sheet.person)
    where = DRAFTS.c.organisation == sheet.organisation
    if sheet.organisation is None:
        where = DRAFTS.c.organisation.is_(None)
    query = (
        select(DRAFTS.c.id)
        .join(VERSIONS, VERSIONS.c.draft_id == DRAFTS.c.id)
        .where(whose & where & (DRAFTS.c.period == sheet.period))
        .order_by(VERSIONS.c.made_at.desc())
        .limit(1)
    )
    return connection.execute(query).scalars().first()


def _named(draft: StoredDraft, wanted: str) -> bool:
    """Whether every word is the draft's period or the beginning of a word of its person's name."""
    names = draft.person.lower().split()
    return all(word == draft.period.lower() or any(name.startswith(word) for name in names) for word in wanted.split())


def _fingerprint(draft: Draft, making: Making) -> str:
    """What makes two drafts the same: the facts, the words and the model, not when it was run or how long it took."""
    words = draft_json(draft)
    return content_hash({**words, "record": {"model": making.run.model, "as_of": making.run.as_of.isoformat()}})


def _version(connection: Connection, draft_id: str, number: int | None) -> Version:
    query = select(VERSIONS).where(VERSIONS.c.draft_id == draft_id).order_by(VERSIONS.c.number.desc()).limit(1)
    if number is not None:
        query = query.where(VERSIONS.c.number == number)
    row = connection.execute(query).mappings().first()
    if row is None:
        many = connection.execute(select(func.count()).where(VERSIONS.c.draft_id == draft_id)).scalar_one()
        raise NotFound(f"This draft has no version {number}; it has versions 1 to {many}.")
    return _read(row)


def _insert(
    connection: Connection,
    draft_id: str,
    number: int,
    parent: int | None,
    previous: str | None,
    draft: Draft,
    making: Making,
) -> None:
    content, run = draft_json(draft), making.run
    version = Version(
        draft_id, number, parent, making.action, making.instruction, making.made_by,
        making.made_at, run, content, content_hash(content), "",
    )  # fmt: skip
    connection.execute(
        insert(VERSIONS).values(
            draft_id=draft_id,
            number=number,
            parent=parent,
            action=making.action,
            instruction=making.instruction,
            made_by=making.made_by,
            made_at=making.made_at,
            model=run.model,
            input_tokens=run.input_tokens,
            output_tokens=run.output_tokens,
            cost_micros=round(run.cost * 1_000_000) if run.cost is not None else None,
            cost_currency=run.cost_currency,
            run=run.model_dump(mode="json"),
            content=content,
            content_sha256=version.content_sha256,
            link=next_link(previous, _utc(version.as_history())),
        )
    )


def _utc(entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with its instant as it will be read back."""
    return {**entry, "made_at": datetime.fromisoformat(entry["made_at"]).astimezone(UTC).isoformat()}


def _read(row: Mapping[str, Any]) -> Version:
    names: Sequence[str] = (
        "draft_id", "number", "parent", "action", "instruction", "made_by", "made_at", "content", "content_sha256",
        "link",
    )  # fmt: skip
    return Version(run=RunRecord.model_validate(row["run"]), **{name: row[name] for name in names})


def _conflict(last: Version, edited_from: int) -> VersionConflict:
    return VersionConflict(
        f"{last.made_by} saved version {last.number} ({_told(last)}) while you were editing version {edited_from}; "
        "nothing was overwritten. Look at that version, then edit again."
    )


def _told(version: Version) -> str:
    return f'{version.action}: "{version.instruction}"' if version.instruction else version.action
