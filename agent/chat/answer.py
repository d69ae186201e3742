"""What a conversation is made of: answers of blocks, and the events by which they arrive.

    Reply = numbered events  working … │ section, statement … │ block …   then done, failed or interrupted
    block: said │ notice │ table │ picture │ draft │ difference │ asks

Numbers stand in tokens or in cells that code printed; `of` says which sheet a figure opens in. The same events make
the terminal's lines and the page; they are kept as JSON, so a conversation is resumed as it was.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from agent.draft import Section, Statement
from tools.charts import Chart
from tools.facts import Frozen


class SheetOf(Frozen):
    """Which fact sheet a figure stands on, as `build_facts` is asked for it."""

    who: str
    period: str
    name: str = Field("", description="the person's or team's name, for people")


class Said(Frozen):
    """Sentences. Their tokens are printed from the sheet `of`."""

    kind: Literal["said"] = "said"
    title: str = ""
    style: Literal["paragraph", "bullets"] = "paragraph"
    statements: tuple[Statement, ...]
    of: SheetOf | None = None
    by: Literal["code", "model"] = "code"


class Notice(Frozen):
    """One plain sentence of the program's own: what it cannot do and why, what was kept, what was refused."""

    kind: Literal["notice"] = "notice"
    text: str
    tone: Literal["info", "refused", "failed"] = "info"
    turned: SheetOf | None = Field(None, description="whom and when the conversation is about from here on")


class Cell(Frozen):
    """A cell as code printed it. `fact` opens it; `record` is the CRM record's table and id."""

    text: str
    fact: str | None = None
    of: SheetOf | None = None
    record: tuple[str, str] | None = None


class Table(Frozen):
    """A small table. `right` are the columns set flush right."""

    kind: Literal["table"] = "table"
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    right: tuple[int, ...] = ()
    more: int = Field(0, description="how many rows are left out")
    note: str = Field("", description="what the table leaves out or rests on")
    report: str | None = Field(None, description="the report that shows the whole, as a query string: name?by=stage")


class Picture(Frozen):
    """A small chart of facts, with its text alternative inside."""

    kind: Literal["picture"] = "picture"
    chart: Chart
    of: SheetOf | None = None


class DraftShown(Frozen):
    """A stored draft to look at beside the conversation. `changed` are the sections that this answer wrote."""

    kind: Literal["draft"] = "draft"
    draft_id: str
    version: int
    changed: tuple[str, ...] = ()


class Difference(Frozen):
    """What changed between two versions of a draft."""

    kind: Literal["difference"] = "difference"
    draft_id: str
    before: int
    after: int


class Asks(Frozen):
    """Questions worth answering, or things that can be asked next.

    `metrics` belong to questions that are put to the person: the metric that each answer, kept as a statement,
    explains. Without them the questions are the program's to answer.
    """

    kind: Literal["asks"] = "asks"
    title: str
    questions: tuple[str, ...]
    metrics: tuple[str, ...] = ()


Block = Annotated[
    Said | Notice | Table | Picture | DraftShown | Difference | Asks, Field(discriminator="kind")
]  # fmt: skip


class Call(Frozen):
    """A tool of the desk's that was used, with the arguments it was given."""

    tool: str
    arguments: dict[str, Any] = {}


class Event(Frozen):
    """One step of a reply. Numbers count from 1 within the reply, so a reader can say where it left off."""

    number: int
    kind: Literal["working", "section", "statement", "block", "done", "failed", "interrupted"]
    text: str = Field("", description="working: what is being done; failed, interrupted: one sentence")
    section: str | None = Field(
        None, description="statement: the id of the draft's section that it belongs to; working: of the one begun"
    )
    call: Call | None = Field(None, description="working: the tool that is used for it")
    statement: Statement | None = None
    written: Section | None = Field(None, description="section: as it stands in the draft")
    block: Block | None = None


ENDINGS = ("done", "failed", "interrupted")
