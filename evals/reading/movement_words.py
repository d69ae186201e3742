"""The words by which results move, as expressions: which way, from what, compared with what."""

from __future__ import annotations

import re
from functools import lru_cache

from evals.reading.language import Language


class MovementWords:
    """One language's expressions for movement, over folded text; build it once (`movement_words`)."""

    def __init__(self, language: Language) -> None:
        self.up = language.pattern("movement.up")
        self.down = language.pattern("movement.down")
        self.higher = language.pattern("movement.up", "movement.above")
        self.lower = language.pattern("movement.down", "movement.below")
        self.better = language.pattern("movement.better")
        self.worse = language.pattern("movement.worse")
        self.moving = language.pattern("movement.up", "movement.down", "movement.better", "movement.worse")
        self.unmoved = language.pattern("movement.unmoved")
        self.level_at = _at_end(language.pattern("movement.level_at"))
        self.yardstick = language.pattern("movement.target", "movement.team")
        self.negation = language.pattern("movement.negation")
        self.prior_period = language.pattern("movement.prior_period")
        self.newer = language.pattern("movement.to_newer")
        # The words right before the older and the newer figure: "from 27 % to 31 %", "after 27 %".
        self.from_older = _at_end(language.pattern("movement.from_older"))
        self.before_older = _at_end(language.pattern("movement.older_before"))
        self.before_newer = _at_end(self.newer)
        months = "|".join(sorted(language.words("numbers.dates.months"), key=len, reverse=True)) or "(?!)"
        self.period = re.compile(rf"(?<!\w)(?:q[1-4]|{months})(?!\w)")
        than = language.pattern("movement.than").pattern
        self.than_period = re.compile(rf"(?:{than})\s+(?:\w+\s+)?(?:q[1-4]|{months})(?!\w)")


@lru_cache(maxsize=32)
def movement_words(language: Language) -> MovementWords:
    """The language's words of movement, built at their first use."""
    return MovementWords(language)


def _at_end(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern.pattern})\s*$")
