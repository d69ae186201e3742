"""What a tool found, as a model is told of it: facts with their tokens, notes, rows; data, never instructions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from agent.chat.answer import Asks, Block, Difference, DraftShown, Notice, Picture, Said, SheetOf, Table
from agent.chat.speaking.sheets import Sheets
from agent.draft import FACT_PARTS, Quotation, Statement
from agent.models.briefing import fact_row, note_row, safe_json
from agent.tokens import write_tokens

# Of one tool's answer: what a question of a few words needs, not all that a sheet holds.
_MOST_FACTS, _MOST_NOTES, _MOST_ROWS = 20, 8, 12


def found_text(blocks: Sequence[Block], sheets: Sheets) -> str:
    """The blocks as JSON between <found> tags, tokens instead of figures wherever there is a fact."""
    of = next((block.of for block in blocks if isinstance(block, Said | Picture) and block.of is not None), None)
    of = of or next((cell.of for cell in _cells(blocks) if cell.of is not None), None)
    told: dict[str, Any] = {}
    if of is not None:
        told = _sheet(of, blocks, sheets)
    told["shown"] = [line for block in blocks for line in _lines(block)]
    return f"<found>\n{safe_json(told)}\n</found>"


def _sheet(of: SheetOf, blocks: Sequence[Block], sheets: Sheets) -> dict[str, Any]:
    """Whose sheet it is, and those of its facts and notes that the blocks state."""
    name = sheets.name(of)
    view, notes = sheets.views[name], sheets.notes(name)
    cited = dict.fromkeys(_facts(blocks, of))
    quoted = {part.evidence for part in _parts(blocks) if isinstance(part, Quotation)}
    facts = [fact for each in cited if (fact := view.sheet.fact(each)) is not None][:_MOST_FACTS]
    kept = {short: note for short, note in notes.items() if note.id in quoted}
    about = {note.metric for note in notes.values()} & {each for fact in facts for each in (fact.id, fact.metric_id)}
    kept |= {short: note for short, note in notes.items() if note.metric in about}
    kept = dict(list(kept.items())[:_MOST_NOTES])
    return {
        "sheet": name,
        "about": {"person": view.sheet.person, "period": view.period},
        "facts": [fact_row(fact, kept, view.printer) for fact in facts],
        "notes": [note_row(short, note) for short, note in kept.items()],
    }


def _lines(block: Block) -> Iterator[Any]:
    match block:
        case Said():
            if block.title:
                yield block.title
            yield from (_tokens(statement) for statement in block.statements)
        case Notice():
            yield block.text
        case Table():
            yield {
                "table": block.title,
                "header": block.header,
                "rows": [
                    [f"{{{cell.fact}}}" if cell.fact is not None else cell.text for cell in row]
                    for row in block.rows[:_MOST_ROWS]
                ],
                "more_rows": block.more + max(0, len(block.rows) - _MOST_ROWS),
            }
        case Picture():
            yield f"(a picture) {block.chart.title}"
        case DraftShown():
            yield "(the draft is shown beside the conversation)"
        case Difference():
            yield "(old and new are shown side by side)"
        case Asks():
            yield {"asks": block.title, "questions": block.questions}


def _tokens(statement: Statement) -> str:
    """The sentence in tokens; what it quotes is in the notes."""
    return write_tokens(part for part in statement.parts)


def _facts(blocks: Sequence[Block], of: SheetOf) -> Iterator[str]:
    for part in _parts(blocks):
        if isinstance(part, FACT_PARTS):
            yield part.fact
    for cell in _cells(blocks):
        if cell.fact is not None and (cell.of is None or (cell.of.who, cell.of.period) == (of.who, of.period)):
            yield cell.fact


def _parts(blocks: Sequence[Block]) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, Said):
            for statement in block.statements:
                yield from statement.parts


def _cells(blocks: Sequence[Block]) -> Iterator[Any]:
    for block in blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield from row
