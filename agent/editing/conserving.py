"""What a rewrite of a section would lose or bend: every token stays, in its place, with its own metric's name.

Tokens are compared as a multiset. Only the form of a comparison may change ("up from 22% to 26%" and "26%, up from
22%" say the same).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from agent.draft import (
    FACT_PARTS,
    Attainment,
    Block,
    Claim,
    Comparison,
    Draft,
    FactToken,
    Goal,
    Name,
    Quotation,
    Section,
    Statement,
    Target,
    Text,
)
from agent.editing.plans import opened_by_shortfall, statements
from agent.naming import lowered
from agent.plan import restates
from agent.printing import Printer
from agent.tokens import write_tokens
from tools.facts import Fact, FactSheet

Kept = FactToken | Comparison | Target | Attainment | Goal | Quotation | Claim
KEPT = (*FACT_PARTS, Quotation, Claim)
_WORD = re.compile(r"[^\W\d_]{3,}")


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


def losses(before: Section, after: Section, draft: Draft, printer: Printer, *, translated: bool = False) -> list[Loss]:
    """Why `after` may not replace `before`, a section of `draft`; empty when it may.

    In another language (`translated`) a metric may be named by words that the fact sheet does not hold.
    """
    found = list(_counted(before, after, draft.sheet, printer))
    if found:
        return found
    return [
        *_moved(before, after, draft, printer),
        *_renamed(before, after, draft.sheet, printer, translated),
        # The composer's frames name person and periods where its figures belong.
        *(_misnamed(before, after, printer) if after.written_by != "composer" else ()),
        *_detached(before, after, draft.sheet),
    ]


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


def told(part: Kept, sheet: FactSheet, printer: Printer) -> str:
    """What a token tells, as a clause after "no longer says that"."""
    if isinstance(part, Quotation):
        return f"“{part.span}” is on record"
    if isinstance(part, Claim):
        return f"“{part.text}”, as was added by hand"
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


def _counted(before: Section, after: Section, sheet: FactSheet, printer: Printer) -> Iterator[Loss]:
    old, new = kept(before), kept(after)
    parts = {key(part): part for part in (*kept_parts(after), *kept_parts(before))}
    for lost in old - new:
        again = "" if new[lost] == 0 else " a second time"
        yield Loss(
            f"this version no longer says{again} that {told(parts[lost], sheet, printer)}",
            f"keep {_token(parts[lost])}",
        )
    for extra in new - old:
        if old[extra]:
            yield Loss(
                f"this version says twice that {told(parts[extra], sheet, printer)}",
                f"state {_token(parts[extra])} as often as before",
            )
        else:
            yield Loss(
                f"this version also says that {told(parts[extra], sheet, printer)}, which this section did not say",
                f"leave {_token(parts[extra])} out",
            )


def _moved(before: Section, after: Section, draft: Draft, printer: Printer) -> Iterator[Loss]:
    """Every key shortfall that opened a block still opens one, by the same comparison."""
    now = opened_by_shortfall(after, draft)
    for fact_id, comparison in opened_by_shortfall(before, draft).items():
        if fact_id not in now or now[fact_id].against != comparison.against:
            yield Loss(
                f"this version no longer says where a hurried reader looks that "
                f"{told(comparison, draft.sheet, printer)}",
                f"open its block with {_token(comparison)}, before any other figure",
            )


def _renamed(before: Section, after: Section, sheet: FactSheet, printer: Printer, translated: bool) -> Iterator[Loss]:
    """Every figure still stands in a sentence that names its metric, and beside no other metric's name."""
    names = _Names(sheet)
    named = {key(part): names.around(statement, part) for statement, part in _stated(before)}
    for statement, part in _stated(after):
        fact = sheet.fact(part.fact)
        assert fact is not None
        was, now = named[key(part)], names.around(statement, part)
        if was.own and not now.own and not translated:
            yield Loss(
                f"this version gives {printer.part(part)} without saying that it is {lowered(fact.label)}",
                f"name the metric in its sentence, as {{name label {fact.id}}}",
            )
        elif now.nearest is not None and now.nearest != was.nearest and not names.same(now.nearest, fact):
            yield Loss(
                f"this version gives {printer.part(part)} to {lowered(names.label(now.nearest))}, but it is "
                f"{lowered(fact.label)}",
                f"put {_token(part)} next to its own metric's name",
            )


# Names that are one and the same to a reader, and those that say nothing false wherever they stand.
_ONE_NAME = {"first_name": "person"}
_FREE_NAMES = frozenset({"label", "period", "person"})
_PERIODS = ("period", "prior_period", "year_ago_period")


def _misnamed(before: Section, after: Section, printer: Printer) -> Iterator[Loss]:
    """No result goes to another person, team or period than it was told of."""
    for statement in statements(after):
        same = [each for each in statements(before) if set(each.facts) & set(statement.facts)]
        old = {name for each in (same or statements(before)) for name in _names(each)}
        for name in _names(statement):
            if name not in old and name[0] not in _FREE_NAMES:
                shown = printer.part(Name(name=name[0], of=name[1]))  # type: ignore[arg-type]
                yield Loss(
                    f"this version brings in {shown} where it was not named", f"leave {shown} out of the sentence"
                )
        order = [name for name, _ in _names(statement) if name in _PERIODS]
        was = [[name for name, _ in _names(each) if name in _PERIODS] for each in same]
        if len(set(order)) > 1 and any(sorted(each) == sorted(order) and each != order for each in was):
            yield Loss("this version swaps the periods", "leave the periods in their order")


def _names(statement: Statement) -> list[tuple[str, str | None]]:
    return [(_ONE_NAME.get(part.name, part.name), part.of) for part in statement.parts if isinstance(part, Name)]


def _detached(before: Section, after: Section, sheet: FactSheet) -> Iterator[Loss]:
    """A note that explains a result stays in that result's block: a cause is never lent to another."""
    explained = {
        note.id: {fact.id for fact in sheet.facts if note.metric in (fact.id, fact.metric_id)}
        for note in sheet.evidence
        if note.metric is not None
    }
    now = [_told_in(block) for block in after.blocks]
    for block in before.blocks:
        facts, notes = _told_in(block)
        for note in notes:
            belongs = explained.get(note, set()) & facts
            for others, quoted in now:
                if note in quoted and belongs and not belongs & others and others:
                    yield Loss(
                        "this version gives as the cause of one result what is on record as the cause of another",
                        "leave each quoted note in the block of the result that it explains",
                    )


def _told_in(block: Block) -> tuple[set[str], set[str]]:
    facts = {fact for statement in block.statements for fact in statement.facts}
    notes = {note for statement in block.statements for note in statement.evidence}
    return facts, notes


def _stated(section: Section) -> Iterator[tuple[Statement, FactToken | Comparison | Target | Attainment | Goal]]:
    for statement in statements(section):
        for part in statement.parts:
            if isinstance(part, FACT_PARTS):
                yield statement, part


@dataclass(frozen=True)
class _Around:
    """Whether a figure's own metric is named in its sentence, and which metric is named nearest to it."""

    own: bool
    nearest: str | None


class _Names:
    """Finds metrics' names in sentences, as tokens and as words."""

    def __init__(self, sheet: FactSheet) -> None:
        self._facts = {fact.id: fact for fact in sheet.facts}
        self._labels: dict[str, str] = {}
        for fact in sheet.facts:
            self._labels.setdefault(fact.label.casefold(), fact.id)
        listed = sorted(self._labels, key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, listed)) or '(?!)'})(?!\w)")

    def label(self, fact_id: str) -> str:
        return self._facts[fact_id].label

    def same(self, named: str, fact: Fact) -> bool:
        return restates(self._facts[named], fact) or self._facts[named].metric_id == fact.metric_id

    def around(self, statement: Statement, part: Kept) -> _Around:
        """Looks before the figure first, as English names a metric before its figure, then after it."""
        index = statement.parts.index(part)
        fact = self._facts[part.fact]  # type: ignore[union-attr]
        before = self._named(statement.parts[:index])
        after = self._named(statement.parts[index + 1 :])
        named = [*before, *after]
        nearest = before[-1] if before else after[0] if after else None
        own = any(self.same(each, fact) for each in named) or self._worded(statement, fact)
        return _Around(own, nearest)

    def _named(self, parts: tuple) -> list[str]:
        found: list[str] = []
        for part in parts:
            if isinstance(part, Name) and part.name == "label" and part.of in self._facts:
                found.append(part.of)
            elif isinstance(part, Text):
                found += [self._labels[match[0]] for match in self._pattern.finditer(part.text.casefold())]
        return found

    @staticmethod
    def _worded(statement: Statement, fact: Fact) -> bool:
        """Whether the sentence holds most words of the metric's name: "deal size" for "Average deal size"."""
        words = set(_WORD.findall(fact.label.casefold()))
        text = " ".join(part.text.casefold() for part in statement.parts if isinstance(part, Text))
        return bool(words) and sum(word in text for word in words) * 2 > len(words)


def _token(part: Kept) -> str:
    return write_tokens([part])
