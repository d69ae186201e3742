"""What all conversations of a process share, and the one place where a conversation is begun or resumed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from agent.access import Access, Viewer
from agent.chat.apart import Apart
from agent.chat.desk import Desk, known_draft
from agent.chat.facts import Facts
from agent.chat.when import read_period, usual_period
from agent.drafting import Review
from agent.settings import Settings
from agent.store.conversations import Conversation
from agent.store.stores import Stores
from prompts.loader import PromptSet
from tools.errors import InputError, NotFound
from tools.metrics.coverage import read_trail
from tools.periods import Period, parse_period
from tools.workspace import Workspace

# "2026-Q2", "FY2026", "2026-04-01..2026-04-15": needs no other period to be understood.
_WRITTEN_OUT = re.compile(r"(?:FY)?\d{4}(?:-[QH]?\d{1,2})?|\d{4}-\d\d-\d\d\.\.\d{4}-\d\d-\d\d")
# A quarter's summary is written in the weeks after it.
_WRITTEN_AFTER = timedelta(days=21)


@dataclass
class Office:
    """One workspace and store, open for any number of conversations. `today` is the last day that counts."""

    workspace: Workspace
    stores: Stores
    prompts: PromptSet
    today: Callable[[], date]
    checks: Review | None = None
    software: str = "salesbrief"
    model: str | None = None
    settings: Settings = field(default_factory=Settings)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @cached_property
    def apart(self) -> Apart:
        return Apart()

    @cached_property
    def facts(self) -> Facts:
        return Facts(self.workspace, self.prompts.kpis())

    def begin(self, viewer: Viewer, who: str, period: str | None = None) -> Desk:
        """A new conversation about a person or team. Raises `NotFound` for all that the viewer may not see."""
        of_when = self.period(period)
        access = Access.of(self.facts.workspace, viewer)
        key = access.find(who, of_when)
        name, keep = access.name_of(key), self.stores.conversations
        begun = keep.begin(viewer.account, key, name, of_when.label, self.now())
        draft_id = known_draft(self.stores.drafts, key, name, of_when.label)
        return self.desk(viewer, keep.turn(begun.id, draft_id=draft_id) if draft_id is not None else begun)

    def resume(self, viewer: Viewer, who: str, period: str | None = None) -> Desk:
        """The viewer's last conversation about that person and period, or a new one."""
        of_when = self.period(period)
        key = Access.of(self.facts.workspace, viewer).find(who, of_when)
        last = self.stores.conversations.latest(viewer.account, key, of_when.label)
        return self.desk(viewer, last) if last is not None else self.begin(viewer, key, of_when.label)

    def aside(self, viewer: Viewer, who: str, period: str | None = None) -> Desk:
        """A desk without a conversation, for a note."""
        of_when = self.period(period)
        access = Access.of(self.facts.workspace, viewer)
        key, at = access.find(who, of_when), self.now()
        about = Conversation("", viewer.account, key, access.name_of(key), of_when.label, None, at, at)
        return self.desk(viewer, about)

    def find(self, viewer: Viewer, beginning: str) -> Desk:
        """The viewer's conversation whose id begins so. Raises `NotFound`."""
        found = self.stores.conversations.find(viewer.account, beginning)
        if not self._open_to(viewer, found):
            raise NotFound(f'There is no conversation "{beginning}" of yours.')
        return self.desk(viewer, found)

    def conversations(self, viewer: Viewer) -> list[Conversation]:
        """The viewer's conversations, the one touched last first."""
        return [each for each in self.stores.conversations.conversations(viewer.account) if self._open_to(viewer, each)]

    def _open_to(self, viewer: Viewer, conversation: Conversation) -> bool:
        """Whether it is about whom the viewer may see: an account may have been somebody else's before."""
        access = Access.of(self.facts.workspace, viewer)
        try:
            return access.may_see(conversation.who, self.period(conversation.period))
        except InputError:
            return False

    def desk(self, viewer: Viewer, conversation: Conversation) -> Desk:
        """The desk of a conversation."""
        return Desk(
            self.facts, self.prompts, viewer, self.stores, conversation, self.today(), checks=self.checks,
            software=self.software, model=self.model, settings=self.settings, now=self.now, apart=self.apart,
        )  # fmt: skip

    def period(self, text: str | None = None) -> Period:
        """The period named, or the quarter in which the records end."""
        fiscal_year_start = self.facts.workspace.settings.organisation.fiscal_year_start
        if text is not None and _WRITTEN_OUT.fullmatch(text.strip()):
            # Where the records end is asked of them only where it matters: that opens them all.
            return parse_period(text, as_of=self.today(), fiscal_year_start=fiscal_year_start)
        label = self.usual_period
        if text is not None:
            label = read_period(text, label, self.today(), fiscal_year_start)
        return parse_period(label, as_of=self.today(), fiscal_year_start=fiscal_year_start)

    @cached_property
    def usual_period(self) -> str:
        """The quarter that people write about: where the records end, or the one before for the first weeks of it."""
        with self.workspace.database() as database:
            last = read_trail(database).last.values()
        return usual_period(min(max(last, default=self.today()), self.today()) - _WRITTEN_AFTER)
