"""Numbers that measure nothing: dates, years, times, quarters, ordinals and numbered names.

Each numeral is looked at where it stands, by what touches it on either side; a search of the whole text for every form
of date would take longer than reading all its figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from evals.reading.folding import folded_term
from evals.reading.language import Language

_JOINED = r"\s*(?:-|–|—|to|and|do|i|a|till|til|och|og|الي|و|/)\s*"
_ORDINAL = r"(?:\.|st|nd|rd|th|:e|:a)?"
# Forms that need no word: "2026-05-18", "18.5.2026", "14/3", "9:30", "2025/26", "14 III 2025".
_PLAIN = re.compile(
    r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}(?!\d)"
    r"|\d{1,2}([./-])\d{1,2}\1(?:19|20)?\d{2}(?!\d)"
    r"|\d{1,2}/\d{1,2}(?![\d/])"
    r"|\d{1,3}:\d{1,2}(?!\d)"
    r"|(?:19|20)\d{2}\s?[/–-]\s?(?:(?:19|20)\d{2}|\d{2})(?![\d,.]\d)"
    r"|\d{1,2}\s[ivx]{1,4}\s(?:19|20)\d{2}"
)
_WORD_BEFORE = re.compile(r"([^\s(\[|,;:]+)[\s-]?$")
_WORD_AFTER = re.compile(r"[\s-]?([^\s)\]|,;:]+)")
# What shows that a number after a month measures something after all: "in May 40%", "May 12k".
_MEASURED = re.compile(r"[\d%]|[.,]\d|\s?[%kmx×](?!\w)")


_MONTH = 30.4
# Months are told apart by so many letters, whatever their ending.
_MONTH_STEM = 3


def _month_numbers(language: Language, names: Iterable[str]) -> dict[str, int]:
    """The number of each month's name."""
    known = language.locale.months["stand-alone"]["wide"]
    stems = {folded_term(name)[:_MONTH_STEM]: number for number, name in known.items()}
    return {name: stems[name[:_MONTH_STEM]] for name in names if name[:_MONTH_STEM] in stems}


class Calendar:
    """One language's dates and numbered names."""

    def __init__(self, language: Language) -> None:
        months = [folded_term(month) for month in language.get("numbers.dates.months", ())]
        self.months = frozenset(months)
        month = "|".join(re.escape(name) for name in sorted(months, key=len, reverse=True)) or r"(?!)"
        # "18 May 2026", "9–20 February", "3rd of June".
        self._day_first = re.compile(
            rf"\d{{1,2}}{_ORDINAL}(?:{_JOINED}\d{{1,2}}{_ORDINAL})?\s*(?:of\s+|de\s+)?(?<!\w)(?:{month})(?!\w)\.?"
            r"(?:,?\s*\d{4}(?!\d))?"
        )
        # "3 to 21 August", "20 April to 31 May", "August 3–21".
        name = rf"(?<!\w)({month})(?!\w)\.?"
        day = rf"(?<!\d)(\d{{1,2}}){_ORDINAL}"
        self._spans = re.compile(
            rf"{day}(?:\s*{name})?{_JOINED}{day}\s*(?:of\s+|de\s+)?{name}|{name}\s+{day}{_JOINED}(?:{name}\s+)?{day}(?!\w)"
        )
        self._numbers = _month_numbers(language, months)
        self._ordinal = re.compile(self._ordinal_pattern(language))
        self._read_names(language.get("numbers.dates.names", ()))

    @staticmethod
    def _ordinal_pattern(language: Language) -> str:
        """ "3. kvartal" in languages that write ordinals with a full stop; "3 mio. kr." is none."""
        if not language.get("numbers.ordinal_dot", False):
            return r"(?!)"
        units = [
            re.escape(folded_term(word))
            for table in ("scales", "currencies", "measures")
            for words in (language.get(f"numbers.{table}") or {}).values()
            for word in words
        ]
        return rf"\d{{1,2}}\.\s(?=[^\W\d])(?!(?:{'|'.join(sorted(units, key=len, reverse=True))})(?!\w))"

    def _read_names(self, names: Iterable[str]) -> None:
        """Names as their parts around the number ("#"): "week #" by the word before, "#th" by what follows."""
        self._before: set[str] = set()
        self._after: set[str] = set()
        self._around: set[tuple[str, str]] = set()
        for name in names:
            if "#" not in name:
                continue
            before, after = (folded_term(part).strip(" -") for part in name.split("#", 1))
            if before and after:
                self._around.add((before, after))
            elif before:
                self._before.add(before)
            else:
                self._after.add(after)

    def spans(self, folded: str) -> list[int]:
        """The lengths in days, both ends included, of the stretches of time that the text names."""
        found = []
        for match in self._spans.finditer(folded):
            if match[4] is not None:
                first_day, first_month, last_day, last_month = match[1], match[2] or match[4], match[3], match[4]
            else:
                first_month, first_day, last_month, last_day = match[5], match[6], match[7] or match[5], match[8]
            months = (self._numbers.get(last_month, 0) - self._numbers.get(first_month, 0)) % 12
            found.append(round(months * _MONTH) + int(last_day) - int(first_day) + 1)
        return [days for days in found if days > 1]

    def end_of(self, folded: str, start: int, end: int) -> int | None:
        """Where the date or name ends that the numeral from `start` to `end` belongs to, or None where it measures."""
        for pattern in (self._day_first, self._ordinal):
            match = pattern.match(folded, start)
            if match is not None:
                return match.end()
        if folded[start - 1 : start] not in tuple("/$€£.,") or start == 0:
            match = _PLAIN.match(folded, start)
            if match is not None:
                return match.end()
        return self._beside(folded, start, end)

    def _beside(self, folded: str, start: int, end: int) -> int | None:
        before_match = _WORD_BEFORE.search(folded, max(0, start - 16), start)
        after_match = _WORD_AFTER.match(folded, end)
        before = before_match[1].rstrip("-") if before_match else ""
        after = after_match[1].rstrip(".!?") if after_match else ""
        if before.rstrip(".") in self.months and folded[start - 1] == " ":
            return self._after_month(folded, start, end)
        if after_match is not None and not folded[end : end + 1].isspace() and after in self._after:
            return after_match.end()
        if after_match is not None and (after in self._after or f"{after}." in self._after):
            return after_match.end()
        if before in self._before and _MEASURED.match(folded, end) is None:
            return end
        return end if (before, after) in self._around else None

    @staticmethod
    def _after_month(folded: str, start: int, end: int) -> int | None:
        """The end of "May 18, 2026" or "May 2026"; None for a measure that happens to follow a month's name."""
        digits = folded[start:end]
        if len(digits) == 4 and digits.isdigit():
            return end
        day = re.match(r"(\d{1,2})(?:st|nd|rd|th)?(?:,?\s(?:19|20)\d{2}(?!\d))?", folded[start:])
        if day is None or not 1 <= int(day[1]) <= 31 or _MEASURED.match(folded, start + day.end(1)):
            return None
        month_start = folded.rfind(" ", 0, start - 1)
        in_month = folded[max(0, month_start - 3) : month_start + 1].strip() == "in"
        return None if in_month and day.end() == day.end(1) else start + day.end()
