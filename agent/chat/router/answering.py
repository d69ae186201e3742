"""Answers without a language model: the question is read by rules, the tool's own blocks are the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.chat.answer import Asks, Notice
from agent.chat.router.days import Calendar
from agent.chat.router.parts import route_all
from agent.chat.router.reading import data
from agent.chat.router.routing import Routed, Setting, Unclear
from agent.chat.router.vocabulary import Vocabulary
from agent.chat.router.workspace import vocabulary_of

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.chat.talk import Tell
    from agent.store.conversations import Message

# How many of the questions before are read again for what this one leans on.
_REMEMBERED = 6
_USUAL = ("overview", "shortfalls", "slipped", "why", "draft")
_BY_RULES = "(This works without a language model, by rules.)"
_UNREAD = "This works without a language model, by rules, and they did not understand that."
_LACKS = {"metric": "Say which metric is meant"}


class Router:
    """An `Answerer` that reads plain English by rules. `first` is said before the answer where it is given."""

    def __init__(self, first: str = "") -> None:
        self._first = first

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Tell) -> None:
        """Call the tools that the question asks for; say how it was taken where that is not plain."""
        if self._first:
            tell.block(Notice(text=self._first))
        tell.working("reading the question")
        calls = await asyncio.to_thread(self._calls, text, history, desk)
        if isinstance(calls, Unclear):
            tell.block(Notice(text=_unclear(calls)))
            tell.block(Asks(title="It can answer, for example", questions=_examples(calls.nearest)))
            return
        for call in calls:
            if call.unsure:
                tell.block(Notice(text=_taken(call)))
            if call.tool == "edit" and desk.conversation.draft_id is None:
                tell.block(Notice(text="There was no draft here yet, so one is written first."))
                for block in await desk.use("draft", {}, tell):
                    tell.block(block)
            for block in await desk.use(call.tool, call.arguments, tell):
                tell.block(block)

    def _calls(self, text: str, history: Sequence[Message], desk: Desk) -> tuple[Routed, ...] | Unclear:
        vocabulary, setting = vocabulary_of(desk), setting_of(desk)
        for asked in [message.text for message in history if message.author == "person"][-_REMEMBERED:]:
            setting = replace(setting, before=_last(asked, vocabulary, setting) or setting.before)
        return route_all(text, vocabulary, setting)


def setting_of(desk: Desk) -> Setting:
    """What questions to this desk are read against."""
    period = desk.period()
    fiscal_year_start = desk.facts.workspace.settings.organisation.fiscal_year_start
    access, viewer, about = desk.access(), desk.viewer, desk.conversation.who
    me = viewer.person if viewer.person is not None and viewer.person != about else None
    return Setting(
        Calendar(desk.as_of, fiscal_year_start, period), period.label,
        me=access.name_of(me) if me is not None else None,
        team=_team(desk), drafted=desk.conversation.draft_id is not None,
    )  # fmt: skip


def _team(desk: Desk) -> str | None:
    """What "my team" is asked with: a manager's own name, for their sheet is their people's; else the team's."""
    access, period = desk.access(), desk.period()
    whose = desk.viewer.person or desk.conversation.who
    if whose.startswith("team:") or whose == "everybody":
        return access.name_of(whose)
    spell = access.roster.last_spell(whose, period.start, period.end)
    if spell is None:
        return None
    leads = any(each.manager == whose for spells in access.roster.spells.values() for each in spells)
    return access.name_of(whose) if leads else spell.team


def _last(asked: str, vocabulary: Vocabulary, setting: Setting) -> Routed | None:
    calls = route_all(asked, vocabulary, setting)
    return None if isinstance(calls, Unclear) else calls[-1]


def _taken(call: Routed) -> str:
    """ "Taken as: deals that slipped, Q1 2026 (read forcast as forecast). It may also have meant: …" """
    instead = f" It may also have meant: {'; '.join(call.instead)}." if call.instead else ""
    return f"Taken as: {call.understood} ({call.unsure}).{instead}"


def _unclear(found: Unclear) -> str:
    if found.reason:
        return f"{found.reason} {_BY_RULES}"
    if found.lacking:
        return f"{_LACKS[found.lacking]}: this works without a language model, by rules, and they found none in that."
    if found.unknown:
        words = ", ".join(f'"{word}"' for word in found.unknown[:4])
        return f"{_UNREAD} They know nothing of {words}."
    return _UNREAD


def _examples(nearest: Sequence[str]) -> tuple[str, ...]:
    tools = dict.fromkeys((*nearest, *_USUAL))
    known = data("intents")
    return tuple(known[tool]["example"] for tool in tools if tool in known)[:5]
