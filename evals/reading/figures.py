"""Every figure of a draft with its type: value, unit, precision as shown, and the words that bend it.

A figure is digits or number words that measure something: "$1.05M", "560 000 kr", "86.4 lakh", "twelve deals",
"six points above", "3.4×", "%96". Dates, years, quarters, ordinals, times, versions and numbered names are none.
Percentages and points are read as ratios (26 % is 0.26), so that they compare with facts as they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from babel.core import get_global

from evals.reading.calendar import Calendar
from evals.reading.document import Document, Sentence
from evals.reading.folding import folded_term
from evals.reading.language import Language
from evals.reading.numerals import LITERAL, NumberWords, Phrase, Value, read_literal

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
_SHARE = frozenset({"percent", "points"})
# The letter before a currency code: "612 TEUR", "MSEK".
_JOINED = {"k": 1e3, "t": 1e3, "m": 1e6, "b": 1e9}
DURATIONS = frozenset({"days", "working_days", "weeks", "months", "years", "hours", "minutes"})


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured number in the draft.

    `values` are its readings, likeliest first. `kind` is percent, points, money, multiple, index, fraction,
    multiplied ("doubled"), one of the durations, or count where no unit stands with it. `currencies` are the codes it
    may stand for, None for any. `modifier` is about, above or below ("nearly 40" lies below 40). `first` and `last`
    are its place in the sentence's folded text, sign and unit included; `number_end` is where its digits end.
    """

    sentence: Sentence
    first: int
    last: int
    number_end: int
    values: tuple[Value, ...]
    kind: str
    currencies: frozenset[str] | None = None
    modifier: str | None = None
    negative: bool = False
    signed: bool = False
    spelled: bool = False
    scaled: bool = False
    carried: bool = False

    @property
    def start(self) -> int:
        """Its offset in the draft."""
        return self.sentence.span(self.first, self.last)[0]

    @property
    def end(self) -> int:
        return self.sentence.span(self.first, self.last)[1]

    @property
    def text(self) -> str:
        return self.sentence.document.text[self.start : self.end]

    @property
    def number(self) -> float:
        """Its likeliest reading, without sign."""
        return self.values[0].number


class FigureReader:
    """Reads figures by one language's data; build it once (`reader_of`)."""

    def __init__(self, language: Language) -> None:
        data = language.get("numbers", {})
        self.decimal: str = data.get("decimal", ".")
        self.words = NumberWords(language)
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
        self._tail = re.compile(self._tail_pattern("[a-z]{3}"))
        self._tail_without_code = re.compile(self._tail_pattern(r"(?!)"))
        # "₹40.0 L", "$5 m": a scale letter may stand apart where a currency stands before.
        self._spaced_letter = re.compile(rf"\s({_alternation(word for word in self.scales if len(word) == 1)})(?!\w)")
        self._head = re.compile(self._head_pattern(data))
        self._modifiers = re.compile(self._modifier_pattern(data))
        self.calendar = Calendar(language)
        shared = _alternation(data.get("links", {}).get("shared", ()))
        self._shared = re.compile(rf"[\s,،]*(?:{shared})?\s*(?:{shared})\s*")

    def _tail_pattern(self, code: str) -> str:
        """What may follow the digits: scale, currency and measure, in that order: " mln zł", "K", "-day", " p.p."."""
        long_scales = [word for word in self.scales if len(word) > 1]
        short_scales = [word for word in self.scales if len(word) == 1]
        end = r"(?![^\W\d_])"
        scaled = rf"\s?(?P<scaled>{_alternation(self.scaled_currencies)}){end}|\s?(?P<joined>[ktmb])(?P<joined_code>{code}){end}"
        scale = rf"[\s-]?(?P<scale>{_alternation(long_scales)}){end}|(?P<letter>{_alternation(short_scales)}){end}"
        currency = rf"[\s-]?(?:(?P<symbol>{_alternation(SYMBOLS)})|(?P<money>{_alternation(self.currencies)}){end}|(?P<code>{code}){end})"
        wordy = [word for word in self.measures if word[0].isalnum()]
        signs = [word for word in self.measures if not word[0].isalnum()]
        measure = rf"\s?(?P<sign>{_alternation(signs)}){end}|[\s-]?(?P<measure>{_alternation(wordy)}){end}"
        return rf"(?:{scaled}|(?:{scale})?(?:{currency})?)(?:{measure})?"

    def _head_pattern(self, data: dict) -> str:
        """What may stand right before the digits: sign, currency or measure: "-", "$", "SEK ", "%", "x", "index "."""
        minus = _alternation(data.get("minus", ("-",)))
        symbol = _alternation(SYMBOLS)
        money = _alternation([word for word in self.currencies if word])
        index = _alternation([word for word, kind in self.measures.items() if kind == "index"])
        unit = rf"(?P<symbol>{symbol})\s?|(?<!\w)(?P<money>{money})\s?|(?<!\w)(?P<code>[a-z]{{3}})\s?|(?P<percent>%)\s?|(?<!\w)(?P<multiple>[x×])\s?|(?<!\w)(?P<index>{index})\s"
        return rf"(?:(?:^|(?<=[\s(\[|:;,≈~]))(?P<minus>{minus})\s?|(?P<plus>\+)\s?)?(?:(?:{unit})(?P<after>{minus})?)?$"

    def _modifier_pattern(self, data: dict) -> str:
        groups = [rf"(?P<{name}>{_alternation(words)})" for name, words in data.get("modifiers", {}).items() if words]
        return rf"(?:^|(?<=\W))(?:{'|'.join(groups)})\s*(?:\w{{1,3}}\s)?$" if groups else r"(?!)"

    def read(self, sentence: Sentence, with_names: bool = False) -> list[Figure]:
        """The figures of one sentence, in order; `with_names` keeps numbers that may be part of a name."""
        folded = sentence.folded
        figures = []
        position = 0
        for start, end, found in sorted(self._numerals(folded), key=lambda item: (item[0], -item[1])):
            if start < position:
                continue
            unmeasured = end if found is not None and found.measure == "name" else None
            if found is None:
                unmeasured = self.calendar.end_of(folded, start, end)
            if unmeasured is not None:
                position = unmeasured
                continue
            figure = self._figure(sentence, folded, start, end, found, with_names)
            if figure is not None:
                figures.append(figure)
                position = figure.last
        return self._carry(folded, figures)

    def _numerals(self, folded: str) -> Iterator[tuple[int, int, Phrase | None]]:
        for match in LITERAL.finditer(folded):
            before = folded[match.start() - 1] if match.start() else " "
            if not (before.isalpha() and before not in "x×") and before != "_":
                yield match.start(), match.end(), None
        yield from self.words.find(folded)

    def _figure(
        self, sentence: Sentence, folded: str, start: int, end: int, phrase: Phrase | None, with_names: bool
    ) -> Figure | None:
        if phrase is not None:
            values, measure = (phrase.value,), phrase.measure
        else:
            values, measure = read_literal(folded[start:end], self.decimal), ""
        if not values:
            return None
        head = self._head.search(folded, max(0, start - 12), start) if phrase is None else None
        tail = self._tail.match(folded, end)
        assert tail is not None
        if not self._codes_hold(sentence, tail):
            tail = self._tail_without_code.match(folded, end)
            assert tail is not None
        factor, currencies, kind, last = self._tail_reading(
            folded, tail, head is not None and bool(head["symbol"] or head["money"] or head["code"])
        )
        first = start
        negative = signed = False
        if head is not None and head.group():
            unit_before, money_before, first = self._head_reading(sentence, folded, head, start)
            kind = unit_before or kind
            if money_before is not False:
                currencies = money_before
                kind = kind if kind in _SHARE else "money"
            negative = bool(head["minus"] or head["after"])
            signed = negative or head["plus"] is not None
        if phrase is None and not kind and factor == 1 and currencies is None:
            if self._is_year(folded, start, end) or (not with_names and self._is_named(sentence, folded, start, end)):
                return None
        kind = kind or measure or "count"
        scale = factor / 100 if kind in (*_SHARE, "index") else factor
        values = tuple(Value(value.number * scale, value.step * scale) for value in values)
        modifier = self._modifiers.search(folded, max(0, first - 28), first)
        return Figure(
            sentence=sentence,
            first=first,
            last=max(last, end),
            number_end=end,
            values=values,
            kind=kind,
            currencies=currencies,
            modifier=modifier.lastgroup if modifier is not None else None,
            negative=negative,
            signed=signed,
            spelled=phrase is not None,
            scaled=factor != 1,
        )

    def _tail_reading(
        self, folded: str, tail: re.Match[str], has_money: bool
    ) -> tuple[float, frozenset[str] | None, str, int]:
        """Scale factor, currency, kind and end of what follows the digits."""
        factor, kind, currencies, last = 1.0, "", None, tail.start()
        if tail["scaled"]:
            factor, code = self.scaled_currencies[tail["scaled"]]
            kind, currencies, last = "money", frozenset({code}) if code else None, tail.end("scaled")
        elif tail["joined"]:
            factor = _JOINED[tail["joined"]]
            kind, currencies, last = "money", frozenset({tail["joined_code"].upper()}), tail.end("joined_code")
        if tail.group() == "" and has_money and (spaced := self._spaced_letter.match(folded, tail.start())):
            return self.scales[spaced[1]], None, "money", spaced.end()
        if scale := tail["scale"] or tail["letter"]:
            factor = self.scales[scale]
            last = tail.end("scale") if tail["scale"] else tail.end("letter")
        if tail["symbol"]:
            kind, currencies, last = "money", SYMBOLS[tail["symbol"]], tail.end("symbol")
        elif tail["money"]:
            kind, currencies, last = "money", self.currencies[tail["money"]], tail.end("money")
        elif tail["code"]:
            kind, currencies, last = "money", frozenset({tail["code"].upper()}), tail.end("code")
        if measure := tail["sign"] or tail["measure"]:
            start = tail.start("sign") if tail["sign"] else tail.start("measure")
            if not folded[last:start].strip(" -") and kind != "money":
                kind, last = self.measures[measure], start + len(measure)
        return factor, currencies, kind, last

    def _head_reading(
        self, sentence: Sentence, folded: str, head: re.Match[str], start: int
    ) -> tuple[str, frozenset[str] | None | bool, int]:
        """Kind, currency (False: none) and first place of what stands before the digits."""
        first = head.start()
        first += len(folded[first:start]) - len(folded[first:start].lstrip())
        if head["symbol"]:
            return "", SYMBOLS[head["symbol"]], first
        if head["money"]:
            return "", self.currencies[head["money"]], first
        if head["code"]:
            if self._is_code(sentence, head.start("code"), head["code"]):
                return "", frozenset({head["code"].upper()}), first
            return "", False, start
        if head["percent"]:
            return "percent", False, first
        if head["multiple"]:
            return "multiple", False, first
        if head["index"]:
            return "index", False, first
        return "", False, first

    def _codes_hold(self, sentence: Sentence, tail: re.Match[str]) -> bool:
        """Whether what looks like a currency code after the digits is one, in capitals."""
        for group in ("code", "joined_code"):
            if tail[group] and not self._is_code(sentence, tail.start(group), tail[group]):
                return False
        return True

    @staticmethod
    def _is_code(sentence: Sentence, first: int, code: str) -> bool:
        if code not in _ISO_CODES:
            return False
        start, end = sentence.span(first, first + 3)
        return sentence.document.text[start:end].isupper()

    @staticmethod
    def _is_year(folded: str, start: int, end: int) -> bool:
        digits = folded[start:end]
        return len(digits) == 4 and digits.isdigit() and 1990 <= int(digits) <= 2060

    def _is_named(self, sentence: Sentence, folded: str, start: int, end: int) -> bool:
        """Whether a bare number is part of a name: a capitalised word inside the sentence leads it ("Brewmark 300")."""
        match = re.search(r"(\w+)[ -]$", folded[max(0, start - 24) : start])
        if match is None or match[1] in self.calendar.months or folded[start:end].find(",") >= 0:
            return False
        word_first = max(0, start - 24) + match.start(1)
        if word_first <= sentence.body:
            return False
        word_start, word_end = sentence.span(word_first, word_first + len(match[1]))
        word = sentence.document.text[word_start:word_end]
        before = folded[word_first - 2 : word_first].strip()
        return (
            word[0].isupper() and not word.isupper() and len(word) > 2 and before not in {":", ".", "|", "–", "-", '"'}
        )

    def _carry(self, folded: str, figures: list[Figure]) -> list[Figure]:
        """Units carried over a connecting word: "from 22 to 26 %", "3,2 mot 2,9 mnkr", "SEK 3.2 to 2.9 mn"."""
        for place in range(len(figures) - 1, 0, -1):
            left, right = figures[place - 1], figures[place]
            if not self._shared.fullmatch(folded, left.last, right.first):
                continue
            if right.modifier is not None:
                # "od 52 do 48": the word between them joins the two, it bends neither.
                right = figures[place] = replace(right, modifier=None)
            if left.kind in ("count", "money") and not left.scaled and _gives_unit(right) and left.number < 1000:
                if left.kind == "count" or right.scaled:
                    figures[place - 1] = _with_unit_of(left, right)
            elif left.kind == "count" and not left.scaled and _gives_unit(right):
                figures[place - 1] = _with_unit_of(left, right)
            elif right.kind == "count" and (not right.scaled or left.kind == "money") and _gives_unit(left):
                following = folded[right.last : right.last + 2].strip()
                if not following or not following[0].isalnum():
                    figures[place] = _with_unit_of(right, left)
        return figures


def _gives_unit(figure: Figure) -> bool:
    return figure.scaled or figure.kind not in ("count", "fraction", "multiplied", "none")


def _with_unit_of(bare: Figure, other: Figure) -> Figure:
    """`bare` read in the unit of `other`, and in its scale where that keeps both of one size."""
    scale = 1.0
    if other.kind in (*_SHARE, "index"):
        scale = 0.01
    elif other.scaled and bare.number < 1000:
        scale = 10.0 ** round_down_to_thousands(other)
    values = tuple(Value(value.number * scale, value.step * scale) for value in bare.values)
    return replace(
        bare,
        values=values,
        kind=other.kind,
        currencies=bare.currencies or other.currencies,
        scaled=bare.scaled or scale > 1,
        carried=True,
    )


def round_down_to_thousands(figure: Figure) -> int:
    """The power of ten of the figure's scale word, worked out from its step: 3 for K, 6 for M."""
    text = figure.sentence.folded[figure.first : figure.number_end]
    digits = LITERAL.search(text)
    shown = read_literal(digits[0], ".")[0].number if digits else 1.0
    power = 0
    while power < 12 and figure.number / 10 ** (power + 1) >= shown * 0.999:
        power += 1
    return power


def _alternation(words: Iterable[str]) -> str:
    folded = sorted({folded_term(word) for word in words}, key=len, reverse=True)
    return "|".join(re.escape(word).replace(r"\ ", r"\s?") for word in folded if word) or r"(?!)"


def reader_of(language: Language) -> FigureReader:
    """The language's reader, built at its first use."""
    if "figures" not in language.kept:
        language.kept["figures"] = FigureReader(language)
    return language.kept["figures"]


def read_figures(document: Document, with_names: bool = False) -> list[Figure]:
    """Every figure of the draft, in reading order; `with_names` keeps numbers that may be part of a name."""
    reader = reader_of(document.language)
    return [figure for sentence in document.sentences for figure in reader.read(sentence, with_names)]
