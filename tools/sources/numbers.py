"""Numbers and money as exports write them, read a column at a time.

Whether 1,234 is a thousand or a little over one is decided by the column: 1,234.50 or 12,5 elsewhere in it, or a
dollar sign before it. Money that stays ambiguous is refused unless `decimal` is stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from tools.errors import InputError
from tools.sources.reading import Decimal

# DECIMAL(18,4) ends here; no deal is that large.
LARGEST = 1e14
# What a machine writes: "1234", "-12", "1e+06".
_WHOLE = r"-?\d+"
_SCIENTIFIC = r"-?\d+(?:\.\d+)?[eE][+-]?\d{1,2}"
# Optional words or signs, the figure, words or signs: "$342.09K", "1.234,56 EUR", "(1,200)", "1 234 567,89-".
_FIGURE = re.compile(r"^(?P<before>[^\d.,]*)(?P<body>[\d.,]*\d[\d.,]*)(?P<after>[^\d.,]*\.?[^\d.,]*)$")
_GROUPING = re.compile(r"(?<=\d)[\s\u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_SCALES = {
    "": 1.0, "k": 1e3, "tsd": 1e3, "thousand": 1e3, "m": 1e6, "mm": 1e6, "mn": 1e6, "mio": 1e6, "mln": 1e6,
    "million": 1e6, "b": 1e9, "bn": 1e9, "mrd": 1e9, "billion": 1e9,
}  # fmt: skip
_SIGNS = {
    "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "zł": "PLN", "us$": "USD", "ca$": "CAD", "c$": "CAD", "a$": "AUD",
    "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "r$": "BRL", "mx$": "MXN", "kč": "CZK", "ft": "HUF",
    "₺": "TRY", "₩": "KRW", "₪": "ILS", "₴": "UAH", "₽": "RUB", "fr": "CHF", "sfr": "CHF",
}  # fmt: skip
# One sign, several currencies: the organisation's own where it is one of them, else the first.
_SHARED_SIGNS = {"$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "MXN"), "kr": ("SEK", "DKK", "NOK", "ISK")}


@dataclass(frozen=True)
class Figures:
    """Parsed cells (NaN where unreadable), their currency codes where written (else ""), and which were per cent."""

    values: np.ndarray
    currencies: np.ndarray
    percent: np.ndarray


def read_figures(
    cells: pd.Series, *, decimal: Decimal | None = None, money: bool = False, home: str = "USD",
    label: str = "the column",
) -> Figures:  # fmt: skip
    """Read text cells (no empty ones). `home` is the organisation's currency; `label` names the column in the refusal.

    Raises `InputError` where thousands and decimals cannot be told apart.
    """
    text = cells.str.strip().reset_index(drop=True)
    machine = text.str.fullmatch(_WHOLE) | text.str.fullmatch(_SCIENTIFIC)
    values = pd.to_numeric(text.where(machine), errors="coerce").to_numpy(dtype=float, copy=True)
    currencies = np.full(len(text), "", dtype=object)
    percent = np.zeros(len(text), dtype=bool)
    by_hand = text[~machine]
    if len(by_hand):
        place = by_hand.index.to_numpy()
        figures = _read_written(by_hand, decimal, money, home, label)
        values[place], currencies[place], percent[place] = figures.values, figures.currencies, figures.percent
    values[np.abs(values) >= LARGEST] = np.nan
    return Figures(values, currencies, percent)


def _read_written(text: pd.Series, decimal: Decimal | None, money: bool, home: str, label: str) -> Figures:
    """Cells with separators, signs or words in them."""
    tidy = text.str.replace("\u2212", "-", regex=False).str.replace(_GROUPING, "", regex=True)
    parts = tidy.str.extract(_FIGURE).fillna("")
    body = parts["body"]
    before, after = parts["before"].str.strip().str.lower(), parts["after"].str.strip().str.lower()
    values = _values(body, decimal or _decide_decimal(body, before, money, label))
    negative = before.str.contains(r"[-(]") | after.str.startswith("-")
    percent = (before + after).str.contains("%", regex=False).to_numpy(dtype=bool)
    left = before.str.replace(r"[-+(\s]", "", regex=True)
    right = after.str.replace(r"[-)%\s.]", "", regex=True)
    scale, currencies, known = _words(left, right, home)
    values = np.where(known, np.where(negative, -values, values) * scale, np.nan)
    return Figures(values, currencies, percent)


def _decide_decimal(body: pd.Series, before: pd.Series, money: bool, label: str) -> Decimal:
    """The decimal separator that the column's own cells prove, or the refusal."""
    point = _proofs(body, ".", ",")
    comma = _proofs(body, ",", ".")
    say = 'state decimal = "." or "," in the mapping or in workspace.toml'
    if len(point) and len(comma):
        raise InputError(f"{label} mixes decimal points ({point.iloc[0]}) and decimal commas ({comma.iloc[0]}); {say}.")
    if len(comma):
        return ","
    if len(point):
        return "."
    # "1,234" or "1.234": three digits after a single separator prove nothing. Rates and counts with a point are
    # taken as a machine's decimals; money never has three of them.
    unclear = body[body.str.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}" if money else r"[1-9]\d{0,2},\d{3}")]
    dollars = before[unclear.index].str.contains(r"[$£]") & unclear.str.contains(",", regex=False)
    if len(unclear) and not dollars.any():
        raise InputError(f"{label} could mean thousands or decimals in every row ({unclear.iloc[0]}); {say}.")
    return "."


def _proofs(body: pd.Series, decimal: str, thousands: str) -> pd.Series:
    """Cells that can only be read with this decimal separator."""
    d, t = re.escape(decimal), re.escape(thousands)
    patterns = (
        rf"\d{{1,3}}(?:{t}\d{{3}})+{d}\d+",  # 1,234.5
        rf"\d{{1,3}}(?:{t}\d{{3}}){{2,}}",  # 1,234,567
        rf"\d*{d}(?:\d{{1,2}}|\d{{4,}})",  # 12.5
        rf"(?:0|\d{{4,}})?{d}\d{{3}}",  # 0.125, 1234.567
    )
    return body[body.str.fullmatch("|".join(f"(?:{pattern})" for pattern in patterns))]


def _values(body: pd.Series, decimal: Decimal) -> np.ndarray:
    thousands = "," if decimal == "." else "."
    d, t = re.escape(decimal), re.escape(thousands)
    sound = body.str.fullmatch(rf"(?:\d+|\d{{1,3}}(?:{t}\d{{3}})+)?(?:{d}\d*)?")
    plain = body.where(sound, "").str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float, copy=True)


def _words(before: pd.Series, after: pd.Series, home: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What stands around the figures: scale, currency code ("" where none), and whether we know those words."""
    codes, unique = pd.factorize(before + "\x1f" + after)
    meanings = [_meaning(*pair.split("\x1f"), home) for pair in unique]
    scale = np.array([meaning[0] for meaning in meanings], dtype=float)
    currency = np.array([meaning[1] for meaning in meanings], dtype=object)
    known = np.array([meaning[2] for meaning in meanings], dtype=bool)
    return scale[codes], currency[codes], known[codes]


def _meaning(before: str, after: str, home: str) -> tuple[float, str, bool]:
    """Scale and currency of one pair of words: ("$", "k") → thousand US dollars; ("", "mioeur") → million euro."""
    code = _currency(before, home)
    if code is None:
        return 1.0, "", False
    if after in _SCALES:
        return _SCALES[after], code, True
    for scale in sorted(_SCALES, key=len, reverse=True):
        following = _currency(after.removeprefix(scale), home) if after.startswith(scale) else None
        if following is not None:
            return _SCALES[scale], following, True
    return 1.0, "", False


def _currency(word: str, home: str) -> str | None:
    """The ISO code that a sign or code stands for; "" for none written, None for a word that is no currency."""
    word = word.rstrip(".")
    if word == "":
        return ""
    if word in _SIGNS:
        return _SIGNS[word]
    if word in _SHARED_SIGNS:
        return home if home in _SHARED_SIGNS[word] else _SHARED_SIGNS[word][0]
    return word.upper() if re.fullmatch(r"[a-z]{3}", word) and word.upper() in _iso_codes() else None


def read_currencies(cells: pd.Series, home: str) -> pd.Series:
    """ISO codes of cells that name a currency by code or sign ("eur", "€"); None for anything else."""
    codes = [_currency(cell.strip().lower(), home) or None for cell in cells]
    return pd.Series(codes, index=cells.index, dtype=object)


@lru_cache(maxsize=1)
def _iso_codes() -> set[str]:
    from babel.numbers import list_currencies

    return list_currencies()
