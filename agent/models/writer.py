"""The writer that asks a language model: one request a section, all at once, every call on the record."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from agent.draft import Section
from agent.models.answers import answer_class, section_of
from agent.models.briefing import Notes, messages, record_text, repair_text, short_notes
from agent.models.choice import ModelName, loading, make_model, model_name, price_of, provider_of
from agent.models.retry import CallFailed, retrying
from agent.plan import Plan, SectionPlan, plan_summary
from agent.printing import Printer
from agent.record import Attempt, PromptUsed
from agent.settings import Settings
from agent.writer import SectionFailed, SectionRefused
from prompts.loader import PromptSet
from tools.facts import FactSheet

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from pydantic import BaseModel

    from agent.models.calls import Reply

# Seconds between the first requests of a run. A small server lets few new connections wait (Python's own: five); the
# ones it drops come back a whole second later.
_PACE = 0.008

# A server that turns down the strict form is asked for looser ones; the answer is read just as strictly.
_LOOSER = {"json_schema": "json_object", "json_object": "text"}


class ModelWriter:
    """Writes sections with a chat model. `attempts` grows by one for every call, failed ones included.

    `prompts_used` are the prompts that the sections of `plan` are written with.
    """

    def __init__(
        self,
        model: BaseChatModel,
        name: ModelName,
        prompts: PromptSet,
        plan: Plan,
        settings: Settings,
        locale: str = "en",
    ) -> None:
        self.attempts: list[Attempt] = []
        self.prompts_used = _prompts_used(prompts, plan)
        self._model = model
        self._name = name
        self._prompts = prompts
        self._settings = settings
        self._locale = locale
        self._language = prompts.language(locale)
        self._output = settings.output or provider_of(name).output
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._begun = 0
        self._answers: dict[str, str] = {}
        self._brief: tuple[Plan, str, Notes] | None = None

    def cost_of(self, input_tokens: int, output_tokens: int) -> float | None:
        """What that many tokens cost, in USD unless the owner's own price is in another currency; None if unknown."""
        price = price_of(self._name, self._settings)
        return round(price.cost(input_tokens, output_tokens), 6) if price is not None else None

    async def write(self, section: SectionPlan, plan: Plan, refused: Sequence[str] = ()) -> Section:
        """One section; `refused` holds why its last answer could not stand. See `agent.writer.Writer`."""
        record, notes = self._briefed(plan)
        request = messages(section, plan, self._prompts, record, notes)
        if refused and section.id in self._answers:
            request += [("assistant", self._answers[section.id]), ("user", repair_text(refused))]
        async with self._slots:
            if section.id not in self._answers:
                self._begun += 1
                await asyncio.sleep(_PACE * (self._begun - 1))
            reply = await self._asked(section.id, request)
        self._answers[section.id] = reply.text
        try:
            return section_of(reply.answer, section, notes)
        except SectionRefused as refusal:
            self.attempts.append(
                Attempt(section=section.id, outcome="refused", reason="; ".join(refusal.reasons), seconds=0)
            )
            raise

    def _briefed(self, plan: Plan) -> tuple[str, Notes]:
        """The record and the notes' short ids, made once per plan: they are the same for every section."""
        if self._brief is None or self._brief[0] is not plan:
            notes = short_notes(plan)
            record = record_text(plan, notes, Printer(plan.sheet, self._language, self._locale))
            self._brief = (plan, record, notes)
        return self._brief[1], self._brief[2]

    async def _asked(self, section_id: str, request: list[tuple[str, str]]) -> Reply:
        """The model's answer, asked again as the retry policy says. Raises `SectionFailed` with the last failure."""
        deadline = time.monotonic() + self._settings.patience
        try:
            async for attempt in retrying(self._settings):
                with attempt:
                    return await self._called(section_id, request, deadline)
        except CallFailed as failed:
            calls = sum(each.section == section_id for each in self.attempts)
            times = f", {calls} calls made" if calls > 1 else ""
            raise SectionFailed(failed.outcome, f"{failed.reason}{times}") from failed
        raise AssertionError("the retry policy returns or raises")

    async def _called(self, section_id: str, request: list[tuple[str, str]], deadline: float) -> Reply:
        """One call, on the record however it ends; a server that turns down the form is asked for a looser one."""
        from agent.models.calls import ask, rejects_schema

        output, started = self._output, time.monotonic()
        seconds = max(0.001, min(self._settings.timeout, deadline - started))
        try:
            reply = await ask(self._model, request, self._form(section_id), output, seconds)
        except CallFailed as failed:
            self._record(section_id, failed.outcome, failed.reason, started, failed)
            if not (rejects_schema(failed) and output in _LOOSER):
                raise
        else:
            self._record(section_id, "ok", None, started, reply)
            return reply
        # Other sections may have found the same meanwhile; nobody goes back to a stricter form.
        if self._output == output:
            self._output = _LOOSER[output]
        return await self._called(section_id, request, deadline)

    def _form(self, section_id: str) -> type[BaseModel]:
        """The class that an answer must have."""
        return answer_class(section_id)

    def _record(self, section_id: str, outcome: str, reason: str | None, started: float, spent: Any) -> None:
        self.attempts.append(
            Attempt(
                section=section_id,
                outcome=outcome,
                reason=reason,
                seconds=round(time.monotonic() - started, 3),
                input_tokens=spent.input_tokens,
                output_tokens=spent.output_tokens,
            )
        )


def _prompts_used(prompts: PromptSet, plan: Plan) -> tuple[PromptUsed, ...]:
    told = ["headline", *(each.id for each in plan.sections if each.left_out is None and each.settings.kind != "facts")]
    used = [prompts.prompt(name) for name in ("house", *(f"sections/{section}" for section in told))]
    return tuple(PromptUsed(name=each.name, version=each.version, sha256=each.sha256) for each in used)


@asynccontextmanager
async def open_writer(
    model: str, prompts: PromptSet, sheet: FactSheet, settings: Settings, locale: str = "en"
) -> AsyncIterator[ModelWriter]:
    """A writer for one run. Raises `ModelUnavailable` or `SettingsError`."""
    async with open_chat(model, settings) as chat:
        yield ModelWriter(chat, model_name(model), prompts, plan_summary(sheet, prompts), settings, locale)


@asynccontextmanager
async def open_chat(model: str, settings: Settings) -> AsyncIterator[BaseChatModel]:
    """A chat model with an HTTP connection of its own that is closed afterwards.

    langchain-openai else keeps one client per address for the whole process, and its connections die with the event
    loop that opened them. Raises `ModelUnavailable` or `SettingsError`.
    """
    if model_name(model).provider not in ("openai", "azure_openai"):
        yield make_model(model, settings)
        return
    with loading():
        from openai import DefaultAsyncHttpxClient

        from agent.models.calls import expect_json

    async with DefaultAsyncHttpxClient(
        event_hooks={"response": [expect_json]}, timeout=settings.timeout, verify=_trusted()
    ) as client:
        yield make_model(model, settings, http_async_client=client)


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that the client trusts by default, read once: that takes a fifth of an answer's own time."""
    from openai import DefaultAsyncHttpxClient

    client = DefaultAsyncHttpxClient.__mro__[1].__module__.partition(".")[0]
    return import_module(client).create_ssl_context()
