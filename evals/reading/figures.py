"""Every figure of a draft with its type: value, unit, precision as shown, and the words that bend it.

A figure is digits or number words that measure something: "$1.05M", "560 000 kr", "86.4 lakh", "twelve deals",
"six points above", "3.4×", "%96". Dates, years, quarters, ordinals, times, versions and numbered names are none.
Percentages and points are read as ratios (26 % is 0.26), so that they compare with facts as they are stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from evals.reading.calendar import Calendar
from evals.reading.document import Document, Sentence
from evals.reading.folding import folded_term
from evals.reading.language import Language
from evals.reading.numerals import LITERAL, NumberWords, Phrase, Value, read_literal
from evals.reading.shared_units import SharedUnits
from evals.reading.units import SHARES, Units

# How far before a figure a modifier is looked for, and how long a word between the two may be.
_MODIFIER = 28
_SHORT = 3
_FOLLOWED = re.compile(r"-[^\W\d_]{2}")
# After these a capital only begins a sentence.
_OPENS = frozenset(':–—-"“„«(|')
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
        self.units = Units(language)
        self._modifiers = _by_last_word(data.get("modifiers", {}))
        self.calendar = Calendar(language)
        self.shared_units = SharedUnits(language)

    def _modifier(self, folded: str, first: int) -> str | None:
        """The word that bends a figure, right before it or before a short word: "over 40", "about the 40"."""
        words = folded[max(0, first - _MODIFIER) : first].rstrip()
        for _ in range(2):
            last = words[words.rfind(" ") + 1 :]
            for phrase, kind in self._modifiers.get(last, ()):
                before = words[: -len(phrase)]
                if words.endswith(phrase) and not before[-1:].isalnum():
                    return kind
            if not 1 <= len(last) <= _SHORT or not last.isalpha():
                return None
            words = words[: -len(last)].rstrip()
        return None

    def read(self, sentence: Sentence, with_names: bool = False) -> list[Figure]:
        """The figures of one sentence, in order; `with_names` keeps numbers that may be part of a name."""
        folded = sentence.folded
        figures = []
        position = 0
        for start, end, found in sorted(self._numerals(sentence, folded), key=lambda item: (item[0], -item[1])):
            if start < position:
                continue
            unmeasured = end if found is not None and found.measure == "name" else None
            if found is None:
                unmeasured = self.calendar.end_of(folded, start, end)
            elif unmeasured is None and self._is_in_name(sentence, start):
                unmeasured = end
            if unmeasured is not None:
                position = unmeasured
                continue
            figure = self._figure(sentence, folded, start, end, found, with_names)
            if figure is not None:
                figures.append(figure)
                position = figure.last
        return self.shared_units.carry(folded, figures)

    def _numerals(self, sentence: Sentence, folded: str) -> Iterator[tuple[int, int, Phrase | None]]:
        for match in LITERAL.finditer(folded):
            before = folded[match.start() - 1] if match.start() else " "
            if not (before.isalpha() and before not in "x×") and before != "_":
                yield match.start(), match.end(), None
        yield from self.words.find(folded, sentence.words)

    def _figure(
        self, sentence: Sentence, folded: str, start: int, end: int, phrase: Phrase | None, with_names: bool
    ) -> Figure | None:
        if phrase is not None:
            values, measure = (phrase.value,), phrase.measure
        else:
            values, measure = read_literal(folded[start:end], self.decimal), ""
        if not values:
            return None
        unit = self.units.around(sentence, folded, start, end, phrase is not None)
        bare = phrase is None and not unit.kind and unit.factor == 1
        if bare and (_is_year(folded[start:end]) or (not with_names and self._is_named(sentence, folded, start, end))):
            return None
        kind = unit.kind or measure or "count"
        scale = unit.factor / 100 if kind in SHARES else unit.factor
        values = tuple(Value(value.number * scale, value.step * scale) for value in values)
        return Figure(
            sentence=sentence,
            first=unit.first,
            last=unit.last,
            number_end=end,
            values=values,
            kind=kind,
            currencies=unit.currencies,
            modifier=self._modifier(folded, unit.first),
            negative=unit.negative,
            signed=unit.signed,
            spelled=phrase is not None,
            scaled=unit.factor != 1,
        )

    @staticmethod
    def _is_in_name(sentence: Sentence, start: int) -> bool:
        """Whether a number word has a capital inside the sentence: then it belongs to a name ("7-Eleven")."""
        if start == 0 or start == sentence.body or sentence.block.kind in ("heading", "table_row"):
            return False
        first = sentence.span(start, start + 1)[0]
        opens = sentence.folded[:start].rstrip()[-1:] in _OPENS and sentence.folded[start - 1] == " "
        return sentence.document.text[first].isupper() and not opens

    def _is_named(self, sentence: Sentence, folded: str, start: int, end: int) -> bool:
        """Whether a bare number is part of a name: a capitalised word touches it ("Brewmark 300", "7-Eleven")."""
        if _FOLLOWED.match(folded, end) and sentence.document.text[sentence.span(end + 1, end + 2)[0]].isupper():
            return True
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


def _by_last_word(modifiers: Mapping[str, Iterable[str]]) -> dict[str, list[tuple[str, str]]]:
    """Modifiers by their last word, longest first: "than" gives "more than" (above) and "less than" (below)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, words in modifiers.items():
        for phrase in sorted(map(folded_term, words), key=len, reverse=True):
            found.setdefault(phrase[phrase.rfind(" ") + 1 :], []).append((phrase, kind))
    return found


def _is_year(digits: str) -> bool:
    return len(digits) == 4 and digits.isdigit() and 1990 <= int(digits) <= 2060


def reader_of(language: Language) -> FigureReader:
    """The language's reader, built at its first use."""
    if "figures" not in language.kept:
        language.kept["figures"] = FigureReader(language)
    return language.kept["figures"]


def read_figures(document: Document, with_names: bool = False) -> list[Figure]:
    """Every figure of the draft, in reading order; `with_names` keeps numbers that may be part of a name."""
    reader = reader_of(document.language)
    return [figure for sentence in document.sentences for figure in reader.read(sentence, with_names)]
