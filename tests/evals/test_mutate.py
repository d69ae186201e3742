"""Planted defects: what the checks must go on noticing, and that planting is what it says."""

import pytest

from evals.checks import CHECK_IDS, run_checks
from evals.mutate import CleanDraft, below_floor, clean_draft, kill_rates, load_clean, load_floors, render
from evals.mutations import MUTATIONS
from tools.errors import InputError

CLEAN = load_clean()


@pytest.fixture(scope="module")
def report():
    return kill_rates(CLEAN)


@pytest.mark.parametrize("case", CLEAN, ids=lambda case: case.id)
def test_a_clean_draft_has_no_finding(case: CleanDraft):
    result = run_checks(case.draft, case.facts, case.evidence, case.locale)
    assert [(finding.check, finding.quote) for finding in result.findings] == []
    assert result.errors == ()


def test_no_kill_rate_falls_below_its_floor(report):
    assert below_floor(report, load_floors()) == []


def test_every_mutation_has_a_floor_and_expects_known_checks():
    assert set(load_floors()) == {mutation.name for mutation in MUTATIONS}
    assert {check for mutation in MUTATIONS for check in mutation.expected} == set(CHECK_IDS)


def test_the_same_seed_plants_the_same_defects(report):
    assert kill_rates(CLEAN) == report


def test_an_unnoticed_defect_is_named(report):
    deaf = kill_rates(CLEAN[:1], mutations=[MUTATIONS[3]])
    assert all(survivor.mutation == MUTATIONS[3].name for survivor in deaf.survivors)
    assert "planted defects noticed" in render(report, survivors=True)


def test_a_mutation_that_fits_nowhere_is_told_and_not_passed():
    empty = clean_draft("empty", "Hello.", [], [], "en")
    report = kill_rates([empty], mutations=MUTATIONS[:1])
    assert below_floor(report, {}) == ["wrong figure: planted nowhere, so nothing is known"]


def test_a_folder_without_drafts_is_refused(tmp_path):
    with pytest.raises(InputError, match="no clean drafts"):
        load_clean(tmp_path)
