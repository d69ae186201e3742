"""A draft: sections of blocks of statements, each a list of parts. Numbers live in tokens; text holds none.

    Draft > Section > Block (paragraph, bullet, table row) > Statement > part
    part: text | fact | comparison | target | attainment | evidence | name | goal | claim

Code prints the tokens (`agent.printing`), so a draft can be printed again for another locale, and no rewrite of its
text can bend a figure. The JSON form is documented: `salesbrief schema draft`.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, computed_field

from agent.record import RunRecord
from tools.facts import FactSheet, Frozen, Number

Against = Literal["target", "prior", "year_ago", "team"]
NameKind = Literal[
    "person", "first_name", "role", "team", "segment", "territory", "manager", "period", "prior_period",
    "year_ago_period", "dates", "label", "definition", "prior_definition", "why", "quality", "change", "target_note",
    "dimension", "note_date", "started", "left", "ramp_until", "amount_basis",
]  # fmt: skip


class Text(Frozen):
    """Words. Holds no number, and no Markdown of its own."""

    kind: Literal["text"] = "text"
    text: str


class FactToken(Frozen):
    """Prints a fact's value."""

    kind: Literal["fact"] = "fact"
    fact: str
    exact: bool = Field(False, description="every digit, as in the targets table")


class Comparison(Frozen):
    """Prints figure, comparator and direction as one phrase.

    `full`: "73%, 17 points short of the 90% target", "up from 27% to 30%"; `stated`: "30%, up from 27%"; `bare`: "from
    27% to 30%", after a verb of the writer's.
    """

    kind: Literal["comparison"] = "comparison"
    fact: str
    against: Against
    form: Literal["full", "stated", "bare"] = "full"
    beside: tuple[Against, ...] = Field((), description="further comparators told after the first")


class Target(Frozen):
    """Prints the agreed target alone."""

    kind: Literal["target"] = "target"
    fact: str
    exact: bool = False
    before: bool = Field(False, description="the target as it was before its adjustment")


class Attainment(Frozen):
    """Prints value ÷ target as a percentage or, where that would mislead (ratios, lower is better), met or missed."""

    kind: Literal["attainment"] = "attainment"
    fact: str


class Quotation(Frozen):
    """Prints a verbatim span of a note, escaped."""

    kind: Literal["evidence"] = "evidence"
    evidence: str
    span: str
    marks: bool = Field(True, description="whether quotation marks are printed around it")
    first: Literal["kept", "small", "capital"] = Field("kept", description="how its first letter is printed")


class Name(Frozen):
    """Prints a name or label from the fact sheet, escaped. Names may hold digits, and may hold lies."""

    kind: Literal["name"] = "name"
    name: NameKind
    of: str | None = Field(None, description="which: a fact's or a note's id, an index for quality and change")
    lower: bool = Field(False, description="whether its first letter is printed small, inside a sentence")


class Goal(Frozen):
    """Prints a value proposed for a fact, in next steps only, marked as proposed."""

    kind: Literal["goal"] = "goal"
    fact: str
    value: Number


class Claim(Frozen):
    """What a person typed by hand and no record says, figures or words: printed as typed, marked, and reported.

    With `of` it is a figure of a fact that nobody touched, whose token was broken up around it: no claim of anybody's.
    """

    kind: Literal["claim"] = "claim"
    text: str
    on: date | None = Field(None, exclude_if=lambda day: day is None, description="the day on which it was typed")
    of: str | None = Field(None, exclude_if=lambda fact: fact is None, description="the fact that it is a figure of")


Part = Annotated[
    Text | FactToken | Comparison | Target | Attainment | Quotation | Name | Goal | Claim, Field(discriminator="kind")
]
# The parts that state something of a fact.
FACT_PARTS = (FactToken, Comparison, Target, Attainment, Goal)


class Statement(Frozen):
    """One sentence, or one cell of a table row."""

    parts: tuple[Part, ...]
    text: str = Field("", description="the parts printed for the draft's locale")

    @computed_field(description="the parts in token notation")  # type: ignore[prop-decorator]
    @property
    def tokens(self) -> str:
        from agent.tokens import write_tokens

        return write_tokens(self.parts)

    @computed_field(description="ids of the facts stated")  # type: ignore[prop-decorator]
    @property
    def facts(self) -> tuple[str, ...]:
        named = [part.fact for part in self.parts if isinstance(part, FACT_PARTS)]
        return tuple(dict.fromkeys(named))

    @computed_field(description="ids of the evidence quoted")  # type: ignore[prop-decorator]
    @property
    def evidence(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(part.evidence for part in self.parts if isinstance(part, Quotation)))


class Block(Frozen):
    """A paragraph, a bullet, or a table row whose statements are its cells."""

    style: Literal["paragraph", "bullet", "row"] = "paragraph"
    label: str | None = Field(None, description="a bold lead-in, such as Keep or Fix")
    statements: tuple[Statement, ...]


class Section(Frozen):
    """One section as written."""

    id: str
    title: str
    blocks: tuple[Block, ...]
    header: tuple[str, ...] = Field((), description="column titles, where the blocks are table rows")
    written_by: Literal["code", "composer", "model", "person"] = "code"
    note: str | None = Field(None, description="why the composer wrote it, where a model was asked to")
    locale: str | None = Field(
        None, exclude_if=lambda code: code is None, description="its language, where that is not the draft's"
    )


class LeftOut(Frozen):
    """A section with nothing to say, and why."""

    id: str
    title: str
    reason: str


class TakenOut(Frozen):
    """A key shortfall that a person took out by hand, with the comparison that stated it."""

    said: Comparison
    on: date | None = None


class DraftFinding(Frozen):
    """What a check found in the printed draft."""

    check: str
    severity: Literal["hard", "soft"]
    quote: str
    message: str
    suggestion: str = ""


class Draft(Frozen):
    """A whole summary with the fact sheet it states and the record of how it was written."""

    version: Literal[1] = 1
    locale: str = "en"
    sheet: FactSheet
    headline: Section
    sections: tuple[Section, ...]
    left_out: tuple[LeftOut, ...] = ()
    taken_out: tuple[TakenOut, ...] = Field(
        (), exclude_if=lambda taken: not taken, description="key shortfalls that a person took out by hand"
    )
    findings: tuple[DraftFinding, ...] = ()
    record: RunRecord

    @property
    def all_sections(self) -> tuple[Section, ...]:
        return (self.headline, *self.sections)

    def locale_of(self, section: Section) -> str:
        """The language that a section is written and printed in: the draft's, unless its translation was refused."""
        return section.locale or self.locale
