"""Quantities printed for people: rounded to what a reader needs, never to what would make a statement false.

`display` rounds one value. `display_pair` adds digits until the two printed values stand in the same relation as the
true ones and their printed difference is what a reader computes from the page: 89.6 % is not "90 % against 90 %".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache, lru_cache
from typing import Literal

from babel import Locale
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

Kind = Literal["ratio", "currency", "count", "days", "hours", "minutes", "multiple"]
KINDS: tuple[Kind, ...] = ("ratio", "currency", "count", "days", "hours", "minutes", "multiple")

_MOST_DIGITS = 6
# From here on an amount is printed in millions: at three digits it would read as 1,000K.
_MILLION_SHOWN = 999_500


@dataclass(frozen=True)
class Unit:
    """A unit as facts carry it: its kind, and the ISO 4217 code where it is money."""

    kind: Kind
    currency: str | None = None

    @classmethod
    @cache
    def parse(cls, text: str) -> Unit:
        """`ratio`, `count`, `days`, `hours`, `minutes`, `multiple` or `currency:XXX`."""
        kind, _, currency = text.partition(":")
        if kind not in KINDS or (kind == "currency") != bool(currency):
            raise ValueError(f'"{text}" is no unit')
        return cls(kind, currency or None)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Display:
    """A value as printed: the text without its unit word, and the number that the text says."""

    text: str
    value: Decimal
    step: Decimal  # the smallest difference that shows at this precision


@dataclass(frozen=True)
class Pair:
    """Two values and their distance, printed so that they agree with each other."""

    value: Display
    other: Display
    gap: Display


# One sheet is printed for many answers, and locale data are read under a lock that threads would queue at.
@lru_cache(maxsize=8192, typed=True)
def display(value: float | Decimal, unit: str, locale: str = "en", *, extra: int = 0, exact: bool = False) -> Display:
    """Print one value; `extra` adds decimals, `exact` prints every digit there is."""
    kind = Unit.parse(unit)
    number = _decimal(value)
    if kind.kind == "ratio":
        return _percent(number, locale, _MOST_DIGITS if exact else extra)
    if kind.kind == "currency":
        return _money(number, kind.currency or "XXX", locale, extra, exact)
    return _plain(number, kind.kind, locale, _MOST_DIGITS if exact else extra)


def display_pair(value: float, other: float, unit: str, locale: str = "en") -> Pair:
    """Print two values and their distance with as many digits as it takes for the three to agree.

    The printed gap is the difference of the printed values, and a right rounding of the true one. Between ratios it is
    in percentage points, without a sign of its own.
    """
    first, second = _decimal(value), _decimal(other)
    for extra in range(_MOST_DIGITS):
        left, right = display(first, unit, locale, extra=extra), display(second, unit, locale, extra=extra)
        gap, step = abs(left.value - right.value), max(left.step, right.step)
        right_order = _sign(left.value - right.value) == _sign(first - second)
        if right_order and abs(gap - abs(first - second)) * 2 < step:
            return Pair(left, right, _gap(gap, step, unit, locale))
    left, right = display(first, unit, locale, exact=True), display(second, unit, locale, exact=True)
    return Pair(left, right, _gap(abs(left.value - right.value), Decimal(0), unit, locale))


def display_apart(value: float, other: float, unit: str, locale: str = "en") -> tuple[Display, Display]:
    """Print two values with as many digits as it takes for the reader to see which is greater."""
    first, second = _decimal(value), _decimal(other)
    for extra in range(_MOST_DIGITS):
        left, right = display(first, unit, locale, extra=extra), display(second, unit, locale, extra=extra)
        if _sign(left.value - right.value) == _sign(first - second):
            return left, right
    return display(first, unit, locale, exact=True), display(second, unit, locale, exact=True)


@dataclass(frozen=True)
class Among:
    """A value beside several others, all at one precision. `gaps` follow the order of the measured ones."""

    value: Display
    others: tuple[Display, ...]
    gaps: tuple[Display, ...]

    def order(self, index: int) -> int:
        """1 where the value is printed above that other, -1 where below, 0 where both read the same."""
        return _sign(self.value.value - self.others[index].value)


def display_among(
    value: float, others: Sequence[float], measured: Sequence[bool], unit: str, locale: str = "en", exact: bool = False
) -> Among:
    """Print one value beside several with as many digits as it takes for all of them to agree with it, or with all.

    Every order shows as it truly is; where `measured`, the printed distance is also right, as in `display_pair`.
    Values that differ by less than the finest precision read the same, and are to be called the same.
    """
    true, trues = _decimal(value), [_decimal(other) for other in others]
    if exact:
        return _among(true, trues, unit, locale, None)
    for extra in range(_MOST_DIGITS):
        among = _among(true, trues, unit, locale, extra)
        agreeing = (
            among.order(index) == _sign(true - other)
            and (not gap or abs(among.gaps[index].value - abs(true - other)) * 2 < max(among.value.step, shown.step))
            for index, (other, shown, gap) in enumerate(zip(trues, among.others, measured, strict=True))
        )
        if all(agreeing):
            return among
    return _among(true, trues, unit, locale, None)


def _among(value: Decimal, others: Sequence[Decimal], unit: str, locale: str, extra: int | None) -> Among:
    """All printed with `extra` digits, or with every digit there is where that is None."""
    first, *rest = (display(number, unit, locale, extra=extra or 0, exact=extra is None) for number in (value, *others))
    gaps = (
        _gap(abs(first.value - shown.value), Decimal(0) if extra is None else max(first.step, shown.step), unit, locale)
        for shown in rest
    )
    return Among(first, tuple(rest), tuple(gaps))


def display_against(value: float, target: float | None, unit: str, locale: str = "en") -> Display:
    """Print one value so that it cannot be taken for the target it misses (99.6 % of quota is not 100 %)."""
    if target is None or _decimal(value) == _decimal(target):
        return display(value, unit, locale)
    goal = _decimal(target)
    for extra in range(_MOST_DIGITS):
        shown = display(value, unit, locale, extra=extra)
        if _sign(shown.value - goal) == _sign(_decimal(value) - goal):
            return shown
    return display(value, unit, locale, exact=True)


def _gap(gap: Decimal, step: Decimal, unit: str, locale: str) -> Display:
    """Print the distance of two printed values, no finer than they were printed themselves."""
    parsed = Unit.parse(unit)
    if parsed.kind == "ratio":
        points = _trimmed(gap * 100)
        return Display(format_decimal(points, locale=locale, decimal_quantization=False), gap, step)
    # $55.5K beside $560K, not $55,500; beside $504,500, every digit.
    short = step >= 1000 or (step > 0 and gap >= 10_000 and gap % 100 == 0)
    if parsed.currency is not None and gap > 0 and short:
        compact = _compact(gap, parsed.currency, locale, _MOST_DIGITS)
        if compact.value == gap:
            return compact
    return display(gap, unit, locale, exact=True)


def _decimal(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


# Wide enough for any float: a value is rounded to decimals, however large it is.
_WIDE = Context(prec=400)


def _round(number: Decimal, digits: int) -> Decimal:
    return _trimmed(number.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDE))


def _trimmed(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1), context=_WIDE) if number == number.to_integral_value() else number.normalize()


def _percent(number: Decimal, locale: str, extra: int) -> Display:
    percent = number * 100
    # Under 10 % a whole percent is too coarse: churn of 2.4 % and 2.8 % are different results.
    digits = extra + (1 if abs(percent) < 10 else 0)
    rounded = _round(percent, digits) / 100
    text = format_percent(rounded, locale=locale, decimal_quantization=False)
    return Display(text, rounded, Decimal(1).scaleb(-digits - 2))


def _money(number: Decimal, currency: str, locale: str, extra: int, exact: bool) -> Display:
    size = abs(number)
    if exact or size < 10_000:
        digits = 2 if exact and number != number.to_integral_value() else extra
        rounded = _round(number, digits)
        decimals = max(0, -int(rounded.as_tuple().exponent)) if rounded else 0
        pattern = _whole_pattern(locale, max(2, decimals) if decimals else 0)
        text = format_currency(rounded, currency, pattern, locale=locale, currency_digits=False)
        return Display(text, rounded, Decimal(1).scaleb(-digits))
    return _compact(number, currency, locale, extra + (2 if size >= _MILLION_SHOWN else 0))


def _compact(number: Decimal, currency: str, locale: str, digits: int) -> Display:
    """Thousands, millions or billions, with up to `digits` decimals."""
    size = abs(number)
    scale = Decimal(1_000_000_000 if size >= 999_500_000 else 1_000_000 if size >= _MILLION_SHOWN else 1_000)
    scaled = _round(number / scale, digits)
    decimals = max(0, -int(scaled.as_tuple().exponent)) if scaled else 0
    rounded = scaled * scale
    text = format_compact_currency(rounded, currency, locale=locale, fraction_digits=decimals)
    return Display(text, rounded, scale.scaleb(-digits))


@cache
def _whole_pattern(locale: str, decimals: int) -> str:
    pattern = Locale.parse(locale).currency_formats["standard"].pattern
    return pattern.replace(".00", "." + "0" * decimals if decimals else "")


def _plain(number: Decimal, kind: Kind, locale: str, extra: int) -> Display:
    coarse = kind in ("days", "hours", "minutes") and abs(number) >= 10
    digits = extra + (0 if coarse else 1)
    rounded = _round(number, digits)
    text = format_decimal(rounded, locale=locale, decimal_quantization=False)
    return Display(text, rounded, Decimal(1).scaleb(-digits))
