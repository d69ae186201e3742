"""What a rewrite of a section would lose or bend: every token stays, in its place, with its own metric's name.

Tokens are compared as a multiset. Only the form of a comparison may change ("up from 22% to 26%" and "26%, up from
22%" say the same).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.draft import (
    FACT_PARTS,
    Attainment,
    Comparison,
    Draft,
    FactToken,
    Goal,
    Name,
    Section,
    Statement,
    Target,
    Text,
)
from agent.editing.kept import Kept, Loss, kept, kept_parts, key, token_of, told
from agent.editing.placing import displaced
from agent.editing.plans import statements
from agent.naming import lowered
from agent.plan import restates
from agent.printing import Printer
from tools.facts import Fact, FactSheet

_WORD = re.compile(r"[^\W\d_]{3,}")


def losses(before: Section, after: Section, draft: Draft, printer: Printer, *, translated: bool = False) -> list[Loss]:
    """Why `after` may not replace `before`, a section of `draft`; empty when it may.

    In another language (`translated`) a metric may be named by words that the fact sheet does not hold, and in the
    composer's frames too: "brought in $292K".
    """
    found = list(_counted(before, after, draft.sheet, printer))
    if found:
        return found
    return [
        *displaced(before, after, draft, printer, translated=translated),
        *_renamed(before, after, draft.sheet, printer, translated or after.written_by == "composer"),
        # The composer's frames name person and periods where its figures belong.
        *(_misnamed(before, after, printer) if after.written_by != "composer" else ()),
    ]


def _counted(before: Section, after: Section, sheet: FactSheet, printer: Printer) -> Iterator[Loss]:
    why = {name[1] for statement in statements(after) for name in _names(statement) if name[0] == "why"}
    for statement in statements(before):
        for name, of in _names(statement):
            fact = sheet.fact(of or "")
            if name == "why" and of not in why and fact is not None:
                yield Loss(f"this version no longer says why {lowered(fact.label)} matters", f"keep {{name why {of}}}")
    old, new = kept(before), kept(after)
    parts = {key(part): part for part in (*kept_parts(after), *kept_parts(before))}
    for lost in old - new:
        again = "" if new[lost] == 0 else " a second time"
        yield Loss(
            f"this version no longer says{again} that {told(parts[lost], sheet, printer)}",
            f"keep {token_of(parts[lost])}",
        )
    for extra in new - old:
        if old[extra]:
            yield Loss(
                f"this version says twice that {told(parts[extra], sheet, printer)}",
                f"state {token_of(parts[extra])} as often as before",
            )
        else:
            yield Loss(
                f"this version also says that {told(parts[extra], sheet, printer)}, which this section did not say",
                f"leave {token_of(parts[extra])} out",
            )


def _renamed(before: Section, after: Section, sheet: FactSheet, printer: Printer, freely: bool) -> Iterator[Loss]:
    """Every figure still stands in a sentence that names its metric, and beside no other metric's name."""
    names = _Names(sheet)
    named = {key(part): names.around(statement, part) for statement, part in _stated(before)}
    for statement, part in _stated(after):
        fact = sheet.fact(part.fact)
        assert fact is not None
        was, now = named[key(part)], names.around(statement, part)
        if was.own and not now.own and not freely:
            yield Loss(
                f"this version gives {printer.part(part)} without saying that it is {lowered(fact.label)}",
                f"name the metric in its sentence, as {{name label {fact.id}}}",
            )
        elif now.nearest is not None and now.nearest != was.nearest and not names.same(now.nearest, fact):
            yield Loss(
                f"this version gives {printer.part(part)} to {lowered(names.label(now.nearest))}, but it is "
                f"{lowered(fact.label)}",
                f"put {token_of(part)} next to its own metric's name",
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
