"""`check_draft`: any draft, with or without facts, and one sentence for what cannot be read."""

import pytest

from evals.checking import check_draft, findings_text, guess_language
from evals.checks import CHECK_IDS, CHECKS, checks_named, run_checks
from tools.errors import InputError

FACTS = [
    {"id": "forecast_accuracy", "label": "Forecast accuracy", "value": 0.73, "unit": "ratio", "target": 0.9,
     "better": "higher", "key": True}
]  # fmt: skip
DRAFT = "# Q2\n\nForecast accuracy came in at 73%.\n\n- A strong quarter.\n"


def checks_in(result):
    return {finding["check"] for finding in result["findings"]}


def test_findings_say_where_and_what_to_do():
    result = check_draft(DRAFT, {"facts": FACTS})
    found = next(finding for finding in result["findings"] if finding["check"] == "missing_target")
    assert (found["line"], found["severity"], found["fact"]) == (3, "hard", "forecast_accuracy")
    assert "90%" in found["suggestion"]
    assert result["coverage"] == {"seen": 1, "bound": 1, "unbound": 0}


def test_without_facts_the_other_checks_still_run_and_the_rest_say_so():
    result = check_draft(DRAFT)
    assert {"vague_language", "missing_next_steps"} <= checks_in(result)
    assert "missing_target" in result["skipped"]
    assert "need facts: missing_target" in findings_text(result)


def test_evidence_comes_from_the_sheet_or_from_its_own_file():
    claim = "He negotiated the reseller agreement with the franchise network.\n"
    note = [{"id": "n1", "text": "Reseller agreement with the franchise network negotiated in May."}]
    other = [{"id": "n1", "text": "The grain harvest froze demand for harvest presses in May."}]
    pressed = claim + "The grain harvest froze demand for presses.\n"
    assert "unsupported_claim" not in checks_in(check_draft(pressed, {"facts": FACTS, "evidence": other + note}))
    assert "unsupported_claim" in checks_in(check_draft(pressed, FACTS, other))


@pytest.mark.parametrize(
    ("facts", "evidence", "lang", "says"),
    [
        ({"people": []}, None, None, 'has no "facts"; seen: people'),
        ({"facts": "many"}, None, None, "list of objects"),
        ([{"id": "calls"}], None, None, "a number as its value"),
        (FACTS, {"notes": []}, None, 'has no "evidence"'),
        (FACTS, None, "xx", 'no language data for "xx"'),
    ],
)
def test_bad_input_is_one_sentence(facts, evidence, lang, says):
    with pytest.raises(InputError) as refused:
        check_draft(DRAFT, facts, evidence, lang)
    assert says in str(refused.value)


def test_an_empty_draft_is_refused():
    with pytest.raises(InputError, match="empty"):
        check_draft("  \n")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "The win rate is up because of the new plan."),
        ("pl", "Win rate wzrósł, bo od kwietnia jest nowy plan."),
        ("sv", "Hitraten steg eftersom vi har en ny plan sedan april."),
        ("da", "Hitraten steg, fordi vi har en ny plan siden april."),
        ("ar", "ارتفع معدل الفوز بسبب الخطة التي بدأت في أبريل."),
        ("en", "12"),
    ],
)
def test_the_language_is_guessed_from_everyday_words(code, text):
    assert guess_language(text) == code


def test_the_sheet_says_the_language():
    assert check_draft("12 / 14", {"facts": FACTS, "locale": "sv"})["language"] == "sv"


def test_the_thirteen_checks_stand_in_the_rubrics_order():
    assert len(CHECK_IDS) == len(set(CHECK_IDS)) == 13
    assert CHECK_IDS[:3] == ("vague_language", "missing_target", "buried_weak_result")
    assert [check.ID for check in checks_named(["missing_target", "vague_language"])] == list(CHECK_IDS[:2])
    assert checks_named([]) == CHECKS


def test_an_unknown_check_is_refused():
    with pytest.raises(InputError, match="Did you mean"):
        checks_named(["vague_langage"])


def test_a_check_that_crashes_neither_passes_nor_fails():
    class Broken:
        ID = "broken"
        NEEDS_FACTS = False

        @staticmethod
        def check(reading):
            raise KeyError("x")

    result = run_checks("Hello.", [], [], "en", [Broken])
    assert result.findings == ()
    assert dict(result.errors[0]) == {"check": "broken", "error": "KeyError: 'x'"}
    assert "neither passed nor failed: broken" in findings_text(result.as_json())


def test_a_draft_without_a_readable_figure_is_not_vouched_for():
    assert "not vouched for" in findings_text(check_draft("Nothing here.", FACTS))
