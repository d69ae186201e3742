"""Calls of the model inside a conversation: retried by the project's one policy, never past its patience."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
from langchain_core.messages import AIMessage

from agent.models.calls import REASONS, ending_of, failure_of
from agent.models.retry import CallFailed, retrying
from agent.settings import Settings

# What a chat completion's last piece says; a stream without it was cut.
_ENDINGS = ("finish_reason", "stop_reason", "done_reason", "status")


class CarefulCalls(AgentMiddleware):
    """Wraps every call of the model. `told` says whether anything of the answer was said by now.

    Raises `CallFailed` with the last failure. What was said cannot be taken back, so a call that breaks off after it
    is not made again.
    """

    def __init__(self, settings: Settings, told: Callable[[], int]) -> None:
        super().__init__()
        self._settings = settings
        self._told = told

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """One answer of the model, asked again as the policy says."""
        deadline = time.monotonic() + self._settings.patience
        before = self._told()
        async for attempt in retrying(self._settings):
            with attempt:
                try:
                    return await self._once(request, handler, deadline)
                except CallFailed as failed:
                    if self._told() > before:
                        raise CallFailed("cut_off", REASONS["truncated"]) from failed
                    raise
        raise AssertionError("the retry policy returns or raises")

    async def _once(
        self, request: ModelRequest[Any], handler: Callable[..., Any], deadline: float
    ) -> ModelResponse[Any]:
        seconds = max(0.001, min(self._settings.timeout, deadline - time.monotonic()))
        try:
            async with asyncio.timeout(seconds):
                response = await handler(request)
        except AssertionError:
            raise
        except Exception as error:  # Providers' packages share no base class; `failure_of` names it by its type.
            raise failure_of(error) from error
        message = response.result[0]
        if isinstance(message, AIMessage):
            _check(message, bool(request.tools))
        return response


def _check(message: AIMessage, tools: bool) -> None:
    """Raise `CallFailed` for an answer that is none: declined, cut off, or empty."""
    usage = message.usage_metadata or {}
    read, written = usage.get("input_tokens"), usage.get("output_tokens")
    outcome = ending_of(message)
    if outcome is None and not any(message.response_metadata.get(name) for name in _ENDINGS):
        outcome = "connection"
    if outcome is None and not message.text.strip() and not message.tool_calls and not message.invalid_tool_calls:
        outcome = "empty"
    if outcome is not None:
        raise CallFailed(outcome, REASONS[outcome], input_tokens=read, output_tokens=written)
