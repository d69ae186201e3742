"""The labelled drafts that ship, by writers who did not build the checks: agreement must not fall."""

from pathlib import Path

import pytest

import evals
from evals.checks import CHECK_IDS
from evals.corpus import load_corpus
from evals.score import score

FOLDER = Path(evals.__file__).parent / "labelled"
# Checks that read words alone; what they reached when the labels came, rounded down. A floor only rises.
FLOORS = {
    "vague_language": 0.90,
    "activity_as_outcome": 0.80,
    "missing_pipeline_health": 0.85,
    "unfair_comparison": 0.85,
    "missing_context": 0.85,
    "missing_next_steps": 0.90,
    "unsupported_claim": 0.80,
}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_the_word_checks_go_on_agreeing_with_people(file):
    found = score(load_corpus(file, CHECK_IDS))
    assert found.errors == ()
    reached = {check: found.tally(check).f1 for check in FLOORS}
    assert {check: f1 for check, f1 in reached.items() if f1 is not None and f1 < FLOORS[check]} == {}
