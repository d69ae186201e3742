"""How like a question is to questions put before: a hint where no cue is plain, never more than that.

A question is a bag of stems and of the kinds of things that it names, rare ones weighing more than common ones.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from agent.chat.router.days import Calendar
from agent.chat.router.reading import Word, data, stem, words_of
from agent.chat.router.slots import Slot, slots_of
from agent.chat.router.vocabulary import Vocabulary

Bag = Mapping[str, float]

# Names stand for any other of their kind; a kind that comes later in the list gives way to one before it.
_KINDS = (
    "period",
    "printed",
    "person",
    "metric",
    "report",
    "section",
    "stage",
    "value",
    "who",
    "language",
    "tone",
    "length",
)
LEAST_LIKE = 0.3
_POLITE = frozenset(map(stem, ("please", "thanks", "hi", "hello", "hey", "ok")))


@dataclass(frozen=True)
class Likest:
    """A tool's likest example: how like, 0 to 1, and what the two share."""

    likeness: float
    shared: frozenset[str]


def likest(words: Sequence[Word], slots: Sequence[Slot], leave_out: str | None = None) -> dict[str, Likest]:
    """Per tool, its example that the question is likest to; tools without any that is like enough are left out.

    `leave_out` is a question that is not to be likened to itself, where the rules are measured on their own examples.
    """
    rarity = _rarity()
    unseen = math.log(1 + len(_examples()))
    asked = {feature: rarity.get(feature, unseen) for feature in features(words, slots)}
    found: dict[str, Likest] = {}
    for tool, text, bag in _examples():
        if text == leave_out:
            continue
        cosine = _cosine(asked, {feature: rarity[feature] for feature in bag})
        if cosine > max(LEAST_LIKE, found[tool].likeness if tool in found else 0.0):
            found[tool] = Likest(cosine, bag & asked.keys())
    return found


@cache
def _examples() -> tuple[tuple[str, str, frozenset[str]], ...]:
    """Tool, question and features of every example, read with the names that stand in them."""
    names = data("examples")["names"]
    vocabulary = Vocabulary(
        people=tuple(names["people"]), teams=tuple(names["teams"]), stages=tuple(names["stages"]),
        values={"value": tuple(names["values"])},
    )  # fmt: skip
    calendar = Calendar(date(2026, 7, 1))
    found = []
    for tool, asked in data("examples")["asked"].items():
        for text in asked:
            words = words_of(text)
            found.append((tool, text, features(words, slots_of(text, words, vocabulary, calendar))))
    return tuple(found)


@cache
def _rarity() -> dict[str, float]:
    """How telling a feature is: the fewer examples hold it, the more."""
    counts: dict[str, int] = {}
    for _, _, bag in _examples():
        for feature in bag:
            counts[feature] = counts.get(feature, 0) + 1
    return {feature: math.log(1 + len(_examples()) / count) for feature, count in counts.items()}


def features(words: Sequence[Word], slots: Sequence[Slot]) -> frozenset[str]:
    """The stems of a question, its pairs of them, and the kinds of what it names."""
    stands: dict[int, str] = {}
    for kind in _KINDS:
        for slot in slots:
            if slot.kind == kind and not any(index in stands for index in range(slot.start, slot.end)):
                stands |= dict.fromkeys(range(slot.start, slot.end), f"<{kind}>")
    line: list[str] = []
    for index, word in enumerate(words):
        feature = stands.get(index, word.stem)
        if not line or line[-1] != feature or not feature.startswith("<"):
            line.append(feature)
    pairs = [f"{one} {other}" for one, other in zip(line, line[1:], strict=False)]
    # "Stale deals" asks for something else than "win rate": the metric itself counts beside its kind.
    metrics = [slot.value for slot in slots if slot.kind == "metric"]
    return frozenset((*line, *pairs, *metrics)) - _POLITE


def _cosine(one: Bag, other: Bag) -> float:
    shared = sum(one[feature] * other[feature] for feature in one.keys() & other.keys())
    return shared / (_length(one) * _length(other)) if shared else 0.0


def _length(bag: Bag) -> float:
    return math.sqrt(sum(weight * weight for weight in bag.values())) or 1.0
