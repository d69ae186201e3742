"""What was said before, rebuilt from the store for the model: recent answers in tokens, older ones as questions only.

Nothing that people typed into the CRM is repeated here: quotations and cells are left out, so that no note can speak
to the model from an earlier answer. Long conversations are cut by rule, for a summary by a model could hold wrong
figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage

from agent.chat.answer import Block, Said, Table
from agent.draft import Quotation, Statement, Text
from agent.tokens import write_tokens

if TYPE_CHECKING:
    from agent.chat.desk import Desk
    from agent.store.conversations import Message

# Of the latest replies what was said is told; of those before only what was asked, and of the oldest their number.
_RECENT, _LISTED = 6, 30
_MOST_LETTERS = 600


def earlier(history: Sequence[Message], desk: Desk) -> list[BaseMessage]:
    """The conversation so far as messages."""
    turns = _turns(history)
    old, recent = turns[:-_RECENT], turns[-_RECENT:]
    messages: list[BaseMessage] = []
    if old:
        asked = "\n".join(f"- {_cut(question.text, 120)}" for question, _ in old[-_LISTED:])
        left = f"{len(old) - _LISTED} questions before these are left out.\n" if len(old) > _LISTED else ""
        messages.append(HumanMessage(f"Earlier in this conversation I asked:\n{left}{asked}"))
        messages.append(AIMessage("These were answered."))
    for question, reply in recent:
        messages.append(HumanMessage(_cut(question.text, _MOST_LETTERS)))
        told = _told(desk, reply) if reply is not None else ""
        messages.append(AIMessage(told or "(answered with what the tools showed)"))
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


def _told(desk: Desk, reply: Message) -> str:
    events = desk.stores.conversations.events(desk.conversation.id, reply.number)
    lines = [line for event in events if event.block is not None for line in _lines(event.block)]
    return _cut("\n".join(lines), _MOST_LETTERS)


def _lines(block: Block) -> list[str]:
    if isinstance(block, Said):
        return [_bare(statement) for statement in block.statements]
    return ["(a table was shown)"] if isinstance(block, Table) else []


def _bare(statement: Statement) -> str:
    """The sentence in tokens, its quotations left out."""
    parts = [Text(text="(a note)") if isinstance(part, Quotation) else part for part in statement.parts]
    return write_tokens(parts)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[:letters]}…"
