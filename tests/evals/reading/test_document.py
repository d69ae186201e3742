"""A draft read into sections, blocks and sentences: structure, skim, and offsets that always lead back to the draft."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.reading.document import BOLD_LINE, LEAD_IN, Document, read_document
from evals.reading.language import load_language
from tools.errors import InputError


def document(text: str, language: str = "en") -> Document:
    return read_document(text, load_language(language))


def texts(read: Document) -> list[str]:
    return [sentence.text for sentence in read.sentences]


def test_headings_of_every_kind_open_sections() -> None:
    read = document("# One\n\nTwo\n===\n\n**Three**\n\nNext:\n- do it\n")
    assert [(section.title, section.level) for section in read.sections[1:]] == [
        ("one", 1),
        ("two", 1),
        ("three", BOLD_LINE),
        ("next", LEAD_IN),
    ]


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    read = document("Win rate was\r\n30% in the\r\nquarter. It rose.\r\n")
    assert texts(read) == ["Win rate was\r\n30% in the\r\nquarter.", "It rose."]
    assert read.sentences[0].folded.split() == ["win", "rate", "was", "30%", "in", "the", "quarter."]


def test_a_label_opens_the_first_sentence_and_is_none_itself() -> None:
    read = document("- **Win rate:** 30% now. Good.\n- Renewals: all of them came.\n- **Headline.** She won.")
    assert [block.label for block in read.blocks] == ["win rate", "renewals", "headline"]
    assert texts(read)[0] == "**Win rate:** 30% now."


def test_the_skim_is_headings_rows_and_first_sentences() -> None:
    read = document("# Q2\n\nFirst. Second.\n\n- One. Two.\n\n| a | b |\n|---|---|\n| c | d |\n")
    assert [sentence.text.strip() for sentence in read.skim] == ["Q2", "First.", "One.", "a | b", "c | d"]


def test_next_to_is_one_sentence_either_side_in_the_same_block() -> None:
    read = document("One here. Two here. Three here. Four here.\n\nOther.")
    assert [sentence.text for sentence in read.next_to(read.sentences[1])] == ["One here.", "Two here.", "Three here."]


def test_table_cells_know_their_column() -> None:
    read = document("| Metric | Target | Actual |\n|---|---:|---|\n| Win rate | 30% | 28% |")
    row = read.blocks[1]
    assert [(row.folded[cell.start : cell.end], cell.head) for cell in row.cells] == [
        ("win rate", "metric"),
        ("30%", "target"),
        ("28%", "actual"),
    ]


def test_nested_bullets_know_their_parent() -> None:
    read = document("- Pipeline\n  - open: 3\n  - stalled: 2\n- Other")
    assert [block.parent is read.blocks[0] for block in read.blocks] == [False, True, True, False]


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        ("en", "Approx. 40 deals vs. 30 closed. Then J. Smith left for Acme Inc. Good.", 3),
        ("en", "Coverage is 3.4x. It was 3.1x.", 2),
        ("pl", "Sprzedaż to 1,2 mln zł, np. w maju. W III kw. 2025 r. było mniej.", 2),
        ("sv", "Ca. 40 affärer, bl.a. två nya. Det räckte.", 2),
        ("da", "I 3. kvartal solgte vi for 1,2 mio. kr. Det var godt.", 2),
        ("ar", "ارتفع معدل الفوز إلى 26%. هل يكفي؟ نعم.", 3),
    ],
)
def test_abbreviations_and_decimals_end_no_sentence(language: str, text: str, count: int) -> None:
    assert len(document(text, language).sentences) == count


def test_positions_count_from_one() -> None:
    read = document("# Title\n\nBody here.\n")
    assert read.position(read.sentences[1].start) == (3, 1)


def test_an_unknown_language_names_the_known_ones() -> None:
    with pytest.raises(InputError, match="Known: ar, da, en, pl, sv"):
        load_language("xx")


@pytest.mark.parametrize("language", ["en", "pl", "sv", "ar", "da"])
@given(text=st.text(alphabet='ab Z.|-*_#>:1%\n\r\t٣ا\u200f\u00a0"(!?İß', max_size=200))
@settings(max_examples=80, deadline=timedelta(seconds=2))
def test_any_text_is_a_document_with_exact_offsets(language: str, text: str) -> None:
    read = document(text, language)
    for sentence in read.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert 0 <= sentence.start < sentence.end <= len(text)
        assert read.sentence_at(sentence.start) is not None
