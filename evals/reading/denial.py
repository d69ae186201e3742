"""A true figure denied in words: "the win rate did not come in at 30%", where it did."""

from __future__ import annotations

import re

from evals.reading.binding import Binding
from evals.reading.document import Sentence
from evals.reading.language import Language

# How far before a figure the words that deny it are looked for.
_REACH = 48
# Where a clause ends: a mark that is not inside a number ("3,2").
_BORDER = re.compile(r"[,;:.،؛](?=\s)|[()|–—]")


class Denial:
    """Finds figures that a sentence denies, in one language."""

    def __init__(self, language: Language) -> None:
        no, states = language.pattern("denial.no").pattern, language.pattern("denial.states").pattern
        # "did not come in at 30%", "is not 30%": nothing else between the no and the figure.
        self._before = re.compile(rf"(?:{no})\s+(?:(?:{states})\s+)?$")
        self._untrue = language.pattern("denial.untrue")

    def denied(self, sentence: Sentence, bindings: list[Binding]) -> str | None:
        """The figure of the fact's own value that the sentence denies, as it stands there, or None."""
        for binding in bindings:
            if binding.comparator != "value" or sentence.block.kind == "table_row":
                continue
            folded, first = sentence.folded, binding.figure.first
            said = self._before.search(folded, max(0, first - _REACH), first)
            clause = max((mark.end() for mark in _BORDER.finditer(folded, 0, first)), default=0)
            if said is not None or self._untrue.search(folded, clause, first) is not None:
                return binding.figure.text
        return None
