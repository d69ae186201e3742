"""Numbers: signs, separators and scales, and the refusal to guess between thousands and decimals."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tools.errors import InputError
from tools.sources.numbers import read_currencies, read_figures


def values(*cells: str, **options: object) -> list[float]:
    return read_figures(pd.Series(cells, dtype=object), **options).values.tolist()


@pytest.mark.parametrize(
    ("cell", "value", "currency"),
    [
        ("22700", 22700, ""),
        ("-12.5", -12.5, ""),
        ("1e+06", 1_000_000, ""),
        ("$22,700.00", 22700, "USD"),
        ("$342.09K", 342_090, "USD"),
        ("9,326.84", 9326.84, ""),
        ("(1,200.50)", -1200.5, ""),
        ("1.234,56 €", 1234.56, "EUR"),
        ("1 234 567,89", 1234567.89, ""),
        ("1\u202f234,50 €", 1234.5, "EUR"),
        ("CHF 1'234.50", 1234.5, "CHF"),
        ("USD 12", 12, "USD"),
        ("3,5 Mio. EUR", 3_500_000, "EUR"),
        ("\u221245.5", -45.5, ""),
        ("12,5-", -12.5, ""),
        ("1,234,567", 1234567, ""),
        ("£2.50m", 2_500_000, "GBP"),
    ],
)
def test_one_figure_in_every_shape(cell: str, value: float, currency: str):
    figures = read_figures(pd.Series([cell], dtype=object), money=True)
    assert figures.values.tolist() == [pytest.approx(value)]
    assert figures.currencies.tolist() == [currency]


@pytest.mark.parametrize(
    "cell", ["abc", "1.2.3", "12,34,56", "inf", "nan", "1-2", "5 apples", "1e300", "999999999999999", "$"]
)
def test_what_is_no_number_is_unreadable(cell: str):
    assert math.isnan(values(cell)[0])


def test_the_column_decides_what_a_comma_means():
    assert values("1,234", "1,234.50") == [1234, 1234.5]
    assert values("1,234", "12,5") == [1.234, 12.5]


@pytest.mark.parametrize("cell", ["1,234", "1.234", "€1,234"])
def test_undecided_money_is_refused_with_the_way_out(cell: str):
    with pytest.raises(InputError, match=r'amount could mean thousands or decimals .*decimal = "\."'):
        values(cell, "900", money=True, label="amount")


def test_a_dollar_sign_decides():
    assert values("$1,234", "$900", money=True) == [1234, 900]


def test_a_stated_separator_decides():
    assert values("1,234", decimal=".", money=True) == [1234]
    assert values("1.234", decimal=",", money=True) == [1234]


def test_a_column_that_proves_both_is_refused():
    with pytest.raises(InputError, match="mixes decimal points"):
        values("12.5", "12,5")


def test_a_shared_sign_is_the_organisations_own_currency():
    cells = pd.Series(["$5.50", "kr 7"], dtype=object)
    assert read_figures(cells, home="CAD").currencies.tolist() == ["CAD", "SEK"]


def test_currencies_are_named_by_code_or_sign():
    assert read_currencies(pd.Series(["eur", "€", "Bananas"], dtype=object), "USD").tolist() == ["EUR", "EUR", None]
