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
    "vague_language": 0.95,
    "activity_as_outcome": 0.95,
    "missing_pipeline_health": 0.95,
    "unfair_comparison": 0.95,
    "missing_context": 0.95,
    "missing_next_steps": 0.95,
    "unsupported_claim": 0.95,
}


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.jsonl")), ids=lambda file: file.stem)
def test_the_word_checks_go_on_agreeing_with_people(file):
    found = score(load_corpus(file, CHECK_IDS))
    assert found.errors == ()
    reached = {check: found.tally(check).f1 for check in FLOORS}
    assert {check: f1 for check, f1 in reached.items() if f1 is not None and f1 < FLOORS[check]} == {}


# What every check reached on the second writer's drafts, rounded down.
SECOND_WRITER = {
    "vague_language": 0.95,
    "missing_target": 0.96,
    "buried_weak_result": 0.96,
    "unexplained_metric": 0.88,
    "activity_as_outcome": 0.88,
    "missing_pipeline_health": 0.95,
    "mixed_definitions": 0.95,
    "unfair_comparison": 0.95,
    "missing_context": 0.95,
    "missing_next_steps": 0.95,
    "unsupported_number": 0.92,
    "wrong_direction": 0.92,
    "unsupported_claim": 0.88,
}


def test_every_check_agrees_with_the_second_writer_and_leaves_clean_drafts_alone():
    found = score(load_corpus(FOLDER / "annotator_b.jsonl", CHECK_IDS))
    assert set(SECOND_WRITER) == set(CHECK_IDS)
    assert {check: found.tally(check).f1 for check in CHECK_IDS if found.tally(check).f1 < SECOND_WRITER[check]} == {}
    assert found.tally().f1 >= 0.95
    assert found.clean_without_finding >= found.clean - 1
