"""A draft's lines laid out as blocks: headings, paragraphs, bullets, table rows, quotations, and their sentences.

Only the block structure that summaries use is read, line by line, which is many times faster than a full Markdown
parser and keeps every offset in the original text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.reading.blocks import BOLD_LINE, LEAD_IN, Block, BlockKind, Cell, Section, Sentence
from evals.reading.folding import fold
from evals.reading.sentences import sentence_ends

if TYPE_CHECKING:
    from evals.reading.document import Document

# "## Results", the line under a setext heading, "---", "```", "> ".
_ATX = re.compile(r" {0,3}(#{1,6})(?:[ \t]+|$)")
_SETEXT = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
# "- ", "* ", "• ", "1. ", "2) ", "٣. ": a marker with the space after it.
_MARKER = re.compile(r"([ \t]*)(?:[-*+•‣◦–]|\d{1,2}[.)])[ \t\u00a0]+(?:\[[ xX]\][ \t]+)?(?=\S)")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
# The line under a table's head: "|---|:--:|".
_DELIMITER = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
# A line that is bold from end to end: "**What moved the numbers**".
_ALL_BOLD = re.compile(r"(\*\*|__)(?=\S)(?:(?!\1).)+(?<=\S)\1[ \t]*:?[ \t\u200b-\u200f]*$")
# A bold lead-in and what closes it: "**Win rate:** ", "**Headline.** ", "**Quota** – ".
_BOLD_LEAD = re.compile(r"[\u200b-\u200f]*(\*\*|__)(?=\S)((?:(?!\1).)+?)(?<=\S)\1[ \t]*([:–—-](?=\s))?")
# A plain lead-in: up to six words and a colon: "Renewals: ".
_PLAIN_LEAD = re.compile(r"[\u200b-\u200f]*[^\W_][^.:;!?|]{0,60}?:(?=\s)")
_LABEL_WORDS = 6


@dataclass(slots=True)
class _Line:
    """A line's content: offsets in the draft without end-of-line characters and quotation marks of the margin."""

    start: int
    end: int


class Layout:
    """Goes over the lines once and lays the blocks down."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.lines = [
            _Line(match.start(), match.end()) for match in re.finditer(r"[^\r\n]+|(?<=\n)(?=\r?\n)", self.text)
        ]
        self.at = 0
        self.bullets: list[tuple[int, Block]] = []

    def content(self, number: int) -> str:
        line = self.lines[number]
        return self.text[line.start : line.end]

    def read(self) -> None:
        while self.at < len(self.lines):
            line = self.content(self.at)
            if not line.strip():
                self.at += 1
            elif _FENCE.match(line):
                self.skip_fence(line)
            elif heading := _ATX.match(line):
                self.heading(len(heading[1]), heading.end(), line)
            elif _RULE.match(line):
                self.at += 1
            elif "|" in line and self.starts_table(line):
                self.table()
            elif marker := _MARKER.match(line):
                self.bullet(marker)
            else:
                self.paragraph(line)

    def skip_fence(self, line: str) -> None:
        fence = line.strip()[:3]
        self.at += 1
        while self.at < len(self.lines) and not self.content(self.at).strip().startswith(fence):
            self.at += 1
        self.at += 1

    def heading(self, level: int, offset: int, line: str) -> None:
        end = len(re.sub(r"[ \t]+#+[ \t]*$", "", line))
        self.at += 1
        if end > offset:
            span = _Line(self.lines[self.at - 1].start + offset, self.lines[self.at - 1].start + end)
            self.add("heading", [span], level=level)

    def starts_table(self, line: str) -> bool:
        following = self.content(self.at + 1) if self.at + 1 < len(self.lines) else ""
        return line.lstrip().startswith("|") or ("-" in following and bool(_DELIMITER.match(following)))

    def table(self) -> None:
        heads: list[str] = []
        first = True
        while self.at < len(self.lines) and "|" in (line := self.content(self.at)):
            if not _DELIMITER.match(line):
                is_head = first and self.at + 1 < len(self.lines) and bool(_DELIMITER.match(self.content(self.at + 1)))
                row = self.row(line, heads, is_head)
                if is_head:
                    heads[:] = [row.folded[cell.start : cell.end] for cell in row.cells]
                first = False
            self.at += 1

    def row(self, line: str, heads: list[str], is_head: bool) -> Block:
        borders = [match.start() for match in _CELL_BORDER.finditer(line)]
        edges = borders if line.lstrip().startswith("|") else [-1, *borders]
        if not line.rstrip().endswith("|"):
            edges = [*edges, len(line)]
        start = self.lines[self.at].start
        spans = [(start + left + 1, start + right) for left, right in zip(edges, edges[1:], strict=False)]
        block = self.add("table_row", [_Line(spans[0][0], spans[-1][1])] if spans else [self.lines[self.at]])
        block.head_row = is_head
        block.cells = tuple(self.cells(block, spans, heads))
        return block

    def cells(self, block: Block, spans: list[tuple[int, int]], heads: list[str]) -> Iterator[Cell]:
        origins = block.origins
        for number, (start, end) in enumerate(spans):
            first, last = (
                next((i for i, at in enumerate(origins) if at >= edge), len(block.folded)) for edge in (start, end)
            )
            words = block.folded[first:last]
            first += len(words) - len(words.lstrip())
            yield Cell(
                first,
                max(first, last - (len(words) - len(words.rstrip()))),
                heads[number] if number < len(heads) else "",
            )

    def bullet(self, marker: re.Match[str]) -> None:
        indent = len(marker[1].expandtabs(4))
        first = self.lines[self.at]
        spans = [_Line(first.start + marker.end(), first.end)]
        self.at += 1
        spans += self.continuation()
        while self.bullets and self.bullets[-1][0] >= indent:
            self.bullets.pop()
        block = self.add("bullet", spans, parent=self.bullets[-1][1] if self.bullets else None, keep_bullets=True)
        self.bullets.append((indent, block))

    def paragraph(self, line: str) -> None:
        quoted = _QUOTE.match(line)
        first = self.lines[self.at]
        indented = line[0] in " \t"
        spans = [_Line(first.start + (quoted.end() if quoted else len(line) - len(line.lstrip())), first.end)]
        self.at += 1
        if spans[0].end <= spans[0].start:
            return
        below = self.content(self.at) if self.at < len(self.lines) else ""
        if not quoted and (under := _SETEXT.match(below)):
            self.at += 1
            self.add("heading", spans, level=1 if under[1][0] == "=" else 2)
            return
        spans += self.continuation(quoted=bool(quoted))
        pseudo_level = 0 if quoted else self.pseudo_heading(line, spans)
        if pseudo_level:
            self.add("heading", spans, level=pseudo_level)
        else:
            self.add("quote" if quoted else "paragraph", spans, keep_bullets=indented)

    def pseudo_heading(self, line: str, spans: list[_Line]) -> int:
        """7 for a line that is bold all through, 8 for a short line that leads in a list or ends in a colon, else 0."""
        if len(spans) > 1:
            return 0
        words = line.strip()
        if _ALL_BOLD.fullmatch(words) and len(words.split()) <= 16 and not words.rstrip("*_").endswith((".", "!", "?")):
            return BOLD_LINE
        below = self.content(self.at) if self.at < len(self.lines) else ""
        if len(words.split()) <= _LABEL_WORDS - 1 and words[-1].isalnum() and _MARKER.match(below):
            return LEAD_IN
        lead = words.rstrip("*_\u200e\u200f ").endswith(":") and len(words.split()) <= _LABEL_WORDS + 2
        return LEAD_IN if lead and self.next_content() else 0

    def next_content(self) -> str:
        """The next line with words on it, or ""."""
        return next((words for at in range(self.at, len(self.lines)) if (words := self.content(at).strip())), "")

    def continuation(self, quoted: bool = False) -> list[_Line]:
        """The lines that go on with the block before: hard-wrapped text without a marker of its own."""
        spans = []
        while self.at < len(self.lines):
            line = self.content(self.at)
            margin = _QUOTE.match(line)
            starts_block = _ATX.match(line) or _MARKER.match(line) or _FENCE.match(line) or _RULE.match(line)
            if not line.strip() or starts_block or bool(margin) != quoted or line.lstrip().startswith("|"):
                break
            if self.bold_lead_line(line):
                break
            offset = margin.end() if margin else len(line) - len(line.lstrip())
            spans.append(_Line(self.lines[self.at].start + offset, self.lines[self.at].end))
            self.at += 1
        return spans

    @staticmethod
    def bold_lead_line(line: str) -> bool:
        """Whether a line opens with a bold label: then it is a paragraph of its own, blank line or not."""
        lead = _BOLD_LEAD.match(line.lstrip())
        return bool(lead) and (lead[2].endswith(":") or lead[3] == ":")

    def add(
        self,
        kind: BlockKind,
        spans: list[_Line],
        level: int = 0,
        parent: Block | None = None,
        keep_bullets: bool = False,
    ) -> Block:
        document = self.document
        if not keep_bullets:
            self.bullets.clear()
        folded, origins = self.fold_spans(spans)
        block = Block(kind, spans[0].start, spans[-1].end, folded, origins, document.sections[-1], len(document.blocks))
        block.level, block.parent = level, parent
        if parent is not None:
            parent.children.append(block)
        if kind == "heading":
            self.open_section(block)
        else:
            block.section.blocks.append(block)
        document.blocks.append(block)
        if kind in ("paragraph", "bullet", "quote"):
            self.find_label(block)
        self.split(block)
        return block

    def open_section(self, block: Block) -> None:
        parent = self.document.sections[-1]
        while parent.heading is not None and parent.level >= block.level and parent.parent is not None:
            parent = parent.parent
        block.section = Section(block, parent)
        self.document.sections.append(block.section)

    def fold_spans(self, spans: list[_Line]) -> tuple[str, Sequence[int]]:
        if len(spans) == 1:
            start = spans[0].start
            folded = fold(self.text[start : spans[0].end])
            if isinstance(folded.origins, range):
                return folded.text, range(start, spans[0].end + 1)
            return folded.text, [start + origin for origin in folded.origins]
        raw = "\n".join(self.text[span.start : span.end] for span in spans)
        places = [place for span in spans for place in range(span.start, span.end + 1)]
        folded = fold(raw)
        return folded.text, [places[origin] for origin in folded.origins]

    def find_label(self, block: Block) -> None:
        """Mark the lead-in label at the block's beginning, if it has one."""
        raw = self.text[block.start : block.end]
        lead = _BOLD_LEAD.match(raw)
        if lead and not (lead[2].endswith(":") or lead[3]):
            short = lead[2].endswith(".") and len(lead[2].split()) <= 4 and not any(char.isdigit() for char in lead[2])
            lead = lead if short and lead.end() < len(raw) else None
        if lead is None:
            lead = _PLAIN_LEAD.match(raw)
            if lead is not None and len(lead[0].split()) > _LABEL_WORDS:
                lead = None
        if lead is not None and lead.end() < len(raw.rstrip()):
            edge = block.start + lead.end()
            block.label_end = sum(1 for origin in block.origins[:-1] if origin < edge)
            block.label = block.folded[: block.label_end].strip(" :.–—-")

    def original(self, block: Block) -> str:
        """The block's characters as they stand in the draft, one for each folded one."""
        origins = block.origins
        if isinstance(origins, range):
            return self.text[origins.start : origins.stop - 1]
        return "".join([self.text[origin] for origin in origins[:-1]])

    def split(self, block: Block) -> None:
        document = self.document
        if block.kind in ("heading", "table_row"):
            ends = [len(block.folded)]
        else:
            original = self.original(block)
            ends = sentence_ends(original, block.folded, document.language, start=block.label_end)
        sentences = []
        first = 0
        for end in ends:
            words = block.folded[first:end]
            begin, stop = first + len(words) - len(words.lstrip()), first + len(words.rstrip())
            if stop > begin:
                sentences.append(Sentence(document, block, len(sentences), len(document.sentences), begin, stop))
                document.sentences.append(sentences[-1])
            first = end
        block.sentences = tuple(sentences)
