"""Text made comparable: what writers vary without meaning anything is folded away, and every offset can be led back.

Folded text is lower case with ASCII digits, plain spaces and one form for each letter that is typed in several ways
(Arabic alef, yeh, teh marbuta). Bidi marks, tatweel, Arabic vowel marks and Markdown emphasis are dropped. Language
data are folded by the same function, so a native speaker may write them in any of these forms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# Arabic letters typed in several ways in the same word, and marks that look like others.
_ALIKE = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ؤ": "و", "ئ": "ي",
        "٪": "%", "٫": ".", "٬": ",", "؉": "‰",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u2007": " ", "\u2002": " ", "\u2003": " ", "\u3000": " ",
        "\t": " ", "\n": " ", "\r": " ", "\u2028": " ",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'",
        "−": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-",
        "ﬁ": "f", "ﬂ": "f", "İ": "i",
    }
)  # fmt: skip
# Marks that carry no meaning for a reader of words: bidi controls, zero-width, soft hyphen, tatweel, Arabic vowels.
_SILENT = re.compile("[\u200b-\u200f\u061c\u202a-\u202e\u2060-\u2069\ufeff\u00ad\u0640\u064b-\u065f\u0670]")
# Emphasis and strike-through marks, but not the star of "3*4" or the underscore of "win_rate".
_EMPHASIS = re.compile(
    r"\*\*|__(?=\S)|(?<=\S)__|~~|(?<![\w*])[*_](?=[^\s*_])|(?<=[^\s*_])[*_](?![\w*])|\\(?=[*_#$|~-])"
)


class Folded(NamedTuple):
    """Folded text and, for each of its characters and its end, the offset in the text it was folded from."""

    text: str
    origins: Sequence[int]


# Decimal digits of the scripts that sales drafts are written in, as ASCII.
_DIGITS = {
    zero + digit: str(digit) for zero in (0x0660, 0x06F0, 0x0966, 0xFF10) for digit in range(10)
}  # Arabic-Indic, Persian, Devanagari, full width


def fold_letters(text: str) -> str:
    """Each character on its own, one for one: same length, so offsets stay."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in text)
    return lowered.translate(_ALIKE)


_ALIKE.update(_DIGITS)


def fold(text: str, *, markdown: bool = True) -> Folded:
    """The folded form of `text`, with the way back. With `markdown`, emphasis marks are dropped as well."""
    holes = [match.span() for match in _SILENT.finditer(text)] if not text.isascii() else []
    if markdown:
        holes += [match.span() for match in _EMPHASIS.finditer(text)]
    if not holes:
        return Folded(fold_letters(text), range(len(text) + 1))
    kept: list[int] = []
    position = 0
    for start, end in sorted(holes):
        kept.extend(range(position, start))
        position = max(position, end)
    kept.extend(range(position, len(text)))
    folded = fold_letters(text)
    return Folded("".join(folded[index] for index in kept), [*kept, len(text)])


@lru_cache(maxsize=65536)
def folded_term(term: str) -> str:
    """A word or phrase of language data in folded form, with single spaces."""
    return " ".join(fold(unicodedata.normalize("NFC", term), markdown=False).text.split())
