"""The parts of a draft: sections, blocks, table cells and sentences, each with its place in the draft."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evals.reading.document import Document

BlockKind = Literal["heading", "paragraph", "bullet", "table_row", "quote"]

# Levels of lines that serve as headings: a bold line, and a lead-in line ("Next:") before a list.
BOLD_LINE = 7
LEAD_IN = 8
_WORD = re.compile(r"\w+")
_MARKS = "*_~"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: where its words stand in the row's folded text, and the head of its column, folded."""

    start: int
    end: int
    head: str


@dataclass(eq=False)
class Section:
    """A heading and what stands under it, up to the next heading. What stands before any heading has none."""

    heading: Block | None
    parent: Section | None
    blocks: list[Block] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The heading's words, folded; "" where there is none."""
        return self.heading.folded.strip(" :") if self.heading is not None else ""

    @property
    def level(self) -> int:
        """1–6 as Markdown counts; 7 for a bold line and 8 for a lead-in line ("Next:") that serve as headings."""
        return self.heading.level if self.heading is not None else 0


@dataclass(eq=False)
class Block:
    """A heading, paragraph, bullet, table row or quotation block.

    `folded` is its text made comparable, without marker and emphasis; `origins[i]` is the place in the draft of its
    i-th character. `label` is the folded lead-in of its first sentence, or "". `parent` is the bullet it is nested in.
    """

    kind: BlockKind
    start: int
    end: int
    folded: str
    origins: Sequence[int]
    section: Section
    index: int
    level: int = 0
    label: str = ""
    label_end: int = 0
    cells: tuple[Cell, ...] = ()
    head_row: bool = False
    parent: Block | None = None
    children: list[Block] = field(default_factory=list)
    sentences: tuple[Sentence, ...] = ()


@dataclass(eq=False, slots=True)
class Sentence:
    """One sentence (a heading and a table row count as one): `start` and `end` in the draft, `first` and `last` in its
    block's folded text.
    """

    document: Document
    block: Block
    index: int
    number: int
    first: int
    last: int
    _words: list[re.Match[str]] | None = None

    @property
    def words(self) -> list[re.Match[str]]:
        """The words of its folded text; they are looked at often, so they are found once."""
        if self._words is None:
            self._words = list(_WORD.finditer(self.folded))
        return self._words

    @property
    def start(self) -> int:
        """Where it begins in the draft, emphasis marks included."""
        start, text = self.block.origins[self.first], self.document.text
        while start > self.block.start and text[start - 1] in _MARKS:
            start -= 1
        return start

    @property
    def end(self) -> int:
        """Where it ends in the draft, emphasis marks included."""
        end, text = self.block.origins[self.last - 1] + 1, self.document.text
        while end < self.block.end and text[end] in _MARKS:
            end += 1
        return end

    @property
    def text(self) -> str:
        """Its characters in the draft, with a lead-in label."""
        return self.document.text[self.start : self.end]

    @property
    def folded(self) -> str:
        """Its words in comparable form, with a lead-in label."""
        return self.block.folded[self.first : self.last]

    @property
    def label(self) -> str:
        """The folded lead-in label that opens it, or ""."""
        return self.block.label if self.index == 0 else ""

    @property
    def body(self) -> int:
        """Where its own words begin in `folded`, after the label."""
        return self.block.label_end if self.index == 0 else 0

    @property
    def in_skim(self) -> bool:
        """Whether a hurried reader sees it."""
        return self.index == 0 or self.block.kind in ("heading", "table_row")

    def span(self, first: int, last: int) -> tuple[int, int]:
        """The draft's offsets of `folded[first:last]`."""
        origins = self.block.origins
        return origins[self.first + first], origins[self.first + last - 1] + 1
