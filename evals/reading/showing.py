"""A fact's number for people, in messages: plain English digits, whole precision where it matters."""

from __future__ import annotations

from evals.reading.facts import FactView

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}


def shown(number: float, fact: FactView) -> str:
    """The number in its fact's unit.

    >>> shown(0.9, FactView("win_rate", "Win rate", 0.3, "ratio"))
    '90%'
    """
    if fact.kind == "ratio":
        return f"{_plain(number * 100)}%"
    if fact.kind == "currency":
        code = fact.currency or ""
        return f"{_SYMBOLS[code]}{_plain(number)}" if code in _SYMBOLS else f"{code} {_plain(number)}".strip()
    if fact.kind == "multiple":
        return f"{_plain(number)}x"
    return _plain(number) if fact.kind == "count" else f"{_plain(number)} {fact.kind}"


def _plain(number: float) -> str:
    rounded = round(number, 2)
    return f"{rounded:,.0f}" if rounded == int(rounded) else f"{rounded:,.2f}".rstrip("0")
