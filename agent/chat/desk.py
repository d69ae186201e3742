"""The desk: everything that can be asked of one conversation. Every answer is blocks, every figure printed by code.

Whoever asks (the router or a language model) names a tool and its arguments: `desk.use("why", {"metric": "win rate"},
tell)`. Permission is checked here, inside every tool, as of the period asked for; what is forbidden and what does not
exist are answered in the same words.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from agent.access import Access, Viewer, may_state
from agent.chat.answer import Asks, Block, Call, Notice, SheetOf
from agent.chat.apart import Apart
from agent.chat.facts import Facts
from agent.chat.toolbox import TOOLS, ToolSpec
from agent.chat.view import View, turned_to
from agent.drafting import Review
from agent.settings import Settings
from agent.statements import statements_key, with_statements
from agent.store.conversations import Conversation
from agent.store.store import DraftStore
from agent.store.stores import Stores
from prompts.loader import PromptSet
from tools.errors import InputError, NotFound, SalesbriefError
from tools.facts import FactSheet
from tools.periods import Period, parse_period

if TYPE_CHECKING:
    from agent.chat.talk import Tell

__all__ = ["TOOLS", "Desk", "ToolSpec"]

Blocks = tuple[Block, ...]


class Refused(NotFound):
    """Somebody whose figures the viewer may not see, or who does not exist: told in the same words."""


@dataclass
class Desk:
    """One conversation's desk. `checks` reads printed drafts; `model` writes prose, the composer where it is None.

    `now` gives the instant that statements, drafts and edits are kept under.
    """

    facts: Facts
    prompts: PromptSet
    viewer: Viewer
    stores: Stores
    conversation: Conversation
    as_of: date
    checks: Review | None = None
    software: str = "salesbrief"
    model: str | None = None
    settings: Settings = field(default_factory=Settings)
    locale: str = "en"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    apart: Apart = field(default_factory=Apart)

    async def use(self, name: str, arguments: Mapping[str, Any], tell: Tell) -> Blocks:
        """Run a tool. What is wrong with the question comes back as a notice; only a fault of ours raises."""
        tool = next((each for each in TOOLS if each.name == name), None)
        if tool is None:
            return (Notice(text=f'There is no tool "{name}".', tone="failed"),)
        try:
            given = tool.arguments.model_validate(dict(arguments))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            return (Notice(text=f"{where}: {first['msg']}.", tone="failed"),)
        tell.working(tool.working, call=Call(tool=name, arguments=given.model_dump(mode="json", exclude_defaults=True)))
        options = {key: getattr(given, key) for key in type(given).model_fields}
        method = getattr(self, tool.name)
        try:
            if tool.streams:
                return await method(tell, **options)
            return await asyncio.to_thread(method, **options)
        except Refused as error:
            return (Notice(text=str(error), tone="refused"),)
        except SalesbriefError as error:
            return (Notice(text=str(error), tone="failed"),)

    # What is being talked about

    def access(self) -> Access:
        """What the viewer may see in the workspace as it is now."""
        return Access.of(self.facts.workspace, self.viewer)

    def period(self, text: str | None = None) -> Period:
        """The period that a few words name, seen from the conversation's own."""
        from agent.chat.when import read_period

        organisation = self.facts.workspace.settings.organisation
        label = self.conversation.period
        if text is not None:
            label = read_period(text, label, self.as_of, organisation.fiscal_year_start)
        return parse_period(label, as_of=self.as_of, fiscal_year_start=organisation.fiscal_year_start)

    def whose(self, who: str | None, period: Period) -> str:
        """The key of whoever is asked about. Raises `Refused` for all that may not be seen, existing or not."""
        access = self.access()
        if who is None and access.may_see(self.conversation.who, period):
            return self.conversation.who
        try:
            return access.find(who if who is not None else self.conversation.who, period)
        except NotFound as error:
            raise Refused(str(error)) from None

    def view(self, who: str | None = None, period: str | None = None) -> View:
        """The fact sheet asked for, the person's own statements among its evidence."""
        of_when = self.period(period)
        key = self.whose(who, of_when)
        return self._view(key, of_when.label)

    def _view(self, key: str, period: str) -> View:
        sheet = self.sheet(key, period)
        return View(sheet, SheetOf(who=key, period=period, name=sheet.person), self.prompts, self.locale)

    def sheet(self, key: str, period: str) -> FactSheet:
        """The sheet of a key that `whose` gave, with the statements made about it."""
        if key == "everybody":
            raise InputError("There is no sheet of everybody; ask for a team, or for a report split by team.")
        sheet = self.facts.sheet(key, period, self.as_of)
        return with_statements(sheet, self.stores.statements.about(key, sheet.start, sheet.end))

    def may_state(self, key: str) -> bool:
        """Whether what the viewer says is that person's own statement."""
        access = self.access()
        return may_state(self.viewer, key, self.period(), access.roster)

    def turn_to(self, who: str | None = None, period: str | None = None) -> Blocks:
        """Let the conversation be about somebody else, or another period."""
        of_when = self.period(period)
        key = self.whose(who, of_when)
        name = self.access().name_of(key)
        draft_id = known_draft(self.stores.drafts, key, name, of_when.label)
        self.keep_about(who=key, name=name, period=of_when.label, draft_id=draft_id)
        from agent.naming import period_name

        of = SheetOf(who=key, period=of_when.label, name=name)
        return (turned_to(of, period_name(of_when.label, self.locale)),)

    def keep_about(self, **to: str | None) -> None:
        """Whom, when and which draft the conversation is about from here on; a desk without one only remembers."""
        if self.conversation.id:
            self.conversation = self.stores.conversations.turn(self.conversation.id, **to)
        else:
            self.conversation = replace(self.conversation, **to)  # type: ignore[arg-type]

    # The draft

    async def draft(self, tell: Tell, who: str | None = None, period: str | None = None) -> Blocks:
        """Draft the summary, telling sections as they finish, and keep it."""
        from agent.chat.writing import drafted

        return await drafted(self, tell, who, period)

    async def edit(self, tell: Tell, wish: str, section: str | None = None) -> Blocks:
        """Change the draft by a wish."""
        from agent.chat.writing import edited

        return await edited(self, tell, wish, section)

    def undo_edit(self) -> Blocks:
        """Go back to the version that the newest one was made from."""
        from agent.chat.writing import undone

        return undone(self)

    def difference(self) -> Blocks:
        """What changed between the draft's last two versions."""
        from agent.chat.writing import difference

        return difference(self)

    # Figures

    def overview(self, who: str | None = None, period: str | None = None) -> Blocks:
        """The key results."""
        from agent.chat.figures import overview

        return overview(self.view(who, period))

    def shortfalls(self, who: str | None = None, period: str | None = None) -> Blocks:
        """What fell short."""
        from agent.chat.figures import shortfalls

        return shortfalls(self.view(who, period))

    def figure(self, metric: str, who: str | None = None, period: str | None = None) -> Blocks:
        """One metric with its comparisons and its trend."""
        from agent.chat.figures import figure

        return figure(self.view(who, period), metric)

    def compare(
        self, against: str = "team", metric: str | None = None, who: str | None = None, period: str | None = None
    ) -> Blocks:
        """Results held against colleagues, targets or an earlier period."""
        from agent.chat.figures import compare

        return compare(self.view(who, period), against, metric)

    def changed(self, who: str | None = None, period: str | None = None) -> Blocks:
        """What moved most since the period before."""
        from agent.chat.figures import changed

        return changed(self.view(who, period))

    def why(self, metric: str, who: str | None = None, period: str | None = None) -> Blocks:
        """A metric opened: formula, numbers, notes and records."""
        from agent.chat.opening import why

        return why(self, self.view(who, period), metric)

    def records(self, metric: str, who: str | None = None, period: str | None = None) -> Blocks:
        """The records behind a metric."""
        from agent.chat.opening import records

        return records(self, self.view(who, period), metric)

    def open(self, which: str) -> Blocks:
        """Where a figure that was shown comes from."""
        from agent.chat.shown import opened

        return opened(self, which)

    # Deals and reports

    def slipped(self, who: str | None = None, period: str | None = None) -> Blocks:
        """Deals that were due and did not close."""
        from agent.chat.deals import slipped

        return slipped(self, self.view(who, period))

    def deal(self, called: str, who: str | None = None, period: str | None = None) -> Blocks:
        """The deals of an account, or one by its name."""
        from agent.chat.named import deal

        return deal(self, called, who, period)

    def stuck(self, who: str | None = None, period: str | None = None) -> Blocks:
        """Open deals that wait."""
        from agent.chat.deals import stuck

        return stuck(self, self.view(who, period))

    def delays(self, stage: str | None = None, who: str | None = None, period: str | None = None) -> Blocks:
        """Days in each stage."""
        from agent.chat.deals import delays

        return delays(self, self.view(who, period), stage)

    def losses(self, stage: str | None = None, who: str | None = None, period: str | None = None) -> Blocks:
        """Why deals are lost."""
        from agent.chat.deals import losses

        return losses(self, self.view(who, period), stage)

    def report(
        self,
        name: str,
        by: str | None = None,
        every: str | None = None,
        where: Sequence[tuple[str, str]] = (),
        who: str | None = None,
        period: str | None = None,
    ) -> Blocks:
        """One of the reports, small."""
        from agent.chat.reporting import report

        of_when = self.period(period)
        return report(self, self.whose(who, of_when), of_when.label, name, by=by, every=every, where=tuple(where))

    def missing(self, who: str | None = None, period: str | None = None) -> Blocks:
        """What could not be computed, and what would supply it."""
        from agent.chat.gaps import missing

        return missing(self.view(who, period))

    def questions(self, who: str | None = None, period: str | None = None) -> Blocks:
        """Questions worth answering."""
        from agent.chat.gaps import questions

        return questions(self, self.view(who, period))

    # The person's own statements

    def say(self, text: str, on: date | None = None, metric: str | None = None) -> Blocks:
        """Keep a statement of the person's own."""
        from agent.chat.stating import said

        return said(self, text, on, metric)

    def link(self, metric: str, which: str = "last") -> Blocks:
        """Say which result a statement explains."""
        from agent.chat.stating import linked_to

        return linked_to(self, metric, which)

    def forget(self, which: str = "last") -> Blocks:
        """Take a statement back."""
        from agent.chat.stating import forgotten

        return forgotten(self, which)

    def statements(self, who: str | None = None, period: str | None = None) -> Blocks:
        """The person's own statements of the period."""
        from agent.chat.stating import listed

        of_when = self.period(period)
        return listed(self, self.whose(who, of_when), of_when)

    def help(self) -> Blocks:
        """What can be asked."""
        without = () if self.model is not None else (
            Notice(text="This works without a language model: plain questions are read by rules, and answers are the "
                        "tools' own."),)  # fmt: skip
        return (*without, Asks(title="You can ask, for example", questions=_EXAMPLES))


def known_draft(drafts: DraftStore, key: str, name: str, period: str) -> str | None:
    """The stored draft of that person or team and period, touched last; None where there is none."""
    for each in drafts.drafts():
        # Two people may have one name: whose draft it is stands in its sheet.
        if (each.person, each.period) == (name, period) and statements_key(drafts.version(each.id).draft.sheet) == key:
            return each.id
    return None


_EXAMPLES = (
    "Draft my summary.",
    "Where did I fall short?",
    "Why is my forecast accuracy what it is?",
    "Which deals slipped?",
    "What delays my deals, by stage?",
    "Why do I lose deals in negotiation?",
    "How did I do against comparable colleagues?",
    "What changed since last quarter?",
    "Add that I trained two new SDRs in May.",
    "Make the KPI part shorter, then show me what changed.",
    "Where does 73% come from?",
    "What could not be computed?",
)
