"""Comparing runs: the verdict says no more than the cases can carry, and the gate closes on what it must."""

from __future__ import annotations

import json
import random
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.compare import Comparison, compare_runs
from evals.report.junit import comparison_junit
from evals.report.page import comparison_page
from evals.report.text import comparison_text
from tools.errors import InputError

HEADER = {"model": None, "prompts": {"house": "v1:aa"}, "checks_sha256": "c"}


def _finding(check: str, quote: str = "") -> dict:
    return {"check": check, "severity": "soft", "quote": quote, "line": 1 if quote else None, "column": 1,
            "fact": None, "message": "m", "suggestion": ""}  # fmt: skip


def _record(case: str, checks: list[str], repeat: int = 1, person: str | None = None, **more: object) -> dict:
    return {
        "key": f"{case}/{repeat}", "label": f"{case} #{repeat}", "status": "ok", "case": case, "person": person or case,
        "repeat": repeat, "draft": "A <b>draft</b>.", "findings": [_finding(check) for check in checks],
        "check_errors": [], "input_tokens": 10, "output_tokens": 5, "cost": None, "seconds": 1.0, **more,
    }  # fmt: skip


def _run(path: Path, records: list[dict], header: dict | None = None) -> Path:
    lines = [{"header": header or HEADER}, *records]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def _compared(tmp_path: Path, base: list[dict], new: list[dict]) -> Comparison:
    return compare_runs(_run(tmp_path / "base.jsonl", base), _run(tmp_path / "new.jsonl", new))


def _verdict(comparison: Comparison, check: str) -> str:
    return next(change.verdict for change in comparison.checks if change.check == check)


CASES = [f"c{number:02d}" for number in range(20)]


def test_equal_runs_pass_unchanged(tmp_path: Path) -> None:
    records = [_record(case, ["vague_language"]) for case in CASES]
    comparison = _compared(tmp_path, records, records)
    assert comparison.gate == ()
    assert {change.verdict for change in comparison.checks} == {"unchanged"}


def test_five_changed_cases_are_too_few_to_tell(tmp_path: Path) -> None:
    # 5 : 0 has p = 0.0625 by the sign test, so no verdict can be given.
    new = [_record(case, ["vague_language"] if number < 5 else []) for number, case in enumerate(CASES)]
    comparison = _compared(tmp_path, [_record(case, []) for case in CASES], new)
    assert _verdict(comparison, "vague_language") == "too few changed cases to tell"
    assert comparison.gate == ()


def test_a_soft_check_worse_beyond_noise_closes_the_gate(tmp_path: Path) -> None:
    # 12 : 0 has p = 0.0005, which stays under 0.05 after correction for thirteen checks.
    new = [_record(case, ["vague_language"] if number < 12 else []) for number, case in enumerate(CASES)]
    comparison = _compared(tmp_path, [_record(case, []) for case in CASES], new)
    assert _verdict(comparison, "vague_language") == "worse"
    assert len(comparison.gate) == 1
    assert "vague_language is worse beyond noise" in comparison.gate[0]


def test_one_hard_failure_where_there_was_none_closes_the_gate(tmp_path: Path) -> None:
    new = [_record(case, ["wrong_direction"] if case == "c03" else []) for case in CASES]
    comparison = _compared(tmp_path, [_record(case, []) for case in CASES], new)
    assert comparison.gate == ("wrong_direction fails on 1 cases where it did not before (c03)",)


def test_a_hard_failure_that_stood_before_does_not(tmp_path: Path) -> None:
    records = [_record(case, ["wrong_direction"] if case == "c03" else []) for case in CASES]
    assert _compared(tmp_path, records, records).gate == ()


def test_cases_of_one_person_are_no_independent_ones(tmp_path: Path) -> None:
    # All twenty cases are one person's: no interval, hence no verdict, however many changed.
    base = [_record(case, [], person="p") for case in CASES]
    new = [_record(case, ["vague_language"], person="p") for case in CASES]
    assert _verdict(_compared(tmp_path, base, new), "vague_language") == "within noise"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda records: records[1:], "1 cases of the base are missing"),
        (lambda records: [], "the new run holds no case"),
        (lambda records: [{**records[0], "status": "error", "error": "timeout"}, *records[1:]], "ended in an error"),
        (lambda records: [{**records[0], "check_errors": ["boom"]}, *records[1:]], "ended in an error"),
    ],
)
def test_missing_and_errored_cases_close_the_gate(tmp_path: Path, change, said: str) -> None:  # noqa: ANN001
    records = [_record(case, []) for case in CASES]
    assert any(said in reason for reason in _compared(tmp_path, records, change(records)).gate)


def test_fewer_repeats_than_in_the_base_close_the_gate(tmp_path: Path) -> None:
    base = [_record(case, [], repeat) for case in CASES for repeat in (1, 2)]
    new = [_record(case, [], 1) for case in CASES]
    assert any("fewer repeats" in reason for reason in _compared(tmp_path, base, new).gate)


def test_repeats_are_averaged_within_their_case(tmp_path: Path) -> None:
    base = [_record(case, [], repeat) for case in CASES for repeat in (1, 2)]
    new = [_record(case, ["vague_language"] if repeat == 1 else [], repeat) for case in CASES for repeat in (1, 2)]
    change = next(c for c in _compared(tmp_path, base, new).checks if c.check == "vague_language")
    assert (change.base_rate, change.new_rate) == (0, 0.5)


def test_runs_checked_differently_are_not_compared(tmp_path: Path) -> None:
    base = _run(tmp_path / "a.jsonl", [_record("c", [])])
    new = _run(tmp_path / "b.jsonl", [_record("c", [])], {**HEADER, "checks_sha256": "other"})
    with pytest.raises(InputError, match="different versions of the checks"):
        compare_runs(base, new)


def test_an_unknown_cost_is_not_a_cost_of_nothing(tmp_path: Path) -> None:
    comparison = _compared(tmp_path, [_record("c", [])], [_record("c", [], cost=0.5)])
    assert (comparison.base_spend.cost, comparison.new_spend.cost) == (None, 0.5)
    assert "cost unknown" in comparison_text(comparison)


def test_the_page_loads_nothing_and_escapes_what_it_shows(tmp_path: Path) -> None:
    new = [_record(case, [], draft='<script>x</script> ![](http://evil.example/a.png) "q"') for case in CASES]
    page = comparison_page(_compared(tmp_path, [_record(case, []) for case in CASES], new))
    assert "<script" not in page
    assert "src=" not in page
    assert "<link" not in page
    assert "&lt;b&gt;draft&lt;/b&gt;" in page


def test_the_page_speaks_of_findings_and_lets_wide_tables_scroll(tmp_path: Path) -> None:
    same = [_record(case, []) for case in CASES]
    page = comparison_page(_compared(tmp_path, same, same))
    assert f"0 of {len(CASES)} cases have other findings than before" in page
    assert "same findings" in page
    assert page.count("<div class=wide><table>") == 2


def test_the_page_marks_a_finding_where_it_stands(tmp_path: Path) -> None:
    record = {
        **_record("c", []),
        "draft": "fine\nfine & strong",
        "findings": [_finding("vague_language", "fine & strong")],
    }
    record["findings"][0]["line"] = 2
    page = comparison_page(_compared(tmp_path, [_record("c", [])], [record]))
    assert 'fine\n<mark class="soft">fine &amp; strong</mark>' in page


def test_junit_counts_what_the_gate_refuses(tmp_path: Path) -> None:
    new = [_record(case, ["wrong_direction"] if case == "c03" else []) for case in CASES]
    xml = comparison_junit(_compared(tmp_path, [_record(case, []) for case in CASES], new))
    suite = ElementTree.fromstring(xml.split("\n", 1)[1])
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert failed == ["c03", "all"]
    assert suite.get("failures") == "2"


def test_noise_rarely_passes_for_a_verdict(tmp_path: Path) -> None:
    """Two runs of one coin: over 60 comparisons, a false verdict on any of the checks is the exception."""
    dice, wrong = random.Random(7), 0
    for _ in range(60):
        runs = [[_record(c, ["vague_language"] if dice.random() < 0.4 else []) for c in CASES] for _ in range(2)]
        wrong += _verdict(_compared(tmp_path, *runs), "vague_language") in ("better", "worse")
    assert wrong <= 3
