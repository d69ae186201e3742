"""Drafts to edit: composed from a handful of the evals' cases, shortfalls and injected notes among them."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from functools import cache

import pytest

from agent.cli.drafts import checks_review
from agent.draft import Draft
from agent.drafting import Run, draft_summary
from evals.case import load_cases
from prompts.loader import PromptSet
from tools.facts import FactSheet

PROMPTS = PromptSet.load()
RUN = Run("test", date(2026, 7, 5), datetime(2026, 7, 5, tzinfo=UTC))


@cache
def composed(case: int) -> Draft:
    """The composer's draft of one of the standard cases."""
    sheet = load_cases().cases[case].sheet
    return asyncio.run(draft_summary(sheet, PROMPTS, RUN))


@cache
def _reviewed(markdown: str, sheet_sha: str) -> tuple:
    return tuple(checks_review(markdown, _SHEETS[sheet_sha]))


_SHEETS: dict[str, FactSheet] = {}


def review(markdown: str, sheet: FactSheet) -> tuple:
    """The checks, each text read once."""
    _SHEETS[sheet.sha256] = sheet
    return _reviewed(markdown, sheet.sha256)


@pytest.fixture(scope="session")
def draft() -> Draft:
    """A draft with key shortfalls in more than one section."""
    return next(made for made in map(composed, range(12)) if sum(f.key and f.weak for f in made.sheet.facts) >= 2)
