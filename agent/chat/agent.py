"""Answers with a language model: it calls the desk's tools, and says in guarded sentences what they show.

    question ─► model ─► tool ─► blocks, told at once ─► model ─► … ─► sentences ─► guard ─► told one by one
                                                                          │ refused: asked once more, with the reasons
                                                                          └ else left out, and the answer says so

Out of reach, it hands the question to the router, and says that. State is the project's own store: messages are
rebuilt from it, nothing is kept here.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any

from agent.chat.answer import Notice
from agent.chat.apart import in_turn
from agent.chat.router.answering import Router, setting_of
from agent.chat.router.asking import Reading
from agent.chat.router.workspace import vocabulary_of
from agent.models.choice import loading
from tools.errors import ModelUnavailable, SettingsError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

    from agent.chat.desk import Desk
    from agent.chat.speaking.prose import Guarded, Refusal
    from agent.chat.speaking.toolset import Answering
    from agent.chat.talk import Tell
    from agent.settings import Settings
    from agent.store.conversations import Message

Opening = Callable[[str, "Settings"], AbstractAsyncContextManager["BaseChatModel"]]

# Of one question. A model that still asks for tools after that is going round in circles.
MOST_CALLS, MOST_TOOLS = 8, 10
_LEFT_OUT = "Part of what the model wrote did not pass the guard and was left out; figures and tables are the tools'."
_NOTHING = "What the model wrote did not pass the guard; what stands here are the tools' own answers."
_CIRCLES = "The model kept asking for more and was stopped; what it looked up stands here."
_TOOL_FAILED = "The tool failed; nothing was found. Say so, or answer from what other tools found."

_LOG = logging.getLogger("salesbrief.chat")


class AgentAnswerer:
    """An `Answerer` that asks the desk's model. `open_model` opens it for one answer (default: as drafts do)."""

    def __init__(self, open_model: Opening | None = None) -> None:
        self._open = open_model

    async def answer(self, text: str, history: Sequence[Message], desk: Desk, tell: Tell) -> None:
        """Answer with the model; by the router where it cannot be had."""
        from agent.models.retry import CallFailed

        tell.working("asking the model")
        with loading():
            from agent.chat.speaking.toolset import Answering
        answering = Answering(desk, tell, text, await in_turn(_reading, text, desk), _sheets(desk))
        try:
            await self._answered(answering, history)
        except (ModelUnavailable, SettingsError, CallFailed) as failed:
            reason = str(failed).rstrip(".")
            reason = f"{reason[:1].upper()}{reason[1:]}"
            if answering.blocks:
                tell.block(Notice(text=f"{reason}, so its own words are missing; what stands here is the tools'."))
                return
            await Router(f"{reason}; this was read by rules, without the model.").answer(text, history, desk, tell)

    async def _answered(self, answering: Answering, history: Sequence[Message]) -> None:
        from langchain.agents.middleware.model_call_limit import ModelCallLimitExceededError

        from agent.chat.speaking.history import earlier
        from agent.chat.speaking.prose import Guarded

        desk, tell = answering.desk, answering.tell
        assert desk.model is not None, "without a model the router answers"
        guarded = Guarded(answering.sheets, desk.prompts.edit_words(desk.locale)["causing"])
        messages = [*await in_turn(earlier, history, desk), _question(answering)]
        open_model = self._open or _open_chat
        async with open_model(desk.model, desk.settings) as model:
            agent = _agent(model, desk, lambda: guarded.said)
            try:
                messages = await _said(agent, messages, answering, guarded)
                refused, guarded.refused = guarded.refused, []
                if refused:
                    tell.working("asking the model to say it otherwise")
                    await _said(agent, [*messages, _once_more(refused)], answering, guarded)
            except ModelCallLimitExceededError:
                tell.block(Notice(text=_CIRCLES))
                return
        if not guarded.said and not answering.blocks:
            for block in answering.held:
                tell.block(block)
        if guarded.refused:
            for each in guarded.refused:
                _LOG.info("refused: %s (%s)", each.sentence, "; ".join(each.reasons))
            tell.block(Notice(text=_LEFT_OUT if guarded.said else _NOTHING))


async def _said(agent: Any, messages: list[BaseMessage], answering: Answering, guarded: Guarded) -> list[BaseMessage]:
    """Run the agent and tell its sentences as they pass; return all messages."""
    final = messages
    async for sentence, state in _sentences(agent, messages, answering):
        if state is not None:
            final = state
        elif (said := await in_turn(guarded.said_of, sentence)) is not None:
            answering.tell.block(said)
    return final


async def _sentences(
    agent: Any, messages: list[BaseMessage], answering: Answering
) -> AsyncIterator[tuple[str, list[BaseMessage] | None]]:
    """The sentences of the model's last message, as they become whole; what precedes a tool's call is none.

    A sentence is held until the next begins: only then is it sure that no call follows it.
    """
    from langchain_core.messages import AIMessage

    from agent.chat.speaking.prose import Sentences

    cut, current, held = Sentences(), None, []
    steps = agent.astream(
        {"messages": messages}, context=answering, stream_mode=["messages", "values"],
        config={"recursion_limit": 6 * MOST_CALLS},
    )  # fmt: skip
    async for mode, step in steps:
        if mode == "values":
            yield "", step["messages"]
            continue
        message, about = step
        if about.get("langgraph_node") != "model" or not isinstance(message, AIMessage):
            continue
        if message.id != current:
            cut, current, held = Sentences(), message.id, []
        if message.tool_calls or getattr(message, "tool_call_chunks", None):
            cut, held = Sentences(), []
            continue
        held += cut.add(message.text)
        while len(held) > 1:
            yield held.pop(0), None
    for sentence in [*held, *cut.rest()]:
        yield sentence, None


def _agent(model: BaseChatModel, desk: Desk, said: Callable[[], int]) -> Any:
    with loading():
        from langchain.agents import create_agent
        from langchain.agents.middleware import ModelCallLimitMiddleware, ToolCallLimitMiddleware, ToolErrorMiddleware

        from agent.chat.speaking.calls import CarefulCalls
        from agent.chat.speaking.toolset import Answering, tools_for_model

    return create_agent(
        model,
        tools_for_model(),
        system_prompt=desk.prompts.prompt("chat").fill({}),
        context_schema=Answering,
        middleware=[
            ModelCallLimitMiddleware(run_limit=MOST_CALLS, exit_behavior="error"),
            ToolCallLimitMiddleware(run_limit=MOST_TOOLS, exit_behavior="continue"),
            ToolErrorMiddleware(on_error=_tool_failed),
            CarefulCalls(desk.settings, said),
        ],
    )


def _tool_failed(error: Exception, request: Any) -> str:
    """A fault of ours is in the log; the model hears that there is nothing, and the answer goes on."""
    _LOG.error("the tool %s failed", request.tool_call["name"], exc_info=error)
    return _TOOL_FAILED


def _question(answering: Answering) -> BaseMessage:
    from langchain_core.messages import HumanMessage

    from agent.models.briefing import safe_json

    desk, period = answering.desk, answering.desk.period()
    about = {
        "about": desk.conversation.name, "period": period.label, "period_before": period.prior().label,
        "today": desk.as_of.isoformat(), "draft": desk.conversation.draft_id is not None,
    }  # fmt: skip
    text = answering.text.replace("<", "‹").replace(">", "›")
    return HumanMessage(f"<about>\n{safe_json(about)}\n</about>\n\n<question>\n{text}\n</question>")


def _once_more(refused: Sequence[Refusal]) -> BaseMessage:
    from langchain_core.messages import HumanMessage

    listed = "\n".join(f"- {each.sentence}\n  {' '.join(each.reasons)}" for each in refused)
    return HumanMessage(
        f"These sentences of yours cannot be used, the others can:\n{listed}\n\n"
        "Write only these again, mended, or a shorter one that can be used. Call no tool."
    )


def _reading(text: str, desk: Desk) -> Reading:
    return Reading.of(text, vocabulary_of(desk), setting_of(desk))


def _sheets(desk: Desk) -> Any:
    from agent.chat.speaking.sheets import Sheets

    return Sheets(desk)


def _open_chat(model: str, settings: Settings) -> AbstractAsyncContextManager[BaseChatModel]:
    from agent.models.writer import open_chat

    return open_chat(model, settings)
