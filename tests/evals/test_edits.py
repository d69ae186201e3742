"""Edits measured: what the composer's tones leave of a case's facts, shortfalls and untouched bytes."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from functools import cache

from agent.drafting import Run
from evals.case import load_cases
from evals.edits import EditScore, measure_edits, scores_text, share
from prompts.loader import PromptSet

RUN = Run("test", date(2026, 7, 5), datetime(2026, 7, 5, tzinfo=UTC))


@cache
def _measured() -> list[EditScore]:
    """Every tone on one case, two edits in a row."""
    return asyncio.run(measure_edits(load_cases().cases[:1], PromptSet.load(), RUN, rounds=2))


def test_tones_in_a_row_keep_every_fact_shortfall_and_untouched_byte() -> None:
    scores = _measured()
    assert [score.tone for score in scores] == list(PromptSet.load().tones())
    for score in scores:
        assert score.edits == 2
        assert score.facts_kept == score.facts > 0
        assert score.shortfalls_shown == score.shortfalls > 0
        assert score.untouched_same == score.untouched > 0
        assert score.hard_after <= score.hard_before


def test_the_table_ends_with_all_tones_together() -> None:
    scores = _measured()
    rows = scores_text(scores)
    assert rows[-1][0] == "all"
    assert int(rows[-1][1]) == sum(score.edits for score in scores)


def test_a_share_of_nothing_is_no_number() -> None:
    assert share(0, 0) is None
