"""Printed quantities: no rounding makes a statement false."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.quantities import display, display_against, display_apart, display_pair


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.73, "ratio", "73%"),
        (0.031, "ratio", "3.1%"),
        (1.11, "ratio", "111%"),
        (46666.67, "currency:USD", "$47K"),
        (560000, "currency:USD", "$560K"),
        (1050000, "currency:USD", "$1.05M"),
        (999600, "currency:USD", "$1M"),
        (4514, "currency:USD", "$4,514"),
        (1.2e9, "currency:EUR", "€1.2B"),
        (12, "count", "12"),
        (95.6, "days", "96"),
        (4.26, "days", "4.3"),
        (3.42, "multiple", "3.4"),
    ],
)
def test_a_value_is_rounded_to_what_a_reader_needs(value: float, unit: str, text: str) -> None:
    assert display(value, unit).text == text


@pytest.mark.parametrize(
    ("value", "other", "unit", "texts"),
    [
        (0.73, 0.9, "ratio", ("73%", "90%", "17")),
        (0.896, 0.9, "ratio", ("89.6%", "90%", "0.4")),
        # 73.4 against 89.6: at whole percents the page would say 17, and the truth is 16.2.
        (0.734, 0.896, "ratio", ("73.4%", "89.6%", "16.2")),
        (1050000, 1140000, "currency:USD", ("$1.05M", "$1.14M", "$90K")),
        (46666.67, 41000, "currency:USD", ("$47K", "$41K", "$6K")),
        (2, 0, "count", ("2", "0", "2")),
    ],
)
def test_a_pair_and_its_gap_agree(value: float, other: float, unit: str, texts: tuple[str, str, str]) -> None:
    pair = display_pair(value, other, unit)
    assert (pair.value.text, pair.other.text, pair.gap.text) == texts


def test_a_near_miss_is_not_printed_as_the_target() -> None:
    assert display_against(0.996, 1.0, "ratio").text == "99.6%"
    assert display_against(1.0, 1.0, "ratio").text == "100%"


UNITS = st.sampled_from(["ratio", "currency:USD", "currency:SEK", "count", "days", "multiple"])
VALUES = st.floats(0, 5e9, allow_nan=False).map(lambda value: round(value, 4))


@given(VALUES, VALUES, UNITS)
def test_printed_order_is_the_true_order(value: float, other: float, unit: str) -> None:
    first, second = display_apart(value, other, unit)
    assert (first.value > second.value) == (value > other)
    assert (first.value == second.value) == (value == other)


@given(VALUES, VALUES, UNITS)
def test_a_printed_gap_is_the_difference_of_what_is_printed(value: float, other: float, unit: str) -> None:
    pair = display_pair(value, other, unit)
    assert abs(pair.value.value - pair.other.value) == pair.gap.value
    assert abs(pair.gap.value - abs(Decimal(repr(value)) - Decimal(repr(other)))) <= max(
        pair.value.step, pair.other.step
    )
