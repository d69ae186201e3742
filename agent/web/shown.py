"""Stored drafts as pages show them, once it is known that the viewer may see them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from agent.draft import Draft, Section
from agent.editing.difference import Piece, both_sides, section_changes, section_words
from agent.markdown import to_markdown
from agent.printing import Printer
from agent.store.store import StoredDraft, Version
from agent.web.addresses import Source
from agent.web.pieces import plain
from prompts.loader import PromptSet
from tools.errors import NotFound, SalesbriefError

if TYPE_CHECKING:
    from agent.access import Access, Viewer
    from agent.web.site import Site

# A line of a draft's Markdown that is set in italics as a whole.
_ASIDE = re.compile(r"\*[^*].*[^*]\*")
_ACTIONS = {"draft": "first draft", "edit": "edited", "by_hand": "edited by hand", "language": "in another language",
            "restore": "restored", "redraft": "drafted again"}  # fmt: skip


@dataclass(frozen=True)
class ShownDraft:
    """One version of a draft, ready for the page. `changed` are the sections marked as new."""

    version: Version
    versions: int
    changed: frozenset[str] = frozenset()

    @property
    def draft(self) -> Draft:
        return self.version.draft

    @property
    def kind(self) -> str:
        """ "Version 2 of 3, edited"."""
        of = f" of {self.versions}" if self.versions > 1 else ""
        return f"Version {self.version.number}{of}, {self.made}"

    @property
    def made(self) -> str:
        """How this version came about: "edited"."""
        return action_name(self.version.action)

    @cached_property
    def source(self) -> Source:
        sheet = self.draft.sheet
        return Source(
            who=key_of(sheet.person_id, sheet.person), period=sheet.period,
            draft=self.version.draft_id, version=self.version.number,
            weak=frozenset(fact.id for fact in sheet.facts if fact.key and fact.weak),
            printer=Printer(sheet, PromptSet.load().language(self.draft.locale), self.draft.locale),
        )  # fmt: skip

    @property
    def after(self) -> list[str]:
        """What stands after the sections: what was left out and why, and what the composer stood in for."""
        return [plain(line[1:-1]) for line in to_markdown(self.draft).splitlines() if _ASIDE.fullmatch(line)]


@dataclass(frozen=True)
class Change:
    """One section in two versions, word by word: each by itself, and both in one text."""

    title: str
    both: list[Piece]
    old: list[Piece]
    new: list[Piece]
    gone: bool
    added: bool


def action_name(action: str) -> str:
    """What was done to make a version."""
    return _ACTIONS.get(action, action)


def key_of(person_id: str | None, name: str) -> str:
    """What to ask with for the person or team that a sheet is about."""
    return person_id if person_id is not None else f"team:{name}"


def visible_drafts(site: Site, viewer: Viewer) -> list[StoredDraft]:
    """The stored drafts of everybody whom the viewer may see in the draft's period, the one touched last first."""
    access = site.access(viewer)
    return [
        draft
        for draft in site.stores.drafts.drafts()
        if _seen(site, access, key_of(draft.person_id, draft.person), draft.period)
    ]


def visible_version(site: Site, viewer: Viewer, draft_id: str, number: int | None = None) -> Version:
    """One version of a draft. Raises the same `NotFound` for what is not there and what may not be seen."""
    missing = NotFound("There is no such draft that you may see.")
    try:
        version = site.stores.drafts.version(draft_id, number)
    except NotFound:
        raise missing from None
    sheet = version.draft.sheet
    if not _seen(site, site.access(viewer), key_of(sheet.person_id, sheet.person), sheet.period):
        raise missing
    return version


def shown_draft(site: Site, version: Version) -> ShownDraft:
    """The version among the others, the sections marked that it wrote anew beside the one it was made from."""
    newest = site.stores.drafts.version(version.draft_id).number
    if version.parent is None or version.action in ("draft", "redraft"):
        return ShownDraft(version, newest)
    before = site.stores.drafts.version(version.draft_id, version.parent).draft.all_sections
    changed = frozenset(section.id for section in version.draft.all_sections if section not in before)
    return ShownDraft(version, newest, changed)


def changes(old: Draft, new: Draft) -> Sequence[Change]:
    """The sections that differ, word by word."""
    found = []
    for change in section_changes(old, new):
        old_words, new_words = plain_words(change.old), plain_words(change.new)
        before, after = both_sides(old_words, new_words)
        found.append(
            Change(
                change.title,
                _merged(before, after),
                before,
                after,
                gone=change.new is None,
                added=change.old is None,
            )
        )
    return found


def _merged(before: Sequence[Piece], after: Sequence[Piece]) -> list[Piece]:
    """Both sides as one text: what is gone, then what is new, between what both have."""
    old, new, merged = deque(before), deque(after), []
    while old or new:
        if old and old[0].kind == "gone":
            merged.append(old.popleft())
        elif new and new[0].kind == "new":
            merged.append(new.popleft())
        else:
            both = old.popleft(), new.popleft()
            # The white space after it belongs to what comes next.
            merged.append(both[0] if old and old[0].kind == "gone" else both[1])
    return merged


def reordered(old: Draft, new: Draft) -> tuple[str, ...]:
    """The new order's titles, where the same sections only changed places."""
    orders = [[section.id for section in draft.all_sections] for draft in (old, new)]
    if orders[0] == orders[1] or sorted(orders[0]) != sorted(orders[1]):
        return ()
    return tuple(section.title for section in new.sections)


def plain_words(section: Section | None) -> str:
    """A section's words, one block a line, as a page shows them."""
    return re.sub(r"^- ", "• ", plain(section_words(section)), flags=re.MULTILINE)


def _seen(site: Site, access: Access, key: str, period: str) -> bool:
    try:
        return access.may_see(key, site.office.period(period))
    except SalesbriefError:  # A period of a calendar that the settings no longer have.
        return access.viewer.role == "ops"
