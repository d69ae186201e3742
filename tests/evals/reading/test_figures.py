"""The figure reader against a table of strings, and against babel: what babel writes, it must read back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent
from hypothesis import given, settings
from hypothesis import strategies as st

from evals.reading.document import read_document
from evals.reading.figures import Figure, read_figures
from evals.reading.language import load_language

LANGUAGES = ["en", "pl", "sv", "ar", "da"]
CURRENCIES = {"en": "USD", "pl": "PLN", "sv": "SEK", "ar": "SAR", "da": "DKK"}
MARKS = {"about": "~", "above": ">", "below": "<"}


def rows() -> list[tuple[str, str, str]]:
    """The table's rows: language, text, figures."""
    lines = (Path(__file__).parent / "figures.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(part.strip() for part in line.split(" | ")) for line in lines if line and not line.startswith("#")]


def figures_in(text: str, language: str) -> list[Figure]:
    return read_figures(read_document(text, load_language(language)))


def written(figure: Figure) -> str:
    return f"{MARKS.get(figure.modifier or '', '')}{figure.kind}:{figure.number:.10g}"


@pytest.mark.parametrize(("language", "text", "expected"), rows())
def test_reads_as_the_table_says(language: str, text: str, expected: str) -> None:
    assert (" ".join(written(figure) for figure in figures_in(text, language)) or "-") == expected


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=st.integers(0, 9_999_999_999), places=st.integers(0, 2))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_reads_back_what_babel_writes_as_a_decimal(language: str, number: int, places: int) -> None:
    value = number / 10**places
    shown = format_decimal(value, format=f"#,##0.{'0' * places}" if places else "#,##0", locale=language)
    figures = figures_in(f"({shown})", language)
    assert any(abs(reading.number - value) < 1e-6 * max(1, value) for reading in figures[0].values)


@pytest.mark.parametrize("language", LANGUAGES)
@given(number=st.integers(1, 99_999_999))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_reads_back_what_babel_writes_as_money(language: str, number: int) -> None:
    shown = format_currency(number, CURRENCIES[language], locale=language)
    (figure,) = figures_in(f"({shown})", language)
    assert figure.kind == "money"
    assert any(reading.number == number for reading in figure.values)
    assert figure.currencies is None or CURRENCIES[language] in figure.currencies


@pytest.mark.parametrize("language", LANGUAGES)
@given(tenths=st.integers(1, 3000))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_reads_back_what_babel_writes_as_a_percentage(language: str, tenths: int) -> None:
    shown = format_percent(
        tenths / 1000, format="#,##0.0\u00a0%" if language in ("sv", "da") else "#,##0.0%", locale=language
    )
    (figure,) = figures_in(f"({shown})", language)
    assert (figure.kind, round(figure.number, 9)) == ("percent", round(tenths / 1000, 9))


@pytest.mark.parametrize("language", LANGUAGES)
@given(thousands=st.integers(10, 99_999))
@settings(max_examples=60, deadline=timedelta(seconds=2))
def test_reads_back_what_babel_writes_as_compact_money(language: str, thousands: int) -> None:
    value = thousands * 1000
    shown = format_compact_currency(value, CURRENCIES[language], locale=language, fraction_digits=2)
    (figure,) = figures_in(f"({shown})", language)
    assert any(abs(reading.number - value) <= reading.step / 2 + 1e-6 for reading in figure.values)


def test_offsets_point_into_the_draft_through_bidi_marks_and_emphasis() -> None:
    text = "بلغت\u200f **\u2067١١١٪\u2069** من المستهدف"
    (figure,) = figures_in(text, "ar")
    assert text[figure.start : figure.end] == "١١١٪"


def test_an_ambiguous_mark_gives_both_readings() -> None:
    (figure,) = figures_in("1.250 calls", "en")
    assert [reading.number for reading in figure.values] == [1.25, 1250.0]


def test_shown_precision_is_kept() -> None:
    (figure,) = figures_in("$1.05M", "en")
    assert figure.values[0].step == pytest.approx(10_000)
