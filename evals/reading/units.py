"""What stands with a number: sign, scale word, currency and measure, before and after its digits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from babel.core import get_global

from evals.reading.document import Sentence
from evals.reading.folding import folded_term
from evals.reading.language import Language

_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "BRL"})
# What a currency symbol may stand for; None is "any".
SYMBOLS: dict[str, frozenset[str]] = {
    "$": _DOLLARS,
    "us$": frozenset({"USD"}),
    "a$": frozenset({"AUD"}),
    "au$": frozenset({"AUD"}),
    "c$": frozenset({"CAD"}),
    "ca$": frozenset({"CAD"}),
    "nz$": frozenset({"NZD"}),
    "s$": frozenset({"SGD"}),
    "hk$": frozenset({"HKD"}),
    "r$": frozenset({"BRL"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP", "EGP", "LBP"}),
    "₹": frozenset({"INR", "PKR", "LKR"}),
    "¥": frozenset({"JPY", "CNY"}),
    "﷼": frozenset({"SAR", "QAR", "OMR", "IRR"}),
    "⃁": frozenset({"SAR"}),
    "₺": frozenset({"TRY"}),
    "₪": frozenset({"ILS"}),
    "₩": frozenset({"KRW"}),
}
_ISO_CODES = frozenset(code.lower() for code in get_global("all_currencies"))
# Kinds that are read as shares of one.
SHARES = frozenset({"percent", "points", "index"})
# The letter before a currency code: "612 TEUR", "MSEK".
_JOINED = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}
# No letter may follow: "5 m" is no "5 meetings".
_LAST_WORD = re.compile(r"[^\W\d_]+\.?$")
_END = r"(?![^\W\d_])"


@dataclass(slots=True)
class Unit:
    """What stands with one number: `kind` is "" where nothing says; `first` to `last` holds the digits too."""

    first: int
    last: int
    factor: float = 1.0
    kind: str = ""
    currencies: frozenset[str] | None = None
    negative: bool = False
    signed: bool = False

    def money(self, currencies: frozenset[str] | None) -> None:
        """Make it an amount of money, unless it is a share ("SEK 5%" is a slip of the pen, not money)."""
        self.currencies = currencies
        if self.kind not in SHARES:
            self.kind = "money"


class Units:
    """One language's units; build it once."""

    def __init__(self, language: Language) -> None:
        data = language.get("numbers", {})
        self.scales = {
            folded_term(word): float(factor) for factor, words in data.get("scales", {}).items() for word in words
        }
        self.scaled_currencies = {
            folded_term(word): (float(factor), code)
            for word, (factor, code) in data.get("scaled_currencies", {}).items()
        }
        self.currencies = {
            folded_term(word): frozenset({code}) if code else None
            for code, words in data.get("currencies", {}).items()
            for word in words
        }
        self.measures = {folded_term(word): kind for kind, words in data.get("measures", {}).items() for word in words}
        self._after = re.compile(self._after_pattern("[a-z]{3}"))
        self._after_without_code = re.compile(self._after_pattern(r"(?!)"))
        # "₹40.0 L", "$5 m": a scale letter may stand apart where a currency stands before.
        letters = alternation(word for word in self.scales if len(word) == 1)
        self._spaced_letter = re.compile(rf"\s({letters})(?!\w)")
        indices = {word for word, kind in self.measures.items() if kind == "index"}
        self._leading_words = {*self.currencies, *_ISO_CODES, *SYMBOLS, *indices, "x"}
        self._before = re.compile(self._before_pattern(data.get("minus", ("-",))))

    def _after_pattern(self, code: str) -> str:
        """What may follow the digits: scale, currency and measure, in that order: " mln zł", "K", "-day", " p.p."."""
        long_scales = alternation(word for word in self.scales if len(word) > 1)
        letters = alternation(word for word in self.scales if len(word) == 1)
        scaled = rf"\s?(?P<scaled>{alternation(self.scaled_currencies)}){_END}"
        joined = rf"\s?(?P<joined>[ktmb])(?P<joined_code>{code}){_END}"
        scale = rf"[\s-]?(?P<scale>{long_scales}){_END}|(?P<letter>{letters}){_END}"
        money = rf"(?P<symbol>{alternation(SYMBOLS)})|(?P<money>{alternation(self.currencies)}){_END}"
        currency = rf"[\s-]?(?:{money}|(?P<code>{code}){_END})"
        signs = alternation(word for word in self.measures if not word[0].isalnum())
        words = alternation(word for word in self.measures if word[0].isalnum())
        measure = rf"\s?(?P<sign>{signs}){_END}|[\s-]?(?P<measure>{words}){_END}"
        return rf"(?:{scaled}|{joined}|(?:{scale})?(?:{currency})?)(?:{measure})?"

    def _before_pattern(self, minus: Iterable[str]) -> str:
        """What may stand right before the digits: "-", "$", "SEK ", "MSEK ", "%", "x", "index "."""
        sign = alternation(minus)
        index = alternation(word for word, kind in self.measures.items() if kind == "index")
        units = (
            rf"(?P<symbol>{alternation(SYMBOLS)})\s?",
            rf"(?<!\w)(?P<money>{alternation(self.currencies)})\s?",
            r"(?<!\w)(?P<joined>[ktmb]?)(?P<code>[a-z]{3})\s?",
            r"(?P<percent>%)\s?",
            r"(?<!\w)(?P<multiple>[x×])\s?",
            rf"(?<!\w)(?P<index>{index})\s",
        )
        leading = rf"(?:^|(?<=[\s(\[|:;,≈~]))(?P<minus>{sign})\s?|(?P<plus>\+)\s?"
        return rf"(?:{leading})?(?:(?:{'|'.join(units)})(?P<after>{sign})?)?$"

    def around(self, sentence: Sentence, folded: str, start: int, end: int, spelled: bool) -> Unit:
        """The unit of the number from `start` to `end`; nothing before a number in words belongs to it."""
        unit = Unit(start, end)
        before = None if spelled or not self._may_lead(folded, start) else self._lead(folded, start)
        has_money = before is not None and bool(before["symbol"] or before["money"] or before["code"])
        self._read_after(sentence, folded, unit, has_money)
        if before is not None and before.group():
            self._read_before(sentence, folded, unit, before)
        return unit

    def _lead(self, folded: str, start: int) -> re.Match[str] | None:
        return self._before.search(folded, max(0, start - 12), start)

    def _may_lead(self, folded: str, start: int) -> bool:
        """Whether what stands before a number may be its sign or unit: a quick look that spares most a search."""
        before = folded[max(0, start - 8) : start]
        words = before.rstrip()
        if not words:
            return False
        last = words[-1]
        if last.isalpha() or last == ".":
            word = _LAST_WORD.search(words)
            return word is not None and (word[0] in self._leading_words or word[0][1:] in _ISO_CODES)
        return last not in ",;:()|!?\"'"

    def _read_after(self, sentence: Sentence, folded: str, unit: Unit, has_money: bool) -> None:
        match = self._after.match(folded, unit.last)
        assert match is not None
        if any(match[group] and not _is_code(sentence, match, group) for group in ("code", "joined_code")):
            match = self._after_without_code.match(folded, unit.last)
            assert match is not None
        if match.group() == "":
            spaced = self._spaced_letter.match(folded, unit.last) if has_money else None
            if spaced is not None:
                unit.factor, unit.last = self.scales[spaced[1]], spaced.end()
            return
        self._read_amount(match, unit)
        group = "sign" if match["sign"] else "measure"
        if match[group] and unit.kind != "money" and not folded[unit.last : match.start(group)].strip(" -"):
            unit.kind, unit.last = self.measures[match[group]], match.end(group)

    def _read_amount(self, match: re.Match[str], unit: Unit) -> None:
        """Scale and currency after the digits."""
        if match["scaled"]:
            unit.factor, code = self.scaled_currencies[match["scaled"]]
            unit.money(frozenset({code}) if code else None)
            unit.last = match.end("scaled")
        elif match["joined"]:
            unit.factor = _JOINED[match["joined"]]
            unit.money(frozenset({match["joined_code"].upper()}))
            unit.last = match.end("joined_code")
        for group in ("scale", "letter"):
            if match[group]:
                unit.factor, unit.last = self.scales[match[group]], match.end(group)
        if match["symbol"]:
            unit.money(SYMBOLS[match["symbol"]])
            unit.last = match.end("symbol")
        elif match["money"]:
            unit.money(self.currencies[match["money"]])
            unit.last = match.end("money")
        elif match["code"]:
            unit.money(frozenset({match["code"].upper()}))
            unit.last = match.end("code")

    def _read_before(self, sentence: Sentence, folded: str, unit: Unit, match: re.Match[str]) -> None:
        if match["code"] and not _is_code(sentence, match, "code"):
            return
        found = folded[match.start() : unit.first]
        unit.first -= len(found.lstrip())
        unit.negative = bool(match["minus"] or match["after"])
        unit.signed = unit.negative or match["plus"] is not None
        for kind in ("percent", "multiple", "index"):
            if match[kind]:
                unit.kind = kind
        if match["symbol"]:
            unit.money(SYMBOLS[match["symbol"]])
        elif match["money"]:
            unit.money(self.currencies[match["money"]])
        elif match["code"]:
            unit.money(frozenset({match["code"].upper()}))
            unit.factor *= _JOINED.get(match["joined"], 1.0)


def _is_code(sentence: Sentence, match: re.Match[str], group: str) -> bool:
    """Whether three letters are a currency's code, written in capitals in the draft."""
    if match[group] not in _ISO_CODES:
        return False
    start, end = sentence.span(match.start(group), match.end(group))
    return sentence.document.text[start:end].isupper()


def alternation(words: Iterable[str]) -> str:
    """The words as alternatives of an expression over folded text, longest first."""
    folded = sorted({folded_term(word) for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in folded if word) or r"(?!)"
