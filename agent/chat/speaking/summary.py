"""What a long conversation has come to, for the model: put together by code from the kept steps of its replies.

    1. “why is my win rate low?” → why(metric=win_rate); said: Win rate of {name person} in {name period}: {win_rate …}.
    2. “draft it for Q1” → draft(period=Q1); turned to Ada Berg, 2026-Q1; draft written
    (3–40: 38 questions in between. What they used: 12 × win_rate, 9 × slipped, 2 × draft.)
    41. …

A model does not write it. It would be one more answer that nobody reads before it is relied on: it could hold a wrong
figure, leave out the statement that was taken back, or carry on what a note in the CRM told it to. Here figures are
tokens, what was done is told by the tool that did it, and nothing that people typed into the CRM is repeated: no
quotation, no cell, no title, and of a call's arguments only what the person wrote or the program itself knows.

Bounded as a whole: the first turns and the latest are told, those in between are counted by what they used.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from agent.chat.answer import Block, Call, DraftShown, Event, Notice, Said, SheetOf, Table
from agent.chat.toolbox import Split
from agent.draft import Against, Quotation, Statement, Text
from agent.tokens import write_tokens
from tools.metrics.catalogue import METRICS

MOST_LETTERS = 5_000
_OF_A_QUESTION, _OF_CALLS, _OF_WHAT_WAS_SAID, _OF_THE_COUNT = 140, 160, 220, 420
# "The first one I asked" is asked after surprisingly often.
_FIRST = 3
_MOST_CALLS, _MOST_TOPICS, _MOST_METRICS = 3, 12, 3
# Arguments that say what an answer is of. Words to be kept or followed stand in the question.
_TOLD = ("metric", "name", "stage", "against", "by", "every", "who", "period")
_PERIOD = re.compile(r"(?:FY)?\d{4}(?:-(?:[QH]\d|\d{2}))?|\d{4}-\d{2}-\d{2}\.\.\d{4}-\d{2}-\d{2}")
_DONE = {"edit": "draft changed", "undo_edit": "draft's last change taken back", "draft": "draft written"}
_KEPT = {"say": "statement kept", "link": "statement linked to a result", "forget": "statement taken back"}


@dataclass(frozen=True)
class Turn:
    """A question and the steps of its reply. `number` counts questions from 1."""

    number: int
    question: str
    events: Sequence[Event] = ()

    @property
    def calls(self) -> list[Call]:
        return [event.call for event in self.events if event.call is not None]

    @property
    def blocks(self) -> list[Block]:
        return [event.block for event in self.events if event.block is not None]

    @property
    def sheet(self) -> SheetOf | None:
        """Whose sheet the answer's first figures stand on."""
        of = (block.of for block in self.blocks if isinstance(block, Said) and block.of is not None)
        cells = (cell.of for block in self.blocks if isinstance(block, Table) for row in block.rows for cell in row)
        return next(of, None) or next((each for each in cells if each is not None), None)


def summary(turns: Sequence[Turn], letters: int = MOST_LETTERS) -> str:
    """The turns told one a line, no longer than that; those that do not fit are counted in the middle."""
    lines = list(_lines(turns))
    if sum(map(len, lines)) + len(lines) <= letters:
        return "\n".join(lines)
    first = lines[:_FIRST]
    left = letters - sum(map(len, first)) - _OF_THE_COUNT
    latest: list[str] = []
    for line in reversed(lines[_FIRST:]):
        left -= len(line) + 1
        if left < 0:
            break
        latest.insert(0, line)
    between = turns[_FIRST : len(turns) - len(latest)]
    return "\n".join([*first, _counted(between), *latest])


def without_notes(statement: Statement) -> str:
    """The sentence in tokens, its quotations left out."""
    return write_tokens(Text(text="(a note)") if isinstance(part, Quotation) else part for part in statement.parts)


def apart(one: SheetOf, other: SheetOf) -> bool:
    """Whether two sheets are of other people or other times."""
    return (one.who, one.period) != (other.who, other.period)


def shortened(text: str, letters: int) -> str:
    """The text without what would close a tag of ours, and no longer than that."""
    plain = " ".join(text.split()).replace("<", "‹").replace(">", "›")
    return plain if len(plain) <= letters else f"{plain[:letters].rstrip()}…"


def _lines(turns: Sequence[Turn]) -> Iterator[str]:
    about: SheetOf | None = None
    for turn in turns:
        told = [f"{turn.number}. “{shortened(turn.question, _OF_A_QUESTION)}” →"]
        of, turned = turn.sheet, _turned(turn)
        if of is not None and turned is None and about is not None and apart(of, about):
            told.append(f"of {of.name or of.who}, {of.period}:")
        told.append("; ".join(_outcome(turn)) or "answered")
        about = turned or about or of
        yield " ".join(told)


def _outcome(turn: Turn) -> Iterator[str]:
    """What came of a question: what was used, what was done, where it turned to, and what was said first."""
    if turn.calls:
        yield shortened(", ".join(_called(call, turn.question) for call in turn.calls[:_MOST_CALLS]), _OF_CALLS)
    yield from _did(turn)
    turned = _turned(turn)
    if turned is not None:
        yield f"turned to {shortened(turned.name or turned.who, 40)}, {turned.period}"
    said = _said(turn.blocks)
    if said:
        yield f"said: {said}"
    elif metrics := _shown(turn.blocks):
        yield f"a table of {', '.join(metrics)}"
    ending = turn.events[-1].kind if turn.events else "interrupted"
    if ending in ("failed", "interrupted"):
        yield f"the answer {'failed' if ending == 'failed' else 'was interrupted'}"


def _called(call: Call, question: str) -> str:
    known = _known() | set(re.findall(r"\w+", question.casefold()))
    given = [
        f"{key}={shortened(str(call.arguments[key]), 40)}"
        for key in _TOLD
        if call.arguments.get(key) is not None and _own(str(call.arguments[key]), known)
    ]
    return f"{call.tool}({', '.join(given)})"


def _own(value: str, known: set[str]) -> bool:
    """Whether an argument is the person's own words or a name of the program's: a model may have read it in the CRM."""
    bare = value.casefold()
    return bare in known or _PERIOD.fullmatch(value) is not None or set(re.findall(r"\w+", bare)) <= known


@cache
def _known() -> set[str]:
    """Names that are the program's own: metrics and what they and reports are split by and held against."""
    from tools.reports.listing import REPORTS

    ids = {name for metric in METRICS for name in (metric.id, metric.fact_id)}
    labels = {metric.label.casefold() for metric in METRICS}
    return {*ids, *labels, *(report.name for report in REPORTS), *get_args(Split), *get_args(Against)}


def _did(turn: Turn) -> Iterator[str]:
    """What the answer changed; a wish or a statement that was refused changed nothing."""
    used = {call.tool for call in turn.calls}
    shown = [block for block in turn.blocks if isinstance(block, DraftShown)]
    for tool, done in _DONE.items():
        if tool in used:
            if not shown:
                yield f"{tool} refused, nothing changed" if tool != "undo_edit" else "there was nothing to take back"
            else:
                parts = f" ({', '.join(shown[-1].changed)})" if shown[-1].changed else ""
                yield f"{done}{parts}, version {shown[-1].version}"
    refused = any(isinstance(block, Notice) and block.tone != "info" for block in turn.blocks)
    for tool, done in _KEPT.items():
        if tool in used:
            yield done if not refused else f"{tool} refused, nothing kept or taken back"


def _turned(turn: Turn) -> SheetOf | None:
    found = [block.turned for block in turn.blocks if isinstance(block, Notice) and block.turned is not None]
    return found[-1] if found else None


def _said(blocks: Sequence[Block]) -> str:
    """The first sentences in tokens, the model's own before the tools'; whole ones, for half a token is none.

    Sentences without a sheet are lists of the program's own; what they say may be of other days' data.
    """
    said = [block for block in blocks if isinstance(block, Said) and block.of is not None]
    chosen = [block for block in said if block.by == "model"] or said
    told = ""
    for statement in (statement for block in chosen for statement in block.statements):
        more = " ".join(without_notes(statement).split())
        if len(told) + len(more) > _OF_WHAT_WAS_SAID:
            break
        told = f"{told} {more}".strip()
    return told.replace("<", "‹").replace(">", "›")


def _shown(blocks: Sequence[Block]) -> list[str]:
    """Which metrics or report the answer's tables show."""
    tables = [block for block in blocks if isinstance(block, Table)]
    reports = [table.report.partition("?")[0] for table in tables if table.report is not None]
    facts = [cell.fact for table in tables for row in table.rows for cell in row if cell.fact is not None]
    return list(dict.fromkeys([*reports, *(re.split(r"[\[.]", fact)[0] for fact in facts)]))[:_MOST_METRICS]


def _counted(turns: Sequence[Turn]) -> str:
    topics = Counter(topic for turn in turns for topic in dict.fromkeys(_topics(turn)))
    listed = ", ".join(f"{many} × {topic}" for topic, many in topics.most_common(_MOST_TOPICS))
    used = f" What they used: {listed}." if listed else ""
    first, last = turns[0].number, turns[-1].number
    return f"({first}–{last}: {last - first + 1} questions in between.{used})"


def _topics(turn: Turn) -> Iterator[str]:
    for call in turn.calls:
        about = call.arguments.get("metric") or call.arguments.get("name")
        yield str(about) if about is not None and str(about).casefold() in _known() else call.tool
