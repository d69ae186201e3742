"""Wrong figures that look right: what the checks notice of them in drafts that the composer writes."""

import asyncio
import json
from datetime import UTC, date, datetime

import pytest

from agent.drafting import Run, draft_summary
from agent.markdown import to_markdown
from evals.case import load_cases
from evals.checking import check_draft
from evals.figure_mutations import FIGURE_MUTATIONS
from evals.mutate import clean_draft, kill_rates
from prompts.loader import PromptSet

RUN = Run("test", date(2026, 7, 5), datetime(2026, 7, 5, tzinfo=UTC))
# What was noticed when the mutations came, over five reference people, rounded down. A floor only rises.
FLOOR = 0.90


@pytest.fixture(scope="module")
def written():
    """The reference people's sheets and the composer's draft of each."""
    cases = [case for case in load_cases().cases if case.kind == "reference"]
    prompts = PromptSet.load()
    return [(case, to_markdown(asyncio.run(draft_summary(case.sheet, prompts, RUN)))) for case in cases]


@pytest.fixture(scope="module")
def michael(written):
    case, draft = next((case, draft) for case, draft in written if case.sheet.person == "Michael Torres")
    return json.loads(case.sheet.model_dump_json()), draft


def test_most_wrong_figures_of_composed_drafts_are_noticed(written):
    drafts = [clean_draft(case.id, draft, case.sheet.facts, case.sheet.evidence, "en") for case, draft in written]
    total = kill_rates(drafts, mutations=FIGURE_MUTATIONS).total
    assert total.planted > 80
    assert total.killed / total.planted >= FLOOR


@pytest.mark.parametrize(
    ("true", "false"),
    [
        ("111%", "150%"),
        ("111%", "112%"),
        ("111%", "11%"),
        ("90%", "80%"),
        ("17 points short", "7 points short"),
        ("at 12, up", "at 15, up"),
        ("(6)", "(9)"),
    ],
)
def test_a_figure_that_contradicts_its_own_fact_is_found_although_some_fact_has_it(michael, true, false):
    sheet, draft = michael
    assert true in draft
    assert not [f for f in check_draft(draft, sheet)["findings"] if f["severity"] == "hard"]
    assert "unsupported_number" in {f["check"] for f in check_draft(draft.replace(true, false), sheet)["findings"]}


def test_the_opening_without_the_missed_target_is_told(michael):
    sheet, draft = michael
    opening = next(line for line in draft.splitlines() if "17 points short" in line)
    told = check_draft(draft.replace(opening, ""), sheet)["structure"]
    assert [f["message"] for f in told] == ["The headline does not name the weakest result."]
    assert "forecast accuracy" in told[0]["suggestion"]
