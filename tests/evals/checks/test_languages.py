"""The word checks in every language, sentence by sentence; a new case is a line in `languages/<code>.toml`."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from evals.reading.reading import Reading

LANGUAGES = {
    file.stem: tomllib.loads(file.read_text(encoding="utf-8"))
    for file in sorted((Path(__file__).parent / "languages").glob("*.toml"))
}
# Checks whose line ends the draft: what stands around the others would answer for it.
LAST = ("missing_next_steps", "missing_pipeline_health", "unfair_comparison")


def cases(kind):
    return [
        pytest.param(code, check, line, id=f"{code} {check}: {line[:40]}")
        for code, language in LANGUAGES.items()
        for check, lines in language.items()
        if isinstance(lines, dict)
        for line in lines[kind]
    ]


def findings(code, check, line):
    language = LANGUAGES[code]
    revenue, win_rate, pipeline, late_stage = language["labels"]
    facts = [
        {"id": "revenue_won", "label": revenue, "value": 500000, "unit": "currency:USD", "key": True},
        {"id": "win_rate", "label": win_rate, "value": 0.26, "prior": 0.22, "unit": "ratio", "better": "higher"},
        {"id": "pipeline_value", "label": pipeline, "value": 1200000, "unit": "currency:USD"},
        {"id": "late_stage_conversion", "label": late_stage, "value": 0.48, "unit": "ratio"},
    ]
    claims = check == "unsupported_claim"
    evidence = [{"id": f"n{n}", "text": text} for n, text in enumerate(language["evidence"])] if claims else []
    supported = language["unsupported_claim"]["fine"]
    beside = f"{supported[0] if line != supported[0] else supported[1]}\n\n" if claims else ""
    rest = "" if check in LAST else language["rest"]
    draft = f"{language['top']}{beside}{line}{rest}\n"
    return import_module(f"evals.checks.{check}").check(Reading.of(draft, facts, evidence, code))


@pytest.mark.parametrize(("code", "check", "line"), cases("wrong"))
def test_the_mistake_is_found_in_every_language(code, check, line):
    (finding,) = findings(code, check, line)
    assert finding.quote in line


@pytest.mark.parametrize(("code", "check", "line"), cases("fine"))
def test_a_sound_line_is_left_alone_in_every_language(code, check, line):
    assert findings(code, check, line) == []
