"""Which words of a printed statement were printed by which of its parts, so that a figure on a page can be opened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agent.draft import FACT_PARTS, Claim, Comparison, Name, Part, Quotation, Statement, Text
from agent.marking import is_typed
from agent.printing import Printer

# A backslash that keeps Markdown from taking CRM text for markup; on a page the text is escaped for HTML instead.
_GUARDED = re.compile(r"\\([^\w\s]|_|(?<=^\\)\d)")
_DIGIT = re.compile(r"\d")
# Q2 2026, H1 FY2018, 2017, July 2017, 1 April – 30 June 2026
_PERIOD = re.compile(r"(?:[QH][1-4] )?(?:FY)?\d{4}|\w+ \d{4}|\d.* – .*\d{4}")
# More characters of a statement than this are shown whole, without figures to open.
_LONGEST = 4000


@dataclass(frozen=True)
class Piece:
    """Some words, and what they open: a fact, or the note that they quote."""

    text: str
    fact: str | None = None
    evidence: str | None = None
    claim: bool = False


def pieces(statement: Statement, printer: Printer | None = None) -> list[Piece]:
    """The statement's printed text in pieces, in order; joined they are the text as plain words.

    `printer` knows the sheet that it was printed from; without one, the words between the figures tell them apart.
    """
    return [
        Piece(
            plain(text),
            part.fact if isinstance(part, FACT_PARTS) else None,
            part.evidence if isinstance(part, Quotation) else None,
            is_typed(part),
        )
        for part, text in _split(statement.text, statement.parts, printer)
        if text
    ]


def plain(text: str) -> str:
    r"""Printed text without the backslashes that Markdown needs.

    >>> plain(r"Acme \[West\] \<b\> http:\/\/a.b")
    'Acme [West] <b> http://a.b'
    """
    return _GUARDED.sub(r"\1", text)


def _split(text: str, parts: Sequence[Part], printer: Printer | None) -> list[tuple[Part, str]]:
    """Parts with the words that each printed. Text is printed as it stands, so it shows where the others end."""
    if printer is not None:
        printed = [printer.part(part) for part in parts]
        # A draft of another money style, or from a version that printed otherwise, keeps the words it was kept with.
        if "".join(printed) == text:
            return list(zip(parts, printed, strict=True))
    if "".join(part.text for part in parts if isinstance(part, Text | Claim)) == text:
        return [(part, part.text) for part in parts if isinstance(part, Text | Claim)]
    if len(text) <= _LONGEST:
        found = _Splitter(text, parts).best(0, 0)
        if found is not None:
            ends = found[1]
            return [(part, text[start:end]) for part, start, end in zip(parts, (0, *ends[:-1]), ends, strict=True)]
    return [(Text(text=text), text)]


class _Splitter:
    """Finds the likeliest ends of all parts; there may be several where a figure prints what also stands after it."""

    def __init__(self, text: str, parts: Sequence[Part]) -> None:
        self.text, self.parts = text, tuple(parts)
        self.best = lru_cache(maxsize=None)(self._best)

    def _best(self, index: int, start: int) -> tuple[float, tuple[int, ...]] | None:
        """The least odd way for the parts from `index` on to have printed the text from `start` on."""
        if index == len(self.parts):
            return (0.0, ()) if start == len(self.text) else None
        part, best = self.parts[index], None
        for end in self._ends(index, start):
            rest = self.best(index + 1, end)
            if rest is not None:
                oddness = rest[0] + _oddness(part, self.text[start:end])
                if best is None or oddness < best[0]:
                    best = (oddness, (end, *rest[1]))
        return best

    def _ends(self, index: int, start: int) -> Sequence[int]:
        part = self.parts[index]
        if isinstance(part, Text | Claim):
            return (start + len(part.text),) if self.text.startswith(part.text, start) else ()
        following = self.parts[index + 1] if index + 1 < len(self.parts) else None
        if following is None:
            return (len(self.text),)
        if not isinstance(following, Text | Claim):
            return range(start, len(self.text) + 1)
        ends, at = [], self.text.find(following.text, start)
        while at != -1:
            ends.append(at)
            at = self.text.find(following.text, at + 1)
        return ends


def _oddness(part: Part, printed: str) -> float:
    """How unlike such a part the words are: a figure is short and has a digit, names and quotations take the rest."""
    if isinstance(part, Text | Claim):
        return 0.0
    digit = _DIGIT.search(printed) is not None
    if isinstance(part, Comparison):
        # "up from 27% to 30%" and not "win rate up from 27% to 30%": its first figure stands near its beginning.
        words = printed.split(" ")
        return next((place / 5 for place, word in enumerate(words) if _DIGIT.search(word)), 5.0)
    if isinstance(part, FACT_PARTS):
        return (0.0 if digit or printed.isalpha() else 5.0) + printed.count(" ")
    if isinstance(part, Name) and part.name.endswith("period"):
        return 0.0 if _PERIOD.fullmatch(printed) else 3.0
    return float(digit and isinstance(part, Name)) if printed else 1.0
