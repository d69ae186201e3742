"""What was said before, rebuilt from the store for the model: recent answers in tokens, older ones summarised by code.

Nothing that people typed into the CRM is repeated here: quotations and cells are left out, so that no note can speak
to the model from an earlier answer. `agent.chat.speaking.summary` says why no model writes the summary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.chat.answer import Block, Event, Said, SheetOf, Table
from agent.chat.speaking.summary import Turn, apart, shortened, summary, without_notes

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.store.conversations import Message

# Of the latest replies what was said is told; those before are summarised, so many of them at most, and the first.
_RECENT, _MOST_TURNS = 6, 300
_MOST_LETTERS = 600
_BEFORE = (
    "This conversation began earlier. What I asked, and what came of it, as the program kept it (figures as tokens of "
    "then; look up again what you want to state):"
)


def earlier(history: Sequence[Message], desk: Desk) -> list[BaseMessage]:
    """The conversation so far as messages."""
    turns = list(enumerate(_turns(history), start=1))
    old, recent = turns[:-_RECENT], turns[-_RECENT:]
    events = desk.stores.conversations.every_event(desk.conversation.id)
    messages: list[BaseMessage] = []
    if old:
        kept = [*old[:3], *old[max(3, len(old) - _MOST_TURNS) :]]
        told = summary([_turn(events, number, question, reply) for number, (question, reply) in kept])
        messages.append(HumanMessage(f"{_BEFORE}\n{told}"))
        messages.append(AIMessage("I have that before me."))
    about = SheetOf(who=desk.conversation.who, period=desk.period().label)
    for number, (question, reply) in recent:
        messages.append(HumanMessage(shortened(question.text, _MOST_LETTERS)))
        said = _told(_turn(events, number, question, reply), about)
        messages.append(AIMessage(said or "(answered with what the tools showed)"))
    return messages


def _turns(history: Sequence[Message]) -> list[tuple[Message, Message | None]]:
    """Questions with their replies."""
    turns: list[tuple[Message, Message | None]] = []
    for message in history:
        if message.author == "person":
            turns.append((message, None))
        elif turns and turns[-1][1] is None:
            turns[-1] = (turns[-1][0], message)
    return turns


def _turn(events: Mapping[int, list[Event]], number: int, question: Message, reply: Message | None) -> Turn:
    return Turn(number, question.text, events.get(reply.number, []) if reply is not None else [])


def _told(turn: Turn, about: SheetOf) -> str:
    """What a recent reply said, as many whole lines as fit; of whom and when, where that is not the conversation's."""
    of = turn.sheet
    told = f"(of {of.name or of.who}, {of.period})" if of is not None and apart(of, about) else ""
    for line in (line for block in turn.blocks for line in _lines(block)):
        if len(told) + len(line) > _MOST_LETTERS:
            return f"{told}\n…"
        told = f"{told}\n{line}".strip()
    return told


def _lines(block: Block) -> list[str]:
    if isinstance(block, Said):
        return [without_notes(statement) for statement in block.statements]
    return ["(a table was shown)"] if isinstance(block, Table) else []
