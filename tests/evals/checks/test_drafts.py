"""Whole drafts, judged by hand: everything that the six checks about figures must find in them, and nothing else.

`drafts.jsonl` holds a draft a line with its facts, its evidence and the findings as check, fact and first words.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evals.checks import checks_named
from evals.reading.reading import Reading

CHECKS = checks_named(
    [
        "missing_target",
        "buried_weak_result",
        "unsupported_number",
        "wrong_direction",
        "mixed_definitions",
        "unexplained_metric",
    ]
)
DRAFTS = [json.loads(line) for line in (Path(__file__).parent / "drafts.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("draft", DRAFTS, ids=[draft["name"] for draft in DRAFTS])
def test_finds_all_of_a_drafts_defects_and_nothing_else(draft: dict) -> None:
    evidence = [{"id": f"n{place}", "text": text} for place, text in enumerate(draft["evidence"])]
    reading = Reading.of(draft["draft"], draft["facts"], evidence, draft["language"])
    found = [(finding.check, finding.fact, finding.quote) for check in CHECKS for finding in check.check(reading)]
    expected = [tuple(finding) for finding in draft["findings"]]
    assert sorted(
        (check, fact or "", quote[: len("any twenty-four letters.")]) for check, fact, quote in found
    ) == sorted((check, fact or "", words) for check, fact, words in expected)
