"""No tone tells a note as the cause of a result: who wrote it down is said, and nobody said that it is why."""

from __future__ import annotations

import re

import pytest

from prompts.loader import PromptSet

PROMPTS = PromptSet.load()
GROUPS = ("cause", "because", "mover", "said")
_CAUSE = re.compile(r"\b(?:reasons?|causes?|caused|because|why|due to|behind|moved it|came from)\b", re.I)


@pytest.mark.parametrize("tone", PROMPTS.tones())
def test_a_tone_attributes_a_note_and_calls_it_no_cause(tone: str) -> None:
    results = PROMPTS.tone(tone)["results"]
    told = [frame for group in GROUPS for frame in results[group]]
    assert [frame for frame in told if _CAUSE.search(frame)] == []
