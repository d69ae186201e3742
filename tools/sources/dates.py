"""Dates and times as exports write them, read a column at a time.

Whether 03/04/2021 is March or April is decided by the column: any first number over 12 says day first, any second one
over 12 says month first. A column that says neither, or both, is refused unless `date_order` is stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from tools.errors import InputError
from tools.sources.reading import DateOrder

# What a cell turned out to be.
UNREADABLE, DAY, WALL, INSTANT = 0, 1, 2, 3
_EARLIEST, _LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2200-01-01", "us")
# "3:15:52", "03:15:52.040 PM", "10h30", with Z or an offset as "+02:00".
_TIME = (
    r"(?P<H>\d{1,2})[:.h](?P<M>\d{2})(?:[:.](?P<S>\d{2})(?:[.,](?P<f>\d{1,9}))?)?\s*(?P<p>[AaPp])?(?:\.?[Mm]\.?)?"
    r"\s*(?P<z>Z|z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_TAIL = rf"(?:[Tt ,]+{_TIME})?\.?$"
# "2021-04-15", "15.4.2021", "4/15/21 3:05 PM".
_NUMERIC = re.compile(rf"^(?P<a>\d{{1,4}})(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})(?P=sep)\s?(?P<c>\d{{1,4}}){_TAIL}")
# "15 Apr, 2021 00:02:00", "15-Apr-21", "Thursday, 15. April 2021".
_DAY_MONTH = re.compile(
    rf"^(?:[^\W\d]+\.?,?\s+)?(?P<d>\d{{1,2}})\.?[\s-]+(?:de\s+)?(?P<m>[^\W\d]+)\.?,?[\s-]+(?:de\s+)?(?P<y>\d{{2,4}}){_TAIL}"
)
# "Apr 15, 2021", "April 15 2021 3:05 PM".
_MONTH_DAY = re.compile(
    rf"^(?:[^\W\d]+\.?,\s+)?(?P<m>[^\W\d]+)\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_TAIL}"
)
_ISO = r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)?"
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "nb", "fi", "cs")


@dataclass(frozen=True)
class Moments:
    """Parsed cells: `at` (naive; UTC where `kind` is INSTANT) and what each cell was."""

    at: np.ndarray
    kind: np.ndarray

    def days(self, source_zone: str, zone: str) -> np.ndarray:
        """The calendar day of each cell in the organisation's zone, datetime64[us]; NaT where unreadable."""
        at = self.at.copy()
        timed = self.kind >= WALL
        # A date stored as midnight (2018-12-19 00:00:00, or midnight UTC) all down the column is a date, in no zone.
        if timed.any() and not (at[timed] == at[timed].astype("datetime64[D]")).all():
            at[timed] = _shift(self._as_utc(source_zone)[timed], "UTC", zone)
        return at.astype("datetime64[D]").astype("datetime64[us]")

    def instants(self, source_zone: str, zone: str) -> np.ndarray:
        """Each cell in UTC, datetime64[us]; a bare day is its midnight in the organisation's zone."""
        at = self._as_utc(source_zone)
        day = self.kind == DAY
        at[day] = _shift(at[day], zone, "UTC")
        return at

    def _as_utc(self, source_zone: str) -> np.ndarray:
        at = self.at.copy()
        wall = self.kind == WALL
        at[wall] = _shift(at[wall], source_zone, "UTC")
        return at


def read_moments(
    cells: pd.Series, *, order: DateOrder | None = None, pattern: str | None = None, label: str = "the column"
) -> Moments:
    """Read text cells (no empty ones). `pattern` is a strptime format; `label` names the column in the refusal.

    Raises `InputError` where day and month cannot be told apart.
    """
    at = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[us]")
    kind = np.zeros(len(cells), dtype=np.int8)
    text = cells.str.strip()
    if pattern is not None:
        parsed = pd.to_datetime(text, format=pattern, errors="coerce")
        at[:] = parsed.to_numpy(dtype="datetime64[us]")
        kind[~np.isnat(at)] = WALL if "%H" in pattern or "%I" in pattern else DAY
        return _in_range(at, kind)
    iso = text.str.fullmatch(_ISO).to_numpy(dtype=bool)
    if iso.any():
        at[iso] = pd.to_datetime(text[iso], format="ISO8601", errors="coerce").to_numpy(dtype="datetime64[us]")
        kind[iso] = np.where(text[iso].str.len() > 10, WALL, DAY)
    digits = ~iso & text.str.fullmatch(r"\d+(?:\.\d+)?").to_numpy(dtype=bool)
    if digits.any():
        at[digits], kind[digits] = _serials(text[digits])
    rest = ~iso & ~digits
    if rest.any():
        at[rest], kind[rest] = _written(text[rest], order, label)
    return _in_range(at, kind)


def _in_range(at: np.ndarray, kind: np.ndarray) -> Moments:
    outside = np.isnat(at) | (at < _EARLIEST) | (at >= _LATEST)
    return Moments(np.where(outside, np.datetime64("NaT"), at), np.where(outside, UNREADABLE, kind).astype(np.int8))


def _serials(text: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Bare numbers by their length: 20210415, epoch milliseconds or seconds (UTC), or a spreadsheet's day count."""
    length = text.str.split(".").str[0].str.len().to_numpy()
    value = pd.to_numeric(text, errors="coerce").to_numpy(dtype=float)
    at = np.full(len(text), np.datetime64("NaT"), dtype="datetime64[us]")
    kind = np.zeros(len(text), dtype=np.int8)
    eight = length == 8
    if eight.any():
        at[eight] = pd.to_datetime(text[eight], format="%Y%m%d", errors="coerce").to_numpy(dtype="datetime64[us]")
        kind[eight] = DAY
    for digits, factor in ((13, 1_000), (10, 1_000_000)):
        epoch = length == digits
        at[epoch] = (value[epoch] * factor).astype("int64").astype("datetime64[us]")
        kind[epoch] = INSTANT
    # Spreadsheets count days from 1899-12-30; five digits reach from 1927 to 2173.
    serial = length == 5
    microseconds = np.round(value[serial] * 86_400) * 1_000_000
    at[serial] = np.datetime64("1899-12-30", "us") + microseconds.astype("int64").astype("timedelta64[us]")
    kind[serial] = np.where(value[serial] % 1 == 0, DAY, WALL)
    return at, kind


def _written(text: pd.Series, order: DateOrder | None, label: str) -> tuple[np.ndarray, np.ndarray]:
    numeric = text.str.extract(_NUMERIC)
    named = text.str.extract(_DAY_MONTH)
    named = named.where(named["y"].notna(), text.str.extract(_MONTH_DAY))
    is_named = named["y"].notna() & numeric["c"].isna()
    year, month, day = _numeric_parts(numeric, text, order, label)
    year = year.where(~is_named, pd.to_numeric(named["y"]))
    month = month.where(~is_named, named["m"].str.lower().map(_month_names()))
    day = day.where(~is_named, pd.to_numeric(named["d"]))
    time = numeric.where(~is_named, named)[["H", "M", "S", "f", "p", "z"]]
    year = year.where(year >= 100, year + np.where(year < 70, 2000, 1900))
    return _compose(year, month, day, time)


def _numeric_parts(
    parts: pd.DataFrame, text: pd.Series, order: DateOrder | None, label: str
) -> tuple[pd.Series, pd.Series, pd.Series]:
    a, b, c = (pd.to_numeric(parts[name]) for name in "abc")
    year_first = parts["a"].str.len() == 4
    open_ones = a.notna() & ~year_first
    if open_ones.any():
        order = _decide_order(a[open_ones], b[open_ones], parts["sep"][open_ones], text[open_ones], order, label)
    day_first = order == "dmy"
    first, second = (a, b) if day_first else (b, a)
    return a.where(year_first, c), b.where(year_first, second), c.where(year_first, first)


def _decide_order(
    a: pd.Series, b: pd.Series, separator: pd.Series, text: pd.Series, order: DateOrder | None, label: str
) -> DateOrder:
    if order is not None:
        return order
    day_first, month_first = text[(a > 12) & (b <= 12)], text[(b > 12) & (a <= 12)]
    say = 'state date_order = "dmy" or "mdy" in the mapping or in workspace.toml'
    if len(day_first) and len(month_first):
        raise InputError(
            f"{label} mixes day first ({day_first.iloc[0]}) and month first ({month_first.iloc[0]}); {say}, "
            "and the dates that contradict it will be left empty and counted."
        )
    # With dots the day always stands first: no country writes month.day.year.
    if len(day_first) or (not len(month_first) and (separator == ".").all()):
        return "dmy"
    if len(month_first):
        return "mdy"
    unclear = text[(a != b) & (a <= 12) & (b <= 12)]
    if len(unclear):
        raise InputError(f"{label} could be day first or month first in every row ({unclear.iloc[0]}); {say}.")
    return "dmy"


def _compose(year: pd.Series, month: pd.Series, day: pd.Series, time: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    date = pd.to_datetime(
        pd.DataFrame({"year": year, "month": month, "day": day}).astype(float), errors="coerce"
    ).to_numpy(dtype="datetime64[us]")
    timed = time["H"].notna().to_numpy()
    hour, minute, second = (pd.to_numeric(time[name]).fillna(0).astype(int) for name in "HMS")
    half = time["p"].str.lower()
    hour = hour.where(half.isna() | (hour > 12), hour % 12 + 12 * (half == "p"))
    fraction = pd.to_numeric("0." + time["f"].fillna("0")).astype(float)
    valid = (hour < 24) & (minute < 60) & (second < 60)
    seconds = hour * 3600 + minute * 60 + second
    microseconds = (seconds * 1_000_000 + (fraction * 1_000_000).round().astype("int64")).to_numpy(dtype="int64")
    at = date + microseconds.astype("timedelta64[us]")
    at[~valid.to_numpy()] = np.datetime64("NaT")
    zone = time["z"]
    offset = _offset_minutes(zone)
    at = at - (offset * 60_000_000).astype("timedelta64[us]")
    kind = np.where(zone.notna(), INSTANT, np.where(timed, WALL, DAY)).astype(np.int8)
    return at, kind


def _offset_minutes(zone: pd.Series) -> np.ndarray:
    signed = zone.str.extract(r"(?P<s>[+-])(?P<h>\d{2}):?(?P<m>\d{2})")
    minutes = pd.to_numeric(signed["h"]).fillna(0) * 60 + pd.to_numeric(signed["m"]).fillna(0)
    return (minutes * np.where(signed["s"] == "-", -1, 1)).to_numpy(dtype="int64")


def _shift(at: np.ndarray, source: str, target: str) -> np.ndarray:
    """One zone's wall time as another's. An hour that comes twice is the first; one that never was moves on."""
    if source == target or not len(at):
        return at
    first = np.ones(len(at), dtype=bool)
    localized = pd.DatetimeIndex(at).tz_localize(ZoneInfo(source), ambiguous=first, nonexistent="shift_forward")
    return localized.tz_convert(ZoneInfo(target)).tz_localize(None).to_numpy(dtype="datetime64[us]")


@lru_cache(maxsize=1)
def _month_names() -> dict[str, int]:
    """Month names and their short forms, in the languages that CRMs export in."""
    from babel.dates import get_month_names

    names: dict[str, int] = {"sept": 9, "jänner": 1}
    for language in _LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for month, name in get_month_names(width, context, language).items():
                    names.setdefault(name.lower().rstrip("."), month)
    return names
