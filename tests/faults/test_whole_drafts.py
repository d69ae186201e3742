"""Whatever the model's server does, a whole draft comes back, and says what became of each section."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from agent.draft import Draft
from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from agent.models import open_writer
from tests.agent.models.world import PROMPTS, QUICK, SHEET, told
from tests.faults.server import BEHAVIOURS, CORRUPTIONS, FaultServer

MODEL = "openai:gpt-4o-mini"
RUN = Run("salesbrief test", date(2026, 7, 1), datetime(2026, 7, 1, tzinfo=UTC), MODEL)
# A draft is not streamed, so a stream that breaks off is none of its troubles.
HARMLESS = {"ok", "slow", "fenced", "noformat", "cutstream"}


def _drafted(server: FaultServer, **settings: object) -> Draft:
    async def run() -> Draft:
        changed = replace(QUICK, base_url=server.base_url, attempts=2, **settings)
        async with open_writer(MODEL, PROMPTS, SHEET, changed) as writer:
            return await draft_summary(SHEET, PROMPTS, RUN, writer=writer)

    return asyncio.run(run())


def _prose(draft: Draft) -> list:
    ids = {section.id for section in told()}
    return [section for section in draft.all_sections if section.id in ids]


@pytest.mark.parametrize("behaviour", sorted(set(BEHAVIOURS) - {"slow", "stall"}))
def test_a_whole_draft_comes_back(behaviour: str) -> None:
    with FaultServer(default=behaviour) as server:
        draft = _drafted(server)
    sections = _prose(draft)
    assert [section.id for section in sections] == [section.id for section in told()]
    assert all(section.written_by == "model" or section.note for section in sections)
    by_model = {section.written_by for section in sections} == {"model"}
    assert by_model == (behaviour in HARMLESS)
    assert ("Written without the model" in to_markdown(draft)) == (not by_model)


@pytest.mark.parametrize("behaviour", sorted(set(CORRUPTIONS) - {"wrongschema", "praised", "negated"}))
def test_nothing_of_a_corrupt_answer_stands(behaviour: str) -> None:
    with FaultServer(default=behaviour) as server:
        sections = _prose(_drafted(server))
    assert {section.written_by for section in sections} == {"composer"}


@pytest.mark.parametrize("behaviour", ["praised", "negated"])
def test_no_shortfall_is_denied(behaviour: str) -> None:
    with FaultServer(default=behaviour) as server:
        sections = _prose(_drafted(server))
    weak = {section.id for section in told() if section.shortfalls}
    assert all(section.written_by == "composer" for section in sections if section.id in weak)


def test_no_figure_is_denied() -> None:
    """Good and neutral results no more than weak ones."""
    with FaultServer(default="negated") as server:
        sections = _prose(_drafted(server))
    stating = {section.id for section in told() if section.must}
    assert {section.written_by for section in sections if section.id in stating} == {"composer"}


def test_a_corrupt_answer_is_mended_when_asked_again() -> None:
    with FaultServer("headline=dropped", "kpis=numbers", "next_steps=unreadable") as server:
        draft = _drafted(server)
    assert {section.written_by for section in _prose(draft)} == {"model"}
    refused = {attempt.section for attempt in draft.record.attempts if attempt.outcome == "refused"}
    assert refused == {"headline", "kpis", "next_steps"}


@pytest.mark.parametrize("seed", range(4))
def test_a_draft_survives_a_server_that_fails_at_random(seed: int) -> None:
    with FaultServer(chaos=0.5, seed=seed) as server:
        draft = _drafted(server, timeout=2.0)
    assert len(_prose(draft)) == len(told())
    calls = [attempt for attempt in draft.record.attempts if not (attempt.outcome == "refused" and not attempt.seconds)]
    assert len(calls) == len(server.seen)


def test_a_stalled_server_costs_no_more_than_the_patience() -> None:
    started = time.monotonic()
    with FaultServer(default="stall") as server:
        draft = _drafted(server, timeout=0.5, patience=1.0)
    assert {section.written_by for section in _prose(draft)} == {"composer"}
    assert time.monotonic() - started < 8


def test_the_record_counts_tokens_and_cost() -> None:
    with FaultServer() as server:
        draft = _drafted(server)
    assert draft.record.input_tokens > 5000 and draft.record.output_tokens > 100


def test_all_sections_are_asked_for_at_once() -> None:
    """How long that takes is a benchmark's business; here it is enough that nobody waits for anybody."""
    with FaultServer(default="slow:1") as server:
        _drafted(server)
    assert server.most_at_once == len(told())
