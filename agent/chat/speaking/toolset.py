"""The desk's tools as a model may call them. What it may not do is not left to its instructions:

- whom it may see is asked inside every tool, as for anybody;
- what changes something (a draft, a statement) needs the person's own words to ask for it once CRM text was read, so
  that no note can have it done;
- a statement is kept in the person's words, never in the model's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from langchain.tools import ToolRuntime
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.chat.answer import Block, Notice
from agent.chat.apart import in_turn
from agent.chat.desk import Desk
from agent.chat.router.arguments import arguments_of
from agent.chat.router.asking import Reading
from agent.chat.speaking.found import found_text
from agent.chat.speaking.sheets import Sheets
from agent.chat.talk import Tell
from agent.chat.toolbox import TOOLS, ToolSpec

UNASKED = "Not done: the person's message does not ask for that. Answer what it asks."


@dataclass
class Answering:
    """One answer in the making, as the tools see it; nothing of it is in the model's schema."""

    desk: Desk
    tell: Tell
    text: str
    reading: Reading
    sheets: Sheets
    blocks: list[Block] = field(default_factory=list)
    held: list[Block] = field(default_factory=list)
    """What went wrong with a call: told to the person only if nothing better comes of the question."""
    read: bool = False
    """Whether text out of the CRM has reached the model."""


class Narrowed(BaseModel):
    """A column of the deals and the value that it must hold."""

    model_config = ConfigDict(extra="forbid")

    column: str = Field(description="segment, source, origin, type, product, territory, industry, stage …")
    value: str


class ReportAsked(BaseModel):
    """As the desk's own, without tuples: not every provider's schemas have them."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="the report's name: deal_funnel, loss_reasons, quota_attainment …")
    by: str | None = Field(None, description="rep, team, total or a column that the report can be split by")
    every: str | None = Field(None, description="week, month or quarter: one row for each")
    where: list[Narrowed] = Field(default_factory=list, description="only deals whose columns hold these values")
    who: str | None = Field(None, description="a person or team, as named; default: whom the conversation is about")
    period: str | None = Field(None, description="2026-Q2, Q1, May, last quarter …; default: the conversation's")


@cache
def tools_for_model() -> tuple[BaseTool, ...]:
    """One tool for each of the desk's; they hold nothing of an answer, so all answers share them."""
    return tuple(_tool(spec) for spec in TOOLS)


def _tool(spec: ToolSpec) -> BaseTool:
    async def call(runtime: ToolRuntime[Answering], **arguments: Any) -> str:
        return await _used(spec, arguments, runtime.context)

    # A plain schema: arguments are read below, by the class that the desk reads them by.
    schema = _form(spec).model_json_schema()
    return StructuredTool.from_function(coroutine=call, name=spec.name, description=spec.says, args_schema=schema)


def _form(spec: ToolSpec) -> type[BaseModel]:
    return ReportAsked if spec.name == "report" else spec.arguments


async def _used(spec: ToolSpec, arguments: dict[str, Any], answering: Answering) -> str:
    """What the tool found, for the model; the person is told the blocks."""
    try:
        form = _form(spec).model_validate(arguments)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return f"These arguments do not fit: {wrong}."
    if spec.changes and not answering.reading.may_ask_for(spec.name, unread=not answering.read):
        return UNASKED
    given = {name: getattr(form, name) for name in type(form).model_fields}
    if isinstance(form, ReportAsked):
        given["where"] = tuple((each.column, each.value) for each in form.where)
    if spec.name == "say":
        given["text"] = _own_words(given["text"], answering)
    if spec.name == "draft" and answering.reading.readable:
        # A draft is kept, and the conversation turns to it: a name or time that the model dropped is put back.
        named, _ = arguments_of("draft", answering.reading.asked)
        given = {name: named.get(name) if value is None else value for name, value in given.items()}
    blocks = await answering.desk.use(spec.name, given, answering.tell)
    for block in blocks:
        if isinstance(block, Notice) and block.tone == "failed":
            answering.held.append(block)
        else:
            answering.blocks.append(block)
            answering.tell.block(block)
    answering.read = True
    return await in_turn(found_text, blocks, answering.sheets)


def _own_words(text: str, answering: Answering) -> str:
    """The statement as the person made it: the model's version only where it stands in the message word for word."""
    if _plain(text) and _plain(text) in _plain(answering.text):
        return text
    return answering.reading.statement()


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
