"""Where a figure that was shown comes from: found by how it was printed, in the last answers and in the draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from agent.chat.answer import Asks, Block, Cell, Picture, Said, SheetOf, Table
from agent.chat.figures import absent
from agent.chat.opening import why_of
from agent.chat.rows import one_record
from agent.chat.view import View
from agent.chat.writing import current
from agent.draft import FACT_PARTS, Against, Statement
from agent.naming import label, lowered
from tools.errors import InputError, NotFound
from tools.facts import Absent

if TYPE_CHECKING:
    from agent.chat.desk import Desk

Blocks = tuple[Block, ...]
# So many answers back a figure is looked for.
_BACK = 6
_NTH = re.compile(r"(?:(?:number|no\.?|figure|#)\s*)?(\d{1,2})", re.I)


@dataclass(frozen=True)
class Opens:
    """Something shown that can be opened: a fact of a sheet, as it was printed, or one record behind it."""

    text: str
    of: SheetOf
    fact: str
    record: tuple[str, str] | None = None


def opened(desk: Desk, which: str) -> Blocks:
    """The formula and records of a figure as it was printed, of the n-th one of the last answer, or of a metric."""
    wanted = _plain(which)
    answers = _answers(desk)
    nth = _NTH.fullmatch(which.strip())
    last = next((found for answer in answers if (found := openable(answer))), [])
    if nth is not None and 1 <= int(nth[1]) <= len(last):
        return _open(desk, last[int(nth[1]) - 1])
    for each in (each for answer in answers for each in _of_blocks(desk, answer)):
        if each.record is not None and each.record[1].lower() == wanted:
            return _open(desk, each)
    for source in (*(_of_blocks(desk, answer) for answer in answers), _of_draft(desk), _of_sheet(desk)):
        found = {(each.of, each.fact): each for each in source if each.record is None and _reads(each.text, wanted)}
        if len(found) == 1:
            return _open(desk, next(iter(found.values())))
        if found:
            return (_which_one(desk, which, list(found.values())),)
    return _metric(desk, which)


def openable(blocks: Blocks) -> list[Opens]:
    """What an answer shows that can be opened by its number, figures once each, in their order."""
    found = [each for block in blocks for each in _of_block(block)]
    first: dict[tuple[SheetOf, str], Opens] = {}
    for each in found:
        if each.record is None:
            first.setdefault((each.of, each.fact), each)
    return list(first.values())


def _metric(desk: Desk, which: str) -> Blocks:
    view = desk.view()
    try:
        found = view.find(which)
    except NotFound:
        raise InputError(f"“{which}” is neither a figure that was shown here nor a metric; copy it as it is printed, "
                         "or name the metric.") from None  # fmt: skip
    return (absent(found, view),) if isinstance(found, Absent) else why_of(desk, view, found)


def _open(desk: Desk, each: Opens) -> Blocks:
    view = _view(desk, each.of)
    fact = view.sheet.fact(each.fact)
    if fact is None:
        raise InputError("That figure stood on records that have changed since; ask for it again.")
    if each.record is None:
        return why_of(desk, view, fact)
    behind = desk.facts.explanation(each.of.who, each.of.period, each.fact, desk.as_of)
    row = next((row for row in behind.records if str(next(iter(row.values()))) == each.record[1]), None)
    if row is None:
        raise InputError("That record has changed since; ask for the records again.")
    return (one_record(each.record[0], row, view),)


def _view(desk: Desk, of: SheetOf) -> View:
    """The sheet that a figure stands on, if it may (still) be seen."""
    return desk.view(of.who, of.period)


def _answers(desk: Desk) -> list[Blocks]:
    """The blocks of the last answers, the newest first."""
    kept = desk.stores.conversations
    replies = [each for each in kept.messages(desk.conversation.id) if each.author == "salesbrief" and each.ended]
    answers = []
    for reply in replies[::-1][:_BACK]:
        blocks = [event.block for event in kept.events(desk.conversation.id, reply.number)]
        answers.append(tuple(block for block in blocks if block is not None))
    return [answer for answer in answers if answer]


def _of_blocks(desk: Desk, blocks: Blocks) -> Iterator[Opens]:
    for block in blocks:
        yield from _of_block(block)
        if isinstance(block, Said) and block.of is not None:
            view = _view(desk, block.of)
            for statement in block.statements:
                yield from _of_statement(statement, view)


def _of_block(block: Block) -> Iterator[Opens]:
    match block:
        case Said() if block.of is not None:
            for statement in block.statements:
                yield from (Opens("", block.of, fact) for fact in statement.facts)
        case Table():
            for row in block.rows:
                yield from (_of_cell(cell) for cell in row if cell.fact is not None and cell.of is not None)
        case Picture() if block.of is not None:
            for mark in block.chart.marks:
                if mark.fact is not None:
                    yield Opens(mark.text, block.of, mark.fact)


def _of_cell(cell: Cell) -> Opens:
    assert cell.of is not None and cell.fact is not None
    return Opens(cell.text, cell.of, cell.fact, cell.record)


def _of_statement(statement: Statement, view: View) -> Iterator[Opens]:
    for part in statement.parts:
        if isinstance(part, FACT_PARTS) and view.sheet.fact(part.fact) is not None:
            yield Opens(view.printer.part(part), view.of, part.fact)


def _of_draft(desk: Desk) -> Iterator[Opens]:
    """The figures of the conversation's draft."""
    if desk.conversation.draft_id is None:
        return
    view = desk.view()
    draft = current(desk).draft
    printed = View(draft.sheet, view.of, desk.prompts, draft.locale)
    for section in draft.all_sections:
        for block in section.blocks:
            for statement in block.statements:
                yield from _of_statement(statement, printed)


def _of_sheet(desk: Desk) -> Iterator[Opens]:
    """The key results of the sheet, and what they are held against."""
    view = desk.view()
    for fact in (fact for fact in view.sheet.facts if fact.key):
        cells = (view.value(fact), *(view.other(fact, kind) for kind in get_args(Against)))
        yield from (Opens(cell.text, view.of, fact.id) for cell in cells if cell.fact is not None)


def _reads(printed: str, wanted: str) -> bool:
    """Whether a printed phrase holds the figure as a whole: "73%" in "73%, 17 points short of the 90% target"."""
    return wanted != "" and re.search(rf"(?<![\w.,]){re.escape(wanted)}(?![\w%]|[.,]\d)", _plain(printed)) is not None


def _which_one(desk: Desk, which: str, found: list[Opens]) -> Asks:
    names = []
    for each in found[:6]:
        fact = _view(desk, each.of).sheet.fact(each.fact)
        if fact is not None:
            names.append(f"Where does {lowered(label(fact))} come from?")
    return Asks(title=f"{which} was shown for {len(found)} results. Which one?", questions=tuple(names))


def _plain(text: str) -> str:
    # "3.4x" is how 3.4× is typed, "73 percent" how 73% is.
    plain = " ".join(text.replace("\u00a0", " ").replace("×", "x").strip().strip("“”\"'?").split()).casefold()
    plain = re.sub(r"(?<=\d)\s*(?:percent|per ?cent|pct)\b", "%", plain)
    return re.sub(r"(?<=\d) (?=(?:%|[kmbx]\b))|(?<=[$€£]) (?=\d)", "", plain)
