"""Blocks as plain text: what a reply said, for the conversation's history and for whoever sees no page."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.chat.answer import Asks, Block, Difference, DraftShown, Notice, Picture, Said, Table

_MOST_ROWS = 12


def plain_text(blocks: Sequence[Block]) -> str:
    """The blocks, an empty line between them."""
    return "\n\n".join(filter(None, map(_plain, blocks)))


def _plain(block: Block) -> str:
    match block:
        case Said():
            mark = "- " if block.style == "bullets" else ""
            joined = ("\n" if mark else " ").join(f"{mark}{statement.text}" for statement in block.statements)
            return "\n".join(filter(None, (block.title, joined)))
        case Notice():
            return block.text
        case Table():
            return _table(block)
        case Picture():
            return block.chart.alternative
        case DraftShown():
            return f"[draft {block.draft_id[:8]}, version {block.version}]"
        case Difference():
            return f"[what changed from version {block.before} to {block.after}]"
        case Asks():
            return "\n".join([block.title, *(f"- {question}" for question in block.questions)])


def _table(table: Table) -> str:
    rows = [" | ".join(cell.text for cell in row) for row in table.rows[:_MOST_ROWS]]
    left = table.more + max(0, len(table.rows) - _MOST_ROWS)
    more = [f"({left} more)"] if left else []
    return "\n".join([table.title, " | ".join(table.header), *rows, *more, *([table.note] if table.note else [])])


def shown_plainly(text: str) -> str:
    r"""Printed text for a place that knows no Markdown: its backslashes off, and nothing that moves a cursor.

    >>> shown_plainly("Acme \\[EMEA\\] \x1b[31m")
    'Acme [EMEA] [31m'
    """
    return " ".join(_UNSEEN.sub(" ", _ESCAPED.sub(r"\1", text)).split())


# What `agent.printing.escape` puts a backslash before, and what a terminal takes for a command.
_ESCAPED = re.compile(r"\\([\\*`\[\]<>|~_&#+\-./\d])")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u2069\ufeff]")
