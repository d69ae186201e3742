"""What stands around a figure must not make another figure of it.

`{deals_won}K`, `-{win_rate}`, `{deals_won}.{deals_lost}` print numbers that no fact backs, though no digit was written;
and `twеlve` with one Cyrillic letter is a number word to every reader but a word list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent.draft import FACT_PARTS, Name, Part, Quotation, Statement, Text

_PRINTED = (*FACT_PARTS, Quotation, Name)
# After a figure: a space, a dash, or punctuation that is followed by a space or ends the sentence.
_AFTER = re.compile(r"""\s|[—–]|[.,;:!?)”’"'،؛؟]+(?:\s|$)|$""")
# After a name or a quotation also: "Jordan's", "SMB-wide".
_AFTER_NAME = re.compile(r"['’]s?\b|['’](?:\s|$)|-[^\W\d_]")
# A magnitude or a unit that would be read with the figure: "{deals_won} K", "{revenue_won} m", "{win_rate} pp".
_MAGNITUDE = re.compile(r"\s*(?:k|m|mm|mn|mio|b|bn|tn|x|pp|pts?|bps|fold|st|nd|rd|th)(?!\w)", re.I)
# Before a figure: a space, a dash, an opening mark, or the start of the sentence; no sign, as in "- {x}" and "2 × {x}".
_BEFORE = re.compile(r"""(?:^|[\s(“‘"'—–])$""")
_SIGN = re.compile(r"(?:[-+−±×÷=/*^·]|\b(?:minus|plus|negative|point|times|x|index))\s*$", re.I)
# II, IV, XII as words: Roman numerals of capital I, V and X.
_ROMAN = re.compile(r"(?<!\w)(?=[IVX]{2,})X{0,3}(?:IX|IV|V?I{0,3})(?!\w)")
# Letters, marks and punctuation are words; symbols, controls and characters that print nothing are not.
_WORDLESS = ("C", "So", "Sk", "No", "Nl")


def odd_letter(text: str, language: Mapping[str, Any]) -> str | None:
    """The first character of `text` that is no plain writing of the language, or None.

    Characters that print nothing, pictures, and letters of other alphabets (which make words that look alike) are odd;
    `letters` in the language's `refused` table are its own beside those of the plain alphabet.
    """
    own = language["refused"].get("letters", "")
    for character in text:
        if character in own or character.isascii():
            continue
        if unicodedata.category(character).startswith(_WORDLESS):
            return unicodedata.name(character, f"U+{ord(character):04X}").lower()
        base = unicodedata.normalize("NFKD", character)[0]
        if base.isalpha() and not base.isascii() and base not in own:
            return character
    return None


def plain_letters(text: str) -> str:
    """The text as a reader takes it in: compatibility forms made plain, accents taken off, in small letters.

    >>> plain_letters("ﬁve 𝐭𝐰𝐨 Fïve")
    'five two five'
    """
    bare = (each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return "".join(bare).casefold()


def roman_numeral(text: str) -> str | None:
    """The first Roman numeral of more than one letter, or None."""
    match = _ROMAN.search(text)
    return match[0] if match is not None else None


def touching(statement: Statement) -> list[str]:
    """One reason for each token that its neighbours make another figure of."""
    reasons = []
    for before, part, after in _neighbours(statement.parts):
        left = before.text if isinstance(before, Text) else ""
        right = after.text if isinstance(after, Text) else ""
        beside = [each for each in (before, after) if each is not None and not isinstance(each, Text)]
        named = isinstance(part, Quotation | Name)
        fits = _AFTER.match(right) or (named and _AFTER_NAME.match(right))
        if beside or not _BEFORE.search(left) or not fits:
            reasons.append(f"Leave a space around {_shown(part)}.")
        elif _MAGNITUDE.match(right) or _SIGN.search(left):
            reasons.append(f"{_shown(part)} prints its own sign and unit; add none.")
    return reasons + _run_together(statement)


def _run_together(statement: Statement) -> list[str]:
    """Two figures with nothing but a space or a mark between them read as one: "12 30%", "12-30%"."""
    reasons = []
    parts = statement.parts
    for first, between, second in zip(parts, parts[1:], parts[2:], strict=False):
        if not (isinstance(first, FACT_PARTS) and isinstance(between, Text) and isinstance(second, FACT_PARTS)):
            continue
        if not any(character.isalpha() or character in ",;:(" for character in between.text):
            reasons.append(f"Put words between {_shown(first)} and {_shown(second)}.")
    return reasons


def _neighbours(parts: Sequence[Part]) -> Iterator[tuple[Part | None, Part, Part | None]]:
    for index, part in enumerate(parts):
        if isinstance(part, _PRINTED):
            yield (parts[index - 1] if index else None, part, parts[index + 1] if index + 1 < len(parts) else None)


def _shown(part: Part) -> str:
    from agent.tokens import write_tokens

    return write_tokens([part])
