"""What a section's tokens say, whatever the words around them, and how a loss of one is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agent.draft import (
    FACT_PARTS,
    Attainment,
    Block,
    Claim,
    Comparison,
    FactToken,
    Goal,
    Quotation,
    Section,
    Target,
)
from agent.editing.plans import statements
from agent.naming import lowered
from agent.printing import Printer
from agent.tokens import write_tokens
from tools.facts import FactSheet

Kept = FactToken | Comparison | Target | Attainment | Goal | Quotation | Claim
KEPT = (*FACT_PARTS, Quotation, Claim)


@dataclass(frozen=True)
class Loss:
    """One reason to refuse a rewrite: what it does, told to a person, and how a writer may mend it."""

    told: str
    mend: str = ""

    @property
    def for_people(self) -> str:
        return f"{self.told[0].upper()}{self.told[1:].rstrip('.')}."

    def __str__(self) -> str:
        """For a writer: what is wrong, and how to mend it."""
        mend = f": {self.mend}" if self.mend else ""
        return f"{self.for_people[:-1]}{mend}."


def kept(section: Section) -> Counter[tuple]:
    """The section's tokens as a multiset."""
    return Counter(key(part) for part in kept_parts(section))


def kept_parts(section: Section) -> Iterator[Kept]:
    for statement in statements(section):
        yield from (part for part in statement.parts if isinstance(part, KEPT))


def key(part: Kept) -> tuple:
    """What a token says, whatever the words it is printed in."""
    match part:
        case Comparison():
            return ("comparison", part.fact, frozenset((part.against, *part.beside)))
        case FactToken() | Attainment():
            return (part.kind, part.fact)
        case Target():
            return ("target", part.fact, part.before)
        case Goal():
            return ("goal", part.fact, float(part.value))
        case Quotation():
            return ("evidence", part.evidence, part.span)
        case Claim():
            return ("claim", part.text)


def kept_in(block: Block) -> Iterator[Kept]:
    for statement in block.statements:
        yield from (part for part in statement.parts if isinstance(part, KEPT))


def told(part: Kept, sheet: FactSheet, printer: Printer) -> str:
    """What a token tells, as a clause after "no longer says that"."""
    if isinstance(part, Quotation):
        return f"“{part.span}” is on record"
    if isinstance(part, Claim):
        return f"“{part.text}”" if part.of is not None else f"“{part.text}”, as was added by hand"
    fact = sheet.fact(part.fact)
    assert fact is not None, f"{part.fact} is stated, so it is on the sheet"
    name, printed = lowered(fact.label), printer.part(part)
    if isinstance(part, Goal):
        return f"{name} should come to {printed}"
    if isinstance(part, Target):
        return f"the target for {name} is {printed}"
    if isinstance(part, Comparison) and fact.weak:
        if part.against == "target":
            goal = printer.part(Target(fact=fact.id))
            return f"{name} missed its {goal} target ({printer.figure(fact)})"
        return f"{name} got worse ({printed})"
    return f"{name} was {printed}"


def token_of(part: Kept) -> str:
    return write_tokens([part])
