"""A scripted model at the desk, and one question asked of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from langchain_core.messages import AIMessage, ToolCall

from agent.chat.agent import AgentAnswerer
from agent.chat.answer import Block, Event
from agent.chat.desk import Desk
from agent.models.offline import OfflineChatModel
from agent.settings import Settings
from tests.agent.chat.seller import talk


def calls(tool: str, **arguments: Any) -> AIMessage:
    """A reply that calls one tool."""
    return AIMessage("", tool_calls=[ToolCall(name=tool, args=arguments, id=f"call-{tool}", type="tool_call")])


def ask(desk: Desk, text: str, *replies: Any) -> tuple[list[Event], OfflineChatModel]:
    """What an answer tells when the model replies like that; all of the replies must be asked for."""
    model = OfflineChatModel(replies=list(replies))

    @asynccontextmanager
    async def opened(name: str, settings: Settings) -> AsyncIterator[OfflineChatModel]:
        yield model

    events = talk(replace(desk, model="offline", settings=QUICK), AgentAnswerer(opened), text)
    model.finish()
    return events, model


# Nothing waits long in a test.
QUICK = Settings(timeout=5.0, patience=10.0, attempts=2)


def blocks(events: list[Event]) -> list[Block]:
    return [event.block for event in events if event.block is not None]


def written(events: list[Event]) -> list[str]:
    """The sentences by the model, as printed."""
    said = [block for block in blocks(events) if block.kind == "said" and block.by == "model"]
    return [statement.text for block in said for statement in block.statements]


def notices(events: list[Event]) -> list[str]:
    return [block.text for block in blocks(events) if block.kind == "notice"]


def told_to_model(model: OfflineChatModel) -> str:
    """Everything that the model was sent with its last call."""
    return "\n".join(message.text for message in model.seen[-1])
