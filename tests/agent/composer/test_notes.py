"""Notes: woven in where they are plain sentences of the right shape, quoted where they are anything else."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.composer.notes import MOST_QUOTED_WORDS, NoteReader, Woven, shorten
from prompts.loader import PromptSet
from tools.facts import Evidence

READER = NoteReader(PromptSet.load().composing("en", "notes"))


def _note(text: str, kind: str = "action", *, self_reported: bool = False) -> Evidence:
    return Evidence(id="n1", date=date(2026, 5, 12), kind=kind, text=text, self_reported=self_reported)


def _read(text: str, kind: str = "action", *, self_reported: bool = False) -> Woven:
    woven = READER.read(_note(text, kind, self_reported=self_reported))
    assert woven is not None
    return woven


@pytest.mark.parametrize(
    ("text", "kind", "shape"),
    [
        ("Brought economic buyers into discovery calls from April on.", "action", "done"),
        ("moved the reviews to Monday and kept them there", "action", "done"),
        ("Michael brought finance buyers into the first calls", "action", "clause"),
        ("Late-stage deals stayed in commit although they had no next step", "context", "clause"),
        ("Grace and Mateo now lead the deal reviews themselves", "praise", "clause"),
        ("Delayed approvals pushed deals into the next quarter", "context", "clause"),
        ("Delayed approvals in the public sector", "context", "quoted"),
        ("Run pipeline hygiene every week with the team", "next_step", "ask"),
        ("Keep economic buyers in the first calls", "next_step", "keep"),
        ("Weekly hygiene for the pipeline", "next_step", "quoted"),
        ("We moved the reviews to Monday", "action", "quoted"),
        ("I think the price list was late", "context", "quoted"),
        ('She said: "the price was too high" and left', "context", "quoted"),
        ("Zamknięto dwa kontrakty w maju po negocjacjach", "action", "quoted"),
        ("Hade tre möten med inköp innan offerten gick ut", "action", "quoted"),
        ("Closed the campaign with a strong finish in the south", "action", "quoted"),
        ("Was it the price list that slowed the deals?", "context", "quoted"),
        ("Opened the partner channel together with Ahmet Yıldırım", "action", "done"),
    ],
)
def test_a_note_is_recognised_by_its_shape(text: str, kind: str, shape: str) -> None:
    assert _read(text, kind).shape == shape


def test_what_a_person_says_of_themselves_is_quoted_as_their_words() -> None:
    assert _read("Trained two new reps in the first week of May", self_reported=True).shape == "quoted"


def test_a_keep_leaves_its_first_word_to_the_label() -> None:
    assert _read("Keep economic buyers in the first calls", "next_step").span == "economic buyers in the first calls"


def test_only_the_first_sentence_of_a_note_is_woven_in() -> None:
    assert _read("Moved the reviews to Monday with the team. They were late before.").span == (
        "Moved the reviews to Monday with the team"
    )


def test_a_name_keeps_its_capital_inside_a_sentence() -> None:
    assert _read("Procurement was closed in the last week", "context").inside().first == "small"
    assert _read("Contoso was closed in the last week", "context").inside().first == "kept"


def test_a_long_note_can_be_said_without_its_additions() -> None:
    note = _read("Sent the security answers together with the proposal, so that the buyers' reviews began sooner")
    assert note.short().span == "Sent the security answers together with the proposal"


def test_judging_words_after_a_colon_need_not_cost_the_whole_note() -> None:
    note = _read("Moved prospecting to accounts that fit the offer: several sites and one operations lead")
    assert (note.span, note.marks) == ("Moved prospecting to accounts that fit the offer", False)


@pytest.mark.parametrize("text", ["", "…", "  \n ", "123", "!!!"])
def test_a_note_without_words_is_no_note(text: str) -> None:
    assert READER.read(_note(text)) is None


@given(st.text(max_size=600), st.sampled_from(["action", "context", "next_step", "praise"]))
def test_whatever_is_said_of_a_note_is_its_own_words(text: str, kind: str) -> None:
    woven = READER.read(_note(text, kind))
    if woven is not None:
        assert woven.span and woven.span in text
        assert woven.short().span in text
        assert len(woven.span.split()) <= MOST_QUOTED_WORDS


def test_a_long_text_is_cut_at_a_sentence_else_at_a_clause_else_at_a_word() -> None:
    assert shorten("One two three four. Five six seven eight nine ten", 8) == "One two three four"
    assert shorten("one two three four, five six seven eight nine ten", 8) == "one two three four"
    assert shorten("one two three four five six", 4) == "one two three four"
