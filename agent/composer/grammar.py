"""Frames and slots: how many ways there are to say something, and which of them a draft takes.

A frame such as "{Metric} <came_in> {figure}." stands for as many sentences as its slots have phrases. Which one is
taken follows from the draft's seed and from what is said, never from chance; no frame is taken twice in one draft
while another is left.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import gcd, prod
from typing import Any

from agent.draft import Part, Text

# "<came_in>": any phrase of that slot.
_SLOT = re.compile(r"<([A-Za-z_]+)>")
# "{figure}": parts that code prints.
_HOLE = re.compile(r"\{([A-Za-z_]+)\}")
# "was|were": the singular and the plural form.
_AGREEMENT = re.compile(r"([\w']+)\|([\w']+)")

_FEW_WAYS = 24

Values = Mapping[str, Sequence[Part]]


class Grammar:
    """The frames of a language's files. `slots` are shared; every other table is a group of kinds of frames."""

    def __init__(self, *files: Mapping[str, Any]) -> None:
        self._slots: dict[str, Sequence[str]] = {}
        self._frames: dict[str, Sequence[str]] = {}
        for file in files:
            for group, table in file.items():
                if group == "slots":
                    self._slots |= table
                else:
                    self._frames |= {f"{group}.{kind}": frames for kind, frames in table.items()}

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(self._frames)

    def frames(self, kind: str) -> tuple[Frame, ...]:
        """The frames of one kind, such as `results.missed`."""
        return tuple(Frame(kind, number, text) for number, text in enumerate(self._frames[kind]))

    def phrases(self, slot: str, verbs: str) -> Sequence[str]:
        """The phrases of a slot; `VERB` is the slot of verbs that fits the direction told."""
        return self._slots[verbs if slot == "VERB" else slot]

    def ways(self, frame: Frame, verbs: str) -> int:
        """In how many ways a frame can be said."""
        return prod(len(self.phrases(slot, verbs)) for slot in frame.slots)

    def say(self, frame: Frame, way: int, verbs: str) -> str:
        """The frame with its slots filled; `way` counts through their combinations."""

        def phrase(match: re.Match[str]) -> str:
            nonlocal way
            phrases = self.phrases(match[1], verbs)
            way, index = divmod(way, len(phrases))
            return phrases[index]

        return _SLOT.sub(phrase, frame.text)


@dataclass(frozen=True)
class Frame:
    """One frame of one kind."""

    kind: str
    number: int
    text: str

    @cached_property
    def slots(self) -> tuple[str, ...]:
        return tuple(_SLOT.findall(self.text))

    def holes(self) -> frozenset[str]:
        return frozenset(_HOLE.findall(self.text))


@dataclass
class Voice:
    """Draws sentences for one draft. `seed` is the person and the period; what was drawn before is not drawn again."""

    grammar: Grammar
    seed: str
    _taken: set[tuple[str, int]] = field(default_factory=set)
    _said: set[str] = field(default_factory=set)

    def draw(
        self,
        kind: str,
        key: str,
        holes: Values,
        *,
        verbs: str = "rose",
        plural: bool = False,
        fits: Callable[[str], bool] = lambda sentence: True,
    ) -> tuple[Part, ...]:
        """One sentence of that kind about `key`, its holes filled.

        Frames with a hole that `holes` leaves empty are passed over. `fits` may refuse a wording.
        """
        number = int.from_bytes(hashlib.sha256(f"{self.seed}|{kind}|{key}".encode()).digest()[:8], "big")
        frames = [frame for frame in self.grammar.frames(kind) if self._fillable(frame, verbs, holes)]
        assert frames, f"no frame of {kind} can be filled with {sorted(holes)}"
        fresh = [frame for frame in frames if (kind, frame.number) not in self._taken]
        # With few ways left, the last frames would come up in every draft.
        if sum(self.grammar.ways(frame, verbs) for frame in fresh) < _FEW_WAYS:
            fresh = frames
        sizes = [self.grammar.ways(frame, verbs) for frame in fresh]
        total = sum(sizes)
        parts: tuple[Part, ...] = ()
        for step in range(total):
            frame, way = _locate(fresh, sizes, (number + step * _stride(total)) % total)
            sentence = agree(self.grammar.say(frame, way, verbs), plural)
            if not _holes(sentence) <= set(holes):
                continue
            parts = fill(sentence, holes)
            if skeleton(parts) not in self._said:
                break
        self._taken.add((kind, frame.number))
        # A frame without words of its own, such as a note alone, may come again.
        if any(character.isalpha() for character in skeleton(parts)):
            self._said.add(skeleton(parts))
        return parts

    def has(self, kind: str) -> bool:
        """Whether there are frames of that kind."""
        return kind in self.grammar.kinds

    def one_of(self, phrases: Sequence[str], key: str) -> str:
        """One of some phrases, by the seed."""
        digest = hashlib.sha256(f"{self.seed}|{key}".encode()).digest()
        return phrases[int.from_bytes(digest[:8], "big") % len(phrases)]

    def _fillable(self, frame: Frame, verbs: str, holes: Values) -> bool:
        """Whether some way of saying the frame leaves no hole empty."""
        if not frame.holes() <= set(holes):
            return False
        return all(
            any(_holes(phrase) <= set(holes) for phrase in self.grammar.phrases(slot, verbs)) for slot in frame.slots
        )


def skeleton(parts: Sequence[Part]) -> str:
    """How a sentence is built, without its figures, names and quotations."""
    return "".join(part.text if isinstance(part, Text) else "□" for part in parts)


def agree(sentence: str, plural: bool) -> str:
    """Choose between the two forms of every "was|were"."""
    return _AGREEMENT.sub(lambda match: match[2 if plural else 1], sentence)


def fill(sentence: str, holes: Values) -> tuple[Part, ...]:
    """The sentence as parts: its words as text, its holes as what code prints there."""
    parts: list[Part] = []
    position = 0
    for match in _HOLE.finditer(sentence):
        _add(parts, Text(text=sentence[position : match.start()]))
        for part in holes[match[1]]:
            _add(parts, part)
        position = match.end()
    _add(parts, Text(text=sentence[position:]))
    return tuple(parts)


def _add(parts: list[Part], part: Part) -> None:
    """Append a part; neighbouring texts become one, and an empty one disappears."""
    if not isinstance(part, Text):
        parts.append(part)
    elif parts and isinstance(parts[-1], Text):
        parts[-1] = Text(text=parts[-1].text + part.text)
    elif part.text:
        parts.append(part)


def _locate(frames: Sequence[Frame], sizes: Sequence[int], number: int) -> tuple[Frame, int]:
    """The frame, and the way of saying it, that stand at `number` in the list of all sentences."""
    for frame, size in zip(frames, sizes, strict=True):
        if number < size:
            return frame, number
        number -= size
    raise AssertionError("the number lies past the last sentence")


def _stride(total: int) -> int:
    """A step that visits every number below `total` once, and neighbours late."""
    step = max(1, round(total * 0.618))
    while gcd(step, total) != 1:
        step += 1
    return step


def _holes(text: str) -> set[str]:
    return set(_HOLE.findall(text))
