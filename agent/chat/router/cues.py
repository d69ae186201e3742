"""Cues: short patterns of words and of things named, each with a weight. See intents.toml."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from agent.chat.router.reading import Word, data, stem
from agent.chat.router.slots import Slot

_GAP = 4
# Stand before and behind a question, and are no part of it.
_POLITE = ("please", "thanks", "hi", "hello", "hey", "ok", "okay", "well", "right", "morning", "sorry", "then")
# Stand between the words of a pattern.
_SKIPPED = ("the", "my", "our", "a", "an", "his", "her", "their", "your", "just", "actually", "really", "exactly",
            "now", "usually", "normally", "typically", "generally", "currently", "even", "already")  # fmt: skip
# The second cue counts less than the first, and the third less again: many weak hints make no certainty.
_FADING = (1.0, 0.6, 0.4, 0.25, 0.15)

# What a question must score to be taken as understood: less where fewer of its words are left unexplained.
LEAST, LEAST_OF_MOST, LEAST_OF_WHOLE = 2.0, 1.4, 1.2


@dataclass(frozen=True)
class Element:
    """One place of a pattern: one of these stems, a thing named, a gap, or the question's beginning or end."""

    stems: frozenset[str] = frozenset()
    slot: tuple[tuple[str, str | None], ...] = ()
    gap: bool = False
    edge: bool = False


@dataclass(frozen=True)
class Cue:
    """A pattern and its worth."""

    elements: tuple[Element, ...]
    weight: float


@dataclass(frozen=True)
class Intent:
    """A tool, how the question is given back, what it needs, and its cues."""

    tool: str
    says: str
    needs: tuple[str, ...]
    after: Mapping[str, float]
    cues: tuple[Cue, ...]
    own: tuple[str, ...] = ()
    """The metrics that the tool is about: their names speak for it."""


@dataclass(frozen=True)
class Scored:
    """How well an intent fits, and the words that say so."""

    intent: Intent
    score: float
    words: frozenset[int]


@cache
def intents() -> tuple[Intent, ...]:
    """All intents."""
    return tuple(
        Intent(
            tool, row["says"], tuple(row.get("needs", ())), row.get("after", {}),
            tuple(Cue(elements_of(pattern), float(weight)) for pattern, weight in row["cues"].items()),
            tuple(row.get("own", ())),
        )
        for tool, row in data("intents").items()
    )  # fmt: skip


def cue_words() -> Iterator[str]:
    """Every pattern as written, for the list of known words."""
    for row in data("intents").values():
        for pattern in row["cues"]:
            yield " ".join(part for part in pattern.split() if not part.startswith("<"))


def scored(intent: Intent, words: Sequence[Word], slots: Sequence[Slot]) -> Scored:
    """How well the intent fits by its cues alone."""
    hits: list[tuple[float, frozenset[int]]] = []
    names = [] if "metric" in intent.needs else _names(slots, intent.own)
    for cue in intent.cues:
        where = found_in(cue.elements, words, slots)
        # The "push" of "push rate" asks for no deals that were pushed.
        inside = where and not any(element.slot for element in cue.elements) and any(where <= name for name in names)
        if where is not None and not inside:
            hits.append((cue.weight, where))
    hits.sort(key=lambda hit: -hit[0])
    fading = [*_FADING, *[_FADING[-1]] * len(hits)]
    # What speaks against an intent counts in full.
    score = sum(weight * (share if weight > 0 else 1.0) for (weight, _), share in zip(hits, fading, strict=False))
    covered = frozenset(index for weight, where in hits if weight > 0 for index in where)
    return Scored(intent, score, covered)


def _names(slots: Sequence[Slot], own: Collection[str]) -> list[frozenset[int]]:
    """The words of every name of a metric that has several."""
    return [
        frozenset(range(slot.start, slot.end))
        for slot in slots
        if slot.kind == "metric" and slot.end - slot.start > 1 and slot.value not in own
    ]


def elements_of(pattern: str) -> tuple[Element, ...]:
    """The places of a pattern as it is written in the data files."""
    found = []
    for part in pattern.split():
        if part == "…":
            found.append(Element(gap=True))
        elif part == "^":
            found.append(Element(edge=True))
        elif part.startswith("<"):
            kinds = []
            for each in part.split("|"):
                kind, _, value = each.strip("<>").partition(":")
                kinds.append((kind, value or None))
            found.append(Element(slot=tuple(kinds)))
        else:
            plain = [each for each in part.split("|") if not each.startswith("<")]
            kinds = [(each.strip("<>"), None) for each in part.split("|") if each.startswith("<")]
            found.append(Element(stems=frozenset(stem(each.casefold()) for each in plain), slot=tuple(kinds)))
    return tuple(found)


def found_in(elements: tuple[Element, ...], words: Sequence[Word], slots: Sequence[Slot]) -> frozenset[int] | None:
    """The words that a pattern takes up, at its first place; None where it does not stand."""
    for at in range(len(words) + 1):
        taken = _at(elements, words, slots, at)
        if taken is not None:
            return frozenset(taken)
    return None


def _at(elements: tuple[Element, ...], words: Sequence[Word], slots: Sequence[Slot], at: int) -> tuple[int, ...] | None:
    if not elements:
        return ()
    first, rest = elements[0], elements[1:]
    if first.edge:
        beyond = words[at:] if not rest else words[:at]
        fits = all(word.plain in _POLITE for word in beyond)
        return _at(rest, words, slots, at) if fits else None
    if first.gap:
        for skipped in range(_GAP + 1):
            if at + skipped > len(words):
                break
            taken = _at(rest, words, slots, at + skipped)
            if taken is not None:
                return taken
        return None
    if at < len(words) and words[at].stem in first.stems:
        taken = _at(rest, words, slots, at + 1)
        if taken is not None:
            return (at, *taken)
    for kind, value in first.slot:
        for slot in slots:
            if slot.start == at and slot.kind == kind and (value is None or slot.value == value):
                taken = _at(rest, words, slots, slot.end)
                if taken is not None:
                    return (*range(slot.start, slot.end), *taken)
    # "Behind the 73%" is behind 73%, "what did you just do" what did you do.
    if 0 < at < len(words) and words[at].plain in _SKIPPED and words[at - 1].plain not in _SKIPPED:
        return _at(elements, words, slots, at + 1)
    return None
