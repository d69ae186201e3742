"""A label that points nowhere is refused: it would count as a miss of the check that it names."""

import json

import pytest

from evals.corpus import load_corpus
from tools.errors import InputError

CHECKS = ("vague_language", "missing_target")


def line(**changes):
    fields = {
        "id": "en-1",
        "locale": "en",
        "role": "sdr",
        "period": "2026-Q2",
        "facts": [{"id": "calls", "value": 12}],
        "evidence": [],
        "draft": "A strong quarter. Twelve calls.",
        "defects": [{"check": "vague_language", "quote": "A strong quarter", "fact": None}],
    }
    return json.dumps(fields | changes)


def corpus(tmp_path, *lines):
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_labelled_draft_is_read_with_its_labels(tmp_path):
    (draft,) = load_corpus(corpus(tmp_path, line(), ""), CHECKS)
    assert draft.labels[0].check == "vague_language"
    assert draft.facts[0].value == 12


def label(check="vague_language", quote="A strong quarter", fact=None):
    return [{"check": check, "quote": quote, "fact": fact}]


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (["{"], "line 1: this is not JSON"),
        (["[1]"], "one JSON object a line"),
        ([line(), line()], 'the id "en-1" already stands on line 1'),
        ([line(defects=label(check="vague_langage"))], 'Did you mean "vague_language"?'),
        ([line(defects=label(quote="A weak quarter"))], "does not stand in the draft"),
        ([line(draft="Up. Up.", defects=label(quote="Up"))], "more than once"),
        ([line(defects=label(fact="cals"))], 'Did you mean "calls"?'),
        ([line(facts=[{"id": "calls"}])], "a number as its value"),
        ([line(colour="red")], 'unknown field "colour"'),
        ([line(draft=3)], '"draft" should be text'),
        ([line(evidence={})], '"evidence" should be a list'),
        ([], "holds no labelled drafts"),
    ],
)
def test_a_broken_line_is_named(tmp_path, lines, says):
    with pytest.raises(InputError) as refused:
        load_corpus(corpus(tmp_path, *lines), CHECKS)
    assert says in str(refused.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        load_corpus(tmp_path / "none.jsonl", CHECKS)
