"""An answer on a terminal: what is being worked on, a draft's sections as they finish, tables, pictures as bars.

Whatever the CRM, a person or a model wrote is shown as characters: none of it can move the cursor or set a colour.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from agent.chat.answer import Asks, Block, Difference, DraftShown, Event, Notice, Picture, Said, SheetOf, Table
from agent.chat.plain import shown_plainly
from agent.chat.shown import openable
from agent.cli.output import columns
from agent.draft import Section
from agent.editing.difference import section_changes, section_words, word_difference
from tools.charts.text import text_chart

if TYPE_CHECKING:
    from agent.draft import Draft, Statement

_WIDEST = 100
_CLEAR_LINE = "\r\x1b[K"
_LEAST_COLUMN = 8


class Screen:
    """Writes events to a terminal or a pipe. `draft` gives a version of a stored draft, to show what changed."""

    def __init__(self, out: TextIO, *, tty: bool, width: int, draft: Callable[[str, int], Draft]) -> None:
        self._out = out
        self._tty = tty
        self._width = max(40, min(width, _WIDEST))
        self._draft = draft
        self._waiting = False
        self._order: list[str] = []
        self._held: dict[str, Section] = {}
        self._told: set[str] = set()
        self._blocks: tuple[Block, ...] = ()
        self._speaking: list[tuple[SheetOf | None, str]] = []

    async def show(self, event: Event) -> None:
        """One step of a reply."""
        if event.kind == "working":
            if event.section is not None and event.section not in self._order:
                self._order.append(event.section)
            self._working(event.text)
        elif event.kind == "section" and event.written is not None:
            self._section(event.written)
        elif event.kind == "block" and event.block is not None:
            self._release()
            self.block(event.block)
        elif event.kind in ("failed", "interrupted"):
            self._release()
            self.write(self._wrapped(event.text))
        elif event.kind == "done":
            self._release()
            self._done()

    def block(self, block: Block) -> None:
        """A piece of an answer."""
        if isinstance(block, Said) and _spoken(block):
            self._speak(block)
        else:
            self.write(self._block(block))
        self._blocks = (*self._blocks, block)

    def begin(self) -> None:
        """Show that the question was heard, before anything else is loaded."""
        self._working("reading the question")

    def say(self, lines: Sequence[str]) -> None:
        """Lines of the program's own, each as wide as the terminal allows."""
        self.write("\n".join(map(self._wrapped, lines)))

    def write(self, text: str) -> None:
        """A paragraph of its own."""
        self._done()
        if text:
            print(f"{text}\n", file=self._out, flush=True)

    def _speak(self, said: Said) -> None:
        """A model's sentences of one sheet are one paragraph, and each is shown as it comes."""
        words = " ".join(shown_plainly(each.text) for each in said.statements)
        if self._speaking and self._speaking[-1][0] == said.of:
            before = self._wrapped(" ".join(each for _, each in self._speaking))
        else:
            self._done()
            before = ""
        self._speaking.append((said.of, words))
        text = self._wrapped(" ".join(each for _, each in self._speaking))
        print(text[len(before) :], end="", file=self._out, flush=True)

    def _working(self, text: str) -> None:
        if self._tty:
            if self._speaking:
                self._done()
            print(
                f"{_CLEAR_LINE}{self._dim(f'… {shown_plainly(text)}'[: self._width])}",
                end="",
                file=self._out,
                flush=True,
            )
            self._waiting = True

    def _done(self) -> None:
        if self._speaking:
            print("\n", file=self._out, flush=True)
            self._speaking = []
        if self._waiting:
            print(_CLEAR_LINE, end="", file=self._out, flush=True)
            self._waiting = False

    def _section(self, section: Section) -> None:
        """Sections in the draft's order: one that is ready early waits for those before it."""
        if section.id in self._told:
            self.write(self._dim("In its place, since a check found fault with it:"))
            self.write(self._written(section))
            return
        self._held[section.id] = section
        for each in self._order:
            if each in self._told:
                continue
            if each not in self._held:
                break
            self._tell(each)
        if section.id not in self._order:
            self._tell(section.id)

    def _release(self) -> None:
        for each in [*self._order, *self._held]:
            if each in self._held:
                self._tell(each)

    def _tell(self, section_id: str) -> None:
        self._told.add(section_id)
        self.write(self._written(self._held.pop(section_id)))

    def _written(self, section: Section) -> str:
        lines = [self._bold(shown_plainly(section.title))]
        if section.header or any(block.style == "row" for block in section.blocks):
            rows = [[shown_plainly(each.text) for each in block.statements] for block in section.blocks]
            header = [shown_plainly(each) for each in section.header] or [""] * max(map(len, rows))
            return "\n".join([*lines, columns(header, rows, right=frozenset(range(1, len(header))))])
        for block in section.blocks:
            label = f"{shown_plainly(block.label)}: " if block.label else ""
            text = label + " ".join(shown_plainly(each.text) for each in block.statements)
            lines.append(self._wrapped(text, "- " if block.style == "bullet" else ""))
        return "\n".join(lines)

    def _block(self, block: Block) -> str:
        match block:
            case Said():
                return self._said(block)
            case Notice():
                text = self._wrapped(block.text)
                return self._dim(text) if block.tone == "info" else text
            case Table():
                return self._table(block)
            case Picture():
                return text_chart(block.chart, self._width)
            case DraftShown():
                changed = f", {len(block.changed)} sections changed" if len(block.changed) > 1 else ""
                return self._dim(f"Draft {block.draft_id[:8]}, version {block.version}{changed}; `salesbrief show "
                                 f"{block.draft_id[:8]}` prints it.")  # fmt: skip
            case Difference():
                return self._difference(block)
            case Asks():
                return self._asks(block)

    def _said(self, said: Said) -> str:
        bullets = said.style == "bullets"
        lines = [self._bold(shown_plainly(said.title))] if said.title else []
        if bullets:
            lines += [self._wrapped(self._numbered(each, said), "- ") for each in said.statements]
        else:
            lines.append(self._wrapped(" ".join(shown_plainly(each.text) for each in said.statements)))
        return "\n".join(lines)

    def _numbered(self, statement: Statement, said: Said) -> str:
        """A line with the number by which its first figure opens."""
        text = shown_plainly(statement.text)
        if said.of is None or not statement.facts:
            return text
        number = self._number(said.of, statement.facts[0])
        return f"{text} [{number}]" if number is not None else text

    def _number(self, of: object, fact: str) -> int | None:
        shown = [(each.of, each.fact) for each in openable(self._blocks)]
        return shown.index((of, fact)) + 1 if (of, fact) in shown else None

    def _table(self, table: Table) -> str:
        title = [self._bold(shown_plainly(table.title))] if table.title else []
        rows = [[shown_plainly(cell.text) for cell in row] for row in table.rows]
        if not any(table.header):
            return "\n".join([*title, *self._pairs(rows)])
        records = any(cell.record is not None for row in table.rows for cell in row)
        header = [shown_plainly(each) for each in table.header]
        right = set(table.right)
        if not records:
            # The number by which a row's figure opens; records open by their ids.
            opens = [next((self._number(cell.of, cell.fact) for cell in row if cell.fact and cell.of), None)
                     for row in table.rows]  # fmt: skip
            rows = [[f"{row[0]} [{number}]" if number else row[0], *row[1:]]
                    for row, number in zip(rows, opens, strict=True)]  # fmt: skip
        fitted = columns(header, self._fitted(header, rows, right), right=frozenset(right))
        notes = [f"and {table.more} more"] if table.more else []
        notes += [self._wrapped(table.note)] if table.note else []
        return "\n".join([*title, fitted, *map(self._dim, notes)])

    def _pairs(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """A table without header: a name and what there is to say of it, wrapped."""
        first = min(24, max((len(row[0]) for row in rows), default=0))
        room = max(20, self._width - first - 2)
        lines = []
        for row in rows:
            told = textwrap.wrap(" ".join(row[1:]), room) or [""]
            lines += [f"{row[0][:first]:<{first}}  {told[0]}", *(f"{'':<{first}}  {each}" for each in told[1:])]
        return lines

    def _fitted(self, header: Sequence[str], rows: list[list[str]], right: set[int]) -> list[list[str]]:
        """The rows with long words cut, the widest column first, until they fit the terminal."""
        widths = [max(len(row[place]) for row in [list(header), *rows]) for place in range(len(header))]
        gaps = 2 * (len(widths) - 1)
        while sum(widths) + gaps > self._width:
            widest = max(
                (place for place in range(len(widths)) if place not in right), key=widths.__getitem__, default=0
            )
            least = max(_LEAST_COLUMN, len(header[widest]))
            if widths[widest] <= least:
                break
            widths[widest] -= 1
        return [[_cut(text, width) for text, width in zip(row, widths, strict=True)] for row in rows]

    def _difference(self, block: Difference) -> str:
        """Each changed section, what is gone in [-…-] and what is new in {+…+}."""
        before, after = self._draft(block.draft_id, block.before), self._draft(block.draft_id, block.after)
        lines = []
        for change in section_changes(before, after):
            if change.new is None:
                lines.append(f"{self._bold(shown_plainly(change.title))}: left out")
                continue
            pieces = word_difference(section_words(change.old), section_words(change.new))
            marked = "".join(self._piece(piece.kind, piece.text) for piece in pieces)
            lines.append(f"{self._bold(shown_plainly(change.title))}\n{self._paragraphs(marked)}")
        order = [[each.id for each in draft.sections] for draft in (before, after)]
        if not lines and order[0] != order[1]:
            lines.append(f"The order: {', '.join(shown_plainly(each.title) for each in after.sections)}.")
        return "\n\n".join([f"From version {block.before} to version {block.after}:", *lines])

    def _piece(self, kind: str, text: str) -> str:
        plain = "\n".join(map(shown_plainly, text.split("\n")))
        space = "" if plain.endswith((" ", "\n")) or not text.endswith((" ", "\n")) else " "
        if kind == "same":
            return plain + space
        marks = ("[-", "-]") if kind == "gone" else ("{+", "+}")
        return f"{marks[0]}{plain.strip()}{marks[1]}{' ' if text[-1:].isspace() else ''}"

    def _asks(self, asks: Asks) -> str:
        lines = [self._bold(shown_plainly(asks.title))]
        lines += [
            self._wrapped(shown_plainly(each), f"{number}. ") for number, each in enumerate(asks.questions, start=1)
        ]
        if asks.metrics:
            lines.append(self._dim("Answer with its number: “1: we moved the technical call before the proposal”."))
        return "\n".join(lines)

    def _paragraphs(self, text: str) -> str:
        return "\n".join(textwrap.fill(line, self._width) for line in text.split("\n"))

    def _wrapped(self, text: str, mark: str = "") -> str:
        plain = shown_plainly(text)
        return textwrap.fill(plain, self._width, initial_indent=mark, subsequent_indent=" " * len(mark),
                             break_long_words=False, break_on_hyphens=False)  # fmt: skip

    def _bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self._tty else text

    def _dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self._tty else text


def _spoken(said: Said) -> bool:
    return said.by == "model" and said.style == "paragraph" and not said.title


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def question_of(line: str) -> str:
    """A line as typed, without the characters that terminals add for keys they do not know."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z~]|[\x00-\x1f\x7f]", " ", line).strip()
