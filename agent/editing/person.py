"""The same sentences told by the person ("I closed …") or about them ("Ada closed …"): only names and verbs change."""

from __future__ import annotations

import re
from typing import Literal

from agent.draft import Name, Part, Section, Statement, Text

# The verb that follows the name, in the form that follows "I". Past tenses need none.
_VERBS = {
    "has": "have", "is": "am", "stands": "stand", "reports": "report", "puts": "put", "gives": "give",
    "needs": "need", "says": "say", "holds": "hold", "does": "do",
}  # fmt: skip
_NAMED = {first: named for named, first in _VERBS.items()}
# After these the person is no subject: "for me", "brought me".
_OBJECT = re.compile(r"\b(?:for|of|brought|left|with|by|to|from|on|gave|put|took)\s*$", re.I)
_POSSESSIVE = re.compile(r"^['’]s\b|^['’](?=\s)")
_FIRST = re.compile(r"\b(I|[Mm]e|[Mm]ine|[Mm]y)\b(\s+[a-z]+)?")


def in_person(section: Section, person: Literal["first", "third"]) -> Section:
    """The section told in that person; unchanged where it is already."""
    change = _to_first if person == "first" else _to_third
    blocks = tuple(
        block.model_copy(
            update={"statements": tuple(_changed(statement, change(statement.parts)) for statement in block.statements)}
        )
        for block in section.blocks
    )
    return section.model_copy(update={"blocks": blocks})


def _changed(statement: Statement, parts: tuple[Part, ...]) -> Statement:
    return statement if parts == statement.parts else statement.model_copy(update={"parts": parts})


def _to_first(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    told: list[Part] = []
    rest = list(parts)
    while rest:
        part = rest.pop(0)
        if not (isinstance(part, Name) and part.name in ("person", "first_name")):
            told.append(part)
            continue
        before = told[-1].text if told and isinstance(told[-1], Text) else ""
        after = rest[0].text if rest and isinstance(rest[0], Text) else ""
        possessive = _POSSESSIVE.match(after)
        if possessive is not None:
            word, after = "my", after[possessive.end() :]
        elif _OBJECT.search(before):
            word = "mine" if re.search(r"\bof\s*$", before, re.I) else "me"
        else:
            word, after = "I", _verb(after, _VERBS)
        if not before.strip() or before.rstrip().endswith((".", "!", "?")):
            word = word[0].upper() + word[1:]
        if rest and isinstance(rest[0], Text):
            rest[0] = Text(text=after)
        told.append(Text(text=word))
    return _joined(told)


def _to_third(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    told: list[Part] = []
    for part in parts:
        told += _named(part.text) if isinstance(part, Text) else [part]
    return _joined(told)


def _named(text: str) -> list[Part]:
    parts: list[Part] = []
    position = 0
    for match in _FIRST.finditer(text):
        parts.append(Text(text=text[position : match.start()]))
        parts.append(Name(name="first_name"))
        follows = match[2] or ""
        if match[1].casefold() == "my":
            parts.append(Text(text="'s" + follows))
        elif match[1] == "I":
            parts.append(Text(text=_verb(follows, _NAMED)))
        else:
            parts.append(Text(text=follows))
        position = match.end()
    parts.append(Text(text=text[position:]))
    return parts


def _verb(text: str, forms: dict[str, str]) -> str:
    """The text with its first word in the other form, where it has one."""
    word = re.match(r"\s*(\w+)", text)
    if word is None or word[1] not in forms:
        return text
    return text[: word.start(1)] + forms[word[1]] + text[word.end(1) :]


def _joined(parts: list[Part]) -> tuple[Part, ...]:
    """Neighbouring texts as one; empty ones gone."""
    joined: list[Part] = []
    for part in parts:
        if isinstance(part, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(text=joined[-1].text + part.text)
        elif not (isinstance(part, Text) and part.text == ""):
            joined.append(part)
    return tuple(joined)
