"""Fifty edits in a row on one draft, by models that follow instructions well, badly and not at all."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from agent.bundle import make_bundle, verify_bundle
from agent.draft import Draft
from agent.drafting import Run, draft_summary
from agent.editing.edit import Edit, edit_draft
from agent.editing.kept import kept
from agent.editing.plans import opened_by_shortfall
from agent.editing.wish import read_wish
from agent.markdown import to_markdown
from agent.models.rewriter import open_rewriter
from agent.settings import read_environment
from agent.store.store import DraftStore, Making
from tests.agent.editing.conftest import PROMPTS, review
from tests.agent.editing.models import Held, follows_badly, follows_well, lies
from tests.faults.server import FaultServer
from tools.metrics.build import build_facts
from tools.workspace import Workspace

EDITS = 50
RUN = Run("salesbrief test", date(2026, 7, 5), datetime(2026, 7, 5, tzinfo=UTC), "openai:gpt-5-test")
WISHES = ("warm", "like a letter", "direct", "for the VP, plainly", "formal", "as if spoken", "coaching", "executive")
SECTIONS = (["headline"], ["kpis"], ["pipeline"], ["next_steps"], ["headline"], ["context"], ["qualitative"], None)


@dataclass
class Row:
    """What fifty edits came to."""

    first: Draft
    last: Draft
    stood: int
    refused: int
    sections: int


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tools.demo.publish import publish_demo

    path = tmp_path_factory.mktemp("fifty") / "workspace"
    publish_demo(path)
    return path


async def _row(first: Draft, model, store: DraftStore, draft_id: str, monkeypatch: pytest.MonkeyPatch) -> Row:  # noqa: ANN001
    """Fifty edits, each on what the one before left, each saved as a version."""
    held, row = Held(first), Row(first, first, 0, 0, 0)
    async with AsyncExitStack() as stack:
        server = stack.enter_context(FaultServer(model=model(held, 7)))
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        settings = read_environment()
        rewriter = await stack.enter_async_context(open_rewriter("openai:gpt-5-test", PROMPTS, first, settings))
        for turn in range(EDITS):
            edit = await _edited(held.draft, turn, rewriter)
            row.refused += len(edit.refused)
            row.stood += bool(edit.changed)
            if edit.differs_from(held.draft):
                number = store.version(draft_id).number
                made = Making("tester", datetime.now(UTC), edit.run, "edit", WISHES[turn % len(WISHES)])
                store.append(draft_id, number, edit.draft, made)
            held.draft = row.last = edit.draft
    return row


async def _edited(draft: Draft, turn: int, rewriter) -> Edit:  # noqa: ANN001
    wish = read_wish(WISHES[turn % len(WISHES)], PROMPTS)
    rewriter.attempts.clear()
    run = Run(RUN.software, RUN.as_of, RUN.started_at, RUN.model, rewriter.prompts_used, rewriter.cost_of)
    sections = SECTIONS[turn % len(SECTIONS)]
    return await edit_draft(draft, wish, PROMPTS, run, sections=sections, rewriter=rewriter, review=review)


@pytest.mark.parametrize("model", [follows_well, follows_badly, lies], ids=lambda model: model.__name__)
def test_after_fifty_edits_every_fact_shortfall_and_proof_is_there(model, workspace, tmp_path, monkeypatch) -> None:  # noqa: ANN001
    monkeypatch.setenv("OPENAI_API_KEY", "test")
    monkeypatch.setenv("SALESBRIEF_ATTEMPTS", "1")
    sheet = build_facts(Workspace.open(workspace), "Michael", "2026-Q2", as_of=RUN.as_of, kpis=PROMPTS.kpis())
    first = asyncio.run(draft_summary(sheet, PROMPTS, RUN, review=review))
    store = DraftStore.open(f"sqlite:///{tmp_path / 'drafts.db'}")
    stored = store.add(first, Making("tester", RUN.started_at, first.record))
    row = asyncio.run(_row(first, model, store, stored.id, monkeypatch))
    assert _tokens(row.last) == _tokens(row.first)
    for before, after in zip(row.first.all_sections, row.last.all_sections, strict=True):
        assert set(opened_by_shortfall(before, row.first)) <= set(opened_by_shortfall(after, row.last))
    assert _hard(row.last) <= _hard(row.first)
    newest = store.version(stored.id)
    bundle = make_bundle(stored.id, store.versions(stored.id), newest.number, RUN.started_at, RUN.software)
    again = build_facts(Workspace.open(workspace), "Michael", "2026-Q2", as_of=RUN.as_of, kpis=PROMPTS.kpis())
    assert verify_bundle(bundle, again, PROMPTS, RUN.software, newest).good
    if model is lies:
        assert row.last.all_sections == row.first.all_sections
    if model is follows_well:
        assert row.refused <= 0.05 * EDITS
        assert len(to_markdown(row.last).split()) < 1.6 * len(to_markdown(row.first).split())


def _tokens(draft: Draft) -> Counter[tuple]:
    return Counter({(section.id, *token): n for section in draft.all_sections for token, n in kept(section).items()})


def _hard(draft: Draft) -> Counter[tuple[str, str]]:
    found = review(to_markdown(draft), draft.sheet)
    return Counter((finding.check, finding.message) for finding in found if finding.severity == "hard")
