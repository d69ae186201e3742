"""Scores by hand: three drafts, their labels, and what counts as found."""

import pytest

from evals.checks import checks_named
from evals.corpus import Label, LabelledDraft
from evals.score import as_json, render, score
from tools.errors import InputError

VAGUE = checks_named(["vague_language"])


def draft(draft_id, text, *labels, locale="en"):
    return LabelledDraft(draft_id, locale, "sdr", "2026-Q2", (), (), text, labels)


def vague(quote):
    return Label("vague_language", quote, None)


CORPUS = (
    draft("d-1", "A strong quarter overall.\n\nMost renewals came early.", vague("strong"), vague("came early")),
    draft("d-2", "The weather was wet, and the tide was low.", vague("the tide was low")),
    draft("d-21", "A superb quarter.\n\nWin rate rose from 22% to 26%."),
)


def test_precision_and_recall_by_hand():
    # Three findings, two of them labelled; three labels, two of them found.
    tally = score(CORPUS, VAGUE).tally("vague_language")
    assert (tally.matched_findings, tally.findings, tally.matched_labels, tally.labels) == (2, 3, 2, 3)
    assert tally.precision.estimate == tally.recall.estimate == tally.f1 == pytest.approx(2 / 3)


def test_a_finding_in_the_labels_sentence_matches_without_overlap():
    found = score((draft("d", "Most renewals came early in June.", vague("in June")),), VAGUE)
    assert found.tally("vague_language").f1 == 1.0


def test_misses_and_false_alarms_come_with_their_sentence():
    slips = {(slip.kind, slip.draft): slip.sentence for slip in score(CORPUS, VAGUE).slips}
    assert slips == {
        ("miss", "d-2"): "The weather was wet, and the tide was low.",
        ("false alarm", "d-21"): "A superb quarter.",
    }
    assert "miss, d-2" in render(score(CORPUS, VAGUE), show="vague_language")


def test_a_finding_on_a_clean_draft_is_counted():
    found = score(CORPUS, VAGUE)
    assert (found.clean, found.clean_without_finding) == (1, 0)


def test_a_whole_draft_label_is_matched_by_check_and_fact():
    label = Label("missing_next_steps", "", None)
    checks = checks_named(["missing_next_steps"])
    found = score((draft("d", "Won twelve.", label),), checks)
    assert found.tally("missing_next_steps").f1 == 1.0


def test_each_writers_drafts_are_shown_on_their_own():
    found = score(CORPUS, VAGUE, split="1-20,21-40")
    first = next(tally for tally in found.splits if (tally.check, tally.group) == ("vague_language", "1-20"))
    assert (first.findings, first.labels) == (2, 3)
    assert "Each writer's drafts" in render(found)


def test_what_was_neither_labelled_nor_found_has_no_score():
    found = score((draft("d", "Won twelve."),), VAGUE)
    assert found.tally().f1 is None
    assert as_json(found)["scores"][0]["precision"] is None


def test_a_split_that_cannot_be_read_is_refused():
    with pytest.raises(InputError, match="write it like 1-20,21-40"):
        score(CORPUS, VAGUE, split="first half")


def test_each_writer_is_scored_alone():
    found = score(CORPUS, VAGUE, writers={"d-1": "ann", "d-2": "bob", "d-21": "bob"})
    alone = {tally.group: (tally.findings, tally.labels) for tally in found.splits if tally.check == "vague_language"}
    assert alone == {"all": (3, 3), "ann": (2, 2), "bob": (1, 1)}
