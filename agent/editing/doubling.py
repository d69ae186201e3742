"""What a rewrite says twice, or piles up: so that the fiftieth edit in a row reads like the first."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from agent.draft import Section
from agent.editing.kept import Loss
from agent.editing.plainness import PlainWords, spelled
from agent.editing.plans import statements

# The same few words one after the other: "for the record, for the record".
_TWICE = re.compile(r"(?<!\w)((?:\w+[\s,:;–—-]+){1,8}?\w+)[\s,:;–—-]+\1(?!\w)")
_WORD_TWICE = re.compile(r"(?<![\w'])([^\W\d_]{2,})\s+\1(?![\w'])")
_FEWEST_LETTERS = 6


def doublings(before: Section, after: Section, plain: PlainWords) -> Iterator[Loss]:
    """Words said twice in a row, a sentence said twice, and openings ("In short", "Plainly") piled up."""
    said = Counter(statement.text for statement in statements(before))
    now = Counter(statement.text for statement in statements(after))
    for statement in statements(after):
        if statement.text in said and now[statement.text] <= said[statement.text]:
            continue
        text = spelled(statement)
        for pattern in (_TWICE, _WORD_TWICE):
            match = pattern.search(text)
            if match is not None and len(match[1]) >= (_FEWEST_LETTERS if pattern is _TWICE else 2):
                yield Loss(f"this version says “{match[1]}” twice in a row", f"say “{match[1]}” once")
                break
        if now[statement.text] > 1:
            yield Loss("this version says a sentence twice", "say it once")
    was, is_now = (_openings(section, plain) for section in (before, after))
    if len(is_now) > max(1, len(was)):
        listed = ", ".join(f"“{opening}”" for opening in is_now[:3])
        yield Loss(f"this version piles up openings ({listed})", "begin one sentence of the section so at most")


def _openings(section: Section, plain: PlainWords) -> list[str]:
    """The openings of all of the section's sentences."""
    return [opening for statement in statements(section) for opening in plain.openings_in(spelled(statement))]
