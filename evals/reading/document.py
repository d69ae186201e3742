"""A Markdown draft as a reader meets it: sections, paragraphs, bullets, table rows and sentences, with exact offsets.

Emphasis, links, bidi marks and line breaks never hide a word: each block also has folded text (`folding`) whose every
character leads back to the draft.

The *skim* is what a hurried reader sees: every heading, every table row, the first sentence of each paragraph and
bullet. A lead-in label ("**Headline.**", "Renewals:") is no sentence of its own: it opens the first one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from evals.reading.blocks import BOLD_LINE, LEAD_IN, Block, Cell, Section, Sentence
from evals.reading.language import Language
from evals.reading.layout import Layout

__all__ = ["BOLD_LINE", "LEAD_IN", "Block", "Cell", "Document", "Section", "Sentence", "read_document"]


class Document:
    """A draft, read once. `sentences` are in reading order; `blocks` hold them."""

    def __init__(self, text: str, language: Language) -> None:
        self.text = text
        self.language = language
        self.sections: list[Section] = [Section(None, None)]
        self.blocks: list[Block] = []
        self.sentences: list[Sentence] = []
        Layout(self).read()

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\n", self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    @property
    def skim(self) -> list[Sentence]:
        """What a hurried reader sees, in order."""
        return [sentence for sentence in self.sentences if sentence.in_skim]

    def next_to(self, sentence: Sentence) -> list[Sentence]:
        """The sentence with those before and after it in the same paragraph or bullet; a table row stands alone.

        Nested bullets belong to the bullet they stand under.
        """
        block = sentence.block
        if block.kind != "bullet" or (block.parent is None and not block.children):
            return list(block.sentences[max(0, sentence.index - 1) : sentence.index + 2])
        family = self.family(block)
        place = family.index(sentence)
        return family[max(0, place - 1) : place + 2]

    def family(self, block: Block) -> list[Sentence]:
        """The sentences of a bullet, of the one it is nested in, and of all bullets nested there, in order."""
        top = block if block.parent is None else block.parent
        return [sentence for member in (top, *top.children) for sentence in member.sentences]

    def section_of(self, sentence: Sentence) -> Section:
        """The section the sentence stands in."""
        return sentence.block.section

    def sentence_at(self, offset: int) -> Sentence | None:
        """The sentence that holds the draft's character at `offset`, or None."""
        number = bisect_right(self._starts, offset) - 1
        if number < 0 or offset >= self.sentences[number].end:
            return None
        return self.sentences[number]

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]


def read_document(markdown: str, language: Language) -> Document:
    """The draft as blocks and sentences. Any text is a document; an empty one has no blocks."""
    return Document(markdown, language)
