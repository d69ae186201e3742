"""A question taken apart, what it is read against, and what it was understood as."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from agent.chat.router.days import Calendar
from agent.chat.router.reading import Word
from agent.chat.router.slots import Slot
from agent.chat.router.vocabulary import Vocabulary

# The metric that an answer was about, where its tool names none.
_ABOUT = {"slipped": "slipped_deals", "stuck": "stalled_deals", "losses": "deals_lost", "delays": "time_in_stage",
          "overview": "quota_attainment"}  # fmt: skip


@dataclass(frozen=True)
class Routed:
    """A call of a tool. `understood` says it in words; `unsure` why a person should read them, else ""."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    understood: str = ""
    unsure: str = ""
    instead: tuple[str, ...] = ()
    """What else it may have meant, in words."""


@dataclass(frozen=True)
class Unclear:
    """Nothing that the tools can answer was recognised; `nearest` are the tools whose words came nearest."""

    nearest: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    """Words of the question that said nothing here."""
    lacking: str = ""
    """What was not named, where all else was clear: metric."""
    reason: str = ""
    """Why it is asked back about, in a sentence, where a word of it rules the nearest answer out."""


@dataclass(frozen=True)
class Setting:
    """What a question is read against. `before` is what was understood of the question before, if anything."""

    calendar: Calendar
    period: str | None = None
    me: str | None = None
    """The person who asks, where the conversation is about somebody else."""
    team: str | None = None
    """What "my team" is to be asked with."""
    before: Routed | None = None
    drafted: bool = False
    """Whether there is a draft to talk about."""
    leave_out: str | None = None
    """An example that the question is not to be likened to."""


@dataclass(frozen=True)
class Asked:
    """A question taken apart."""

    text: str
    words: Sequence[Word]
    slots: Sequence[Slot]
    vocabulary: Vocabulary
    setting: Setting

    def all(self, kind: str) -> list[Slot]:
        return [slot for slot in self.slots if slot.kind == kind]

    def has(self, kind: str) -> bool:
        return bool(self.all(kind))

    def metric(self) -> str | None:
        """The metric named: the longest name, and of equals the first."""
        named = self.all("metric")
        return max(named, key=lambda slot: (slot.end - slot.start, -slot.start)).value if named else None

    def from_before(self, kind: str) -> str | None:
        """What the question before was about, where this one leaves it open."""
        before = self.setting.before
        if kind != "metric" or before is None:
            return None
        return before.arguments.get("metric") or _ABOUT.get(before.tool)

    def own(self) -> bool:
        """Whether it asks of one's own, so that whoever the question before was about is not meant: "did I", "my"."""
        return self.typed_whole(("i", "my", "mine", "myself", "we", "our"))

    def fields(self, tool: str) -> Collection[str]:
        """The names of a tool's arguments."""
        return _fields(tool)

    def typed_whole(self, words: Sequence[str]) -> bool:
        return any(word.plain in words for word in self.words)

    def typed(self, slot: Slot) -> str:
        """The words that named something, as they were typed."""
        return self.text[self.words[slot.start].start : self.words[slot.end - 1].end]

    def ahead(self, slot: Slot) -> str:
        """The word before something named, articles aside."""
        index = slot.start - 1
        while index >= 0 and self.words[index].plain in ("the", "my", "our", "a", "his", "her", "in", "as", "at", "on"):
            index -= 1
        return self.words[index].plain if index >= 0 else ""


@cache
def _fields(tool: str) -> frozenset[str]:
    from agent.chat.toolbox import TOOLS

    return frozenset(next(spec for spec in TOOLS if spec.name == tool).arguments.model_fields)
