"""Sentences by language, each checked on its own; a new one is a line in `vague/<code>.toml`."""

import tomllib
from pathlib import Path

import pytest

from evals.checks.vague_language import check
from evals.reading.reading import Reading

FOLDER = Path(__file__).parent / "vague"
FACTS = [{"id": "win_rate", "label": "Win rate", "value": 0.26, "unit": "ratio", "prior": 0.22, "key": True}]


def sentences(kind):
    return [
        pytest.param(file.stem, sentence, id=f"{file.stem}: {sentence[:40]}")
        for file in sorted(FOLDER.glob("*.toml"))
        for sentence in tomllib.loads(file.read_text(encoding="utf-8"))[kind]
    ]


def findings(draft, language="en"):
    return check(Reading.of(draft, FACTS, [], language))


@pytest.mark.parametrize(("language", "sentence"), sentences("vague"))
def test_a_judgement_nobody_can_check_is_found(language, sentence):
    (finding,) = findings(f"## 1\n\n{sentence}\n", language)
    assert finding.quote in sentence


@pytest.mark.parametrize(("language", "sentence"), sentences("fine"))
def test_what_can_be_checked_is_left_alone(language, sentence):
    assert findings(f"## 1\n\n{sentence}\n", language) == []


def test_a_next_step_may_say_how():
    assert findings("Up to 26%.\n\n## Next steps\n\n- Keep a strong focus on better exit criteria.\n") == []


def test_the_figure_of_another_metric_does_not_help():
    assert len(findings("Lead response fell from 26 to 11 minutes. Show rate remained healthy.\n")) == 1


def test_the_suggestion_gives_the_figure_at_hand():
    (finding,) = findings("A fantastic quarter.\n")
    assert finding.suggestion == "give the figure: win rate 26%, up from 22%"
    assert (finding.line, finding.column) == (1, 1)
