"""A chat model that needs no network: `--model offline`, and the stand-in for a model in tests."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import Field

from agent.models.standin import chat_answer, section_answer

_LETTERS_PER_TOKEN = 4

Reply = str | dict[str, Any] | AIMessage | Exception


class OfflineChatModel(BaseChatModel):
    """Answers every section from its own request, or with `replies` in order where a test gives them.

    A reply is text, an object (sent as JSON), a whole message, or an exception to raise. A call beyond the last reply
    is an error, and so is a reply that nobody asked for: call `finish` at the end of a test.
    """

    replies: list[Any] | None = None  # Of `Reply`; left unchecked, for a message class takes exceptions amiss.
    seen: list[list[BaseMessage]] = Field(default_factory=list)

    def finish(self) -> None:
        """Complain about replies that were never asked for."""
        left = len(self.replies or ()) - len(self.seen)
        assert left <= 0, f"{left} scripted replies were never asked for"

    @property
    def _llm_type(self) -> str:
        return "offline"

    def bind_tools(
        self,
        tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool],
        *,
        tool_choice: str | None = None,
        **kwargs: Any,
    ) -> Runnable[Any, AIMessage]:
        """Offered so that LangChain's structured output and agents take it; the answer is then a tool call."""
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], tool_choice=tool_choice, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._reply(messages, kwargs)
        if isinstance(reply, Exception):
            raise reply
        message = reply if isinstance(reply, AIMessage) else _message(reply, kwargs)
        read = sum(len(each.text) for each in messages) // _LETTERS_PER_TOKEN
        written = max(1, len(message.text or json.dumps(message.tool_calls)) // _LETTERS_PER_TOKEN)
        message = message.model_copy(
            update={
                "usage_metadata": message.usage_metadata
                or {"input_tokens": read, "output_tokens": written, "total_tokens": read + written},
                "response_metadata": {"model_name": "offline", "finish_reason": "stop"} | message.response_metadata,
            }
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _reply(self, messages: list[BaseMessage], options: dict[str, Any]) -> Reply:
        self.seen.append(messages)
        if self.replies is None and options.get("tools") and not options.get("tool_choice"):
            return _turn(messages, [tool["function"]["name"] for tool in options["tools"]])
        if self.replies is None:
            return section_answer("\n".join(message.text for message in messages if message.type == "human"))
        assert len(self.seen) <= len(self.replies), f"call {len(self.seen)} came after the last of the scripted replies"
        return self.replies[len(self.seen) - 1]


_ROLES = {"human": "user", "ai": "assistant", "tool": "tool", "system": "system"}


def _turn(messages: list[BaseMessage], tools: list[str]) -> AIMessage:
    """A turn of a conversation in which tools may be called."""
    turn = chat_answer([(_ROLES.get(message.type, message.type), message.text) for message in messages], tools)
    if "text" in turn:
        return AIMessage(content=turn["text"])
    call = ToolCall(name=turn["tool"], args=turn["arguments"], id=f"call-{len(messages)}", type="tool_call")
    return AIMessage(content="", tool_calls=[call])


def _message(reply: str | dict[str, Any], options: dict[str, Any]) -> AIMessage:
    """The reply as text, or as the call of the one tool that the caller insists on."""
    text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
    if not options.get("tool_choice"):
        return AIMessage(content=text)
    name = options["tools"][0]["function"]["name"]
    arguments = reply if isinstance(reply, dict) else json.loads(reply)
    return AIMessage(content="", tool_calls=[ToolCall(name=name, args=arguments, id="call-1", type="tool_call")])
