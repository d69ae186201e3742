"""The word checks, sentence by sentence; a new case is a line in `words/<check>.toml`."""

import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from evals.reading.reading import Reading

FOLDER = Path(__file__).parent / "words"
FACTS = [
    {"id": "revenue_won", "label": "Revenue won", "value": 500000, "unit": "currency:USD", "key": True},
    {"id": "win_rate", "label": "Win rate", "value": 0.26, "prior": 0.22, "unit": "ratio", "better": "higher"},
    {"id": "forecast_accuracy", "label": "Forecast accuracy", "value": 0.8, "unit": "ratio"},
    {"id": "pipeline_value", "label": "Open pipeline", "value": 1200000, "unit": "currency:USD"},
    {"id": "pipeline_coverage", "label": "Pipeline coverage", "value": 3.1, "unit": "multiple"},
]
EVIDENCE = [
    {"id": "n1", "text": "From April the CFO joins the second call on every deal; decisions come sooner."},
    {"id": "n2", "text": "Two distributors merged in May and froze their orders; that cost about $60,000."},
    {"id": "n3", "text": "Objection handbook shared with the Dublin desk."},
]
TOP = "# Rosa Lind, AE, Q2 2026\n\nRosa won $500,000. The win rate rose from 22% to 26%.\n\n"
# What the draft holds beside the line of the case, so that one check is tried at a time.
REST = {
    "missing_context": "\n\n## Next steps\n\n- Call the six buyers by 10 July, so that the win rate stays at 26%.\n",
    "unsupported_claim": "\n\nThe CFO joins the second call.\n",
}


def cases(kind):
    return [
        pytest.param(file.stem, line, id=f"{file.stem}: {line[:40]}")
        for file in sorted(FOLDER.glob("*.toml"))
        for line in tomllib.loads(file.read_text(encoding="utf-8"))[kind]
    ]


def findings(check_id, line):
    draft = f"{TOP}{line}{REST.get(check_id, '')}\n"
    return import_module(f"evals.checks.{check_id}").check(Reading.of(draft, FACTS, EVIDENCE, "en"))


@pytest.mark.parametrize(("check_id", "line"), cases("wrong"))
def test_the_mistake_is_found(check_id, line):
    (finding,) = findings(check_id, line)
    assert finding.check == check_id
    assert finding.message and finding.suggestion


@pytest.mark.parametrize(("check_id", "line"), cases("fine"))
def test_a_sound_line_is_left_alone(check_id, line):
    assert findings(check_id, line) == []


def test_a_development_rep_who_closes_nothing_owes_no_pipeline():
    check = import_module("evals.checks.missing_pipeline_health").check
    facts = [{"id": "meetings_held", "value": 12}, {"id": "pipeline_value", "value": 9}]
    assert check(Reading.of("Twelve meetings were won back.", facts, [], "en")) == []


def test_notes_in_another_language_make_no_claim_unsupported():
    check = import_module("evals.checks.unsupported_claim").check
    note = [{"id": "n1", "text": "Przeszkolono dwóch nowych handlowców z prowadzenia rozmów."}]
    draft = "Two new sellers were trained in running discovery conversations with hospital buyers.\n"
    assert check(Reading.of(draft, FACTS, note, "en")) == []
