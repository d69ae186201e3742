"""One fact sheet as answers show it: figures as code prints them, each with the address at which it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from agent.chat.answer import Cell, Notice, Said, SheetOf
from agent.comparing import comparator, hardly_moved
from agent.draft import Against, Comparison, FactToken, Name, Part, Statement, Text
from agent.naming import period_name
from agent.plan import Plan, plan_summary
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.errors import NotFound, did_you_mean
from tools.facts import Absent, Fact, FactSheet
from tools.metrics.catalogue import METRICS
from tools.quantities import Unit, display, display_apart

NONE = "–"
_LABELS = {metric.id: metric.label for metric in METRICS}


@dataclass(frozen=True)
class View:
    """A sheet, its address (`of`) and how its figures are printed."""

    sheet: FactSheet
    of: SheetOf
    prompts: PromptSet
    locale: str = "en"

    @cached_property
    def language(self) -> dict[str, Any]:
        return self.prompts.language(self.locale)

    @cached_property
    def printer(self) -> Printer:
        return Printer(self.sheet, self.language, self.locale)

    @cached_property
    def plan(self) -> Plan:
        return plan_summary(self.sheet, self.prompts)

    @property
    def period(self) -> str:
        """The period for readers: Q2 2026."""
        return period_name(self.sheet.period, self.locale)

    def said(self, lines: Sequence[Sequence[Part]], *, title: str = "", bullets: bool = False) -> Said:
        """Sentences of tokens, printed."""
        statements = tuple(self.printer.statement(Statement(parts=tuple(parts))) for parts in lines)
        return Said(title=title, style="bullets" if bullets else "paragraph", statements=statements, of=self.of)

    def value(self, fact: Fact) -> Cell:
        """The fact's value."""
        return Cell(text=self.printer.figure(fact), fact=fact.id, of=self.of)

    def other(self, fact: Fact, against: Against) -> Cell:
        """What the value is held against, as a sentence on it says that; a dash where nothing is on record."""
        number = comparator(fact, against)
        if number is None:
            return Cell(text=NONE)
        told = told_against(fact)
        if against in told and not hardly_moved(fact, against):
            text = self._with_unit(self.printer.beside(fact, told)[told.index(against)].text, fact.unit)
        else:
            text = self.quantity(number, fact.unit)
        return Cell(text=text, fact=fact.id, of=self.of)

    def pair(self, fact: Fact, against: Against) -> tuple[Cell, Cell]:
        """Value and comparator, with as many digits as it takes to see which is greater."""
        number = comparator(fact, against)
        if number is None:
            return self.value(fact), Cell(text=NONE)
        shown = display_apart(fact.value, number, fact.unit, self.locale)
        left, right = (self._with_unit(each.text, fact.unit) for each in shown)
        return Cell(text=left, fact=fact.id, of=self.of), Cell(text=right, fact=fact.id, of=self.of)

    def quantity(self, number: float, unit: str, *, exact: bool = False) -> str:
        """A number with its unit, as a table shows it."""
        return self._with_unit(display(number, unit, self.locale, exact=exact).text, unit)

    def _with_unit(self, text: str, unit: str) -> str:
        kind = Unit.parse(unit).kind
        if kind == "multiple":
            return self.language["units"]["multiple"].format(n=text)
        if kind in ("days", "hours", "minutes"):
            one, many = self.language["units"][kind]
            return (one if text == "1" else many).format(n=text)
        return text

    def find(self, metric: str) -> Fact | Absent:
        """The fact (or the absent metric) of that id or name, or the nearest. Raises `NotFound`."""
        wanted = _plain(metric)
        named = {}
        for fact in self.sheet.facts:
            named.setdefault(_plain(fact.label), fact)
            named.setdefault(_plain(fact.id), fact)
        for absent in self.sheet.absent:
            named.setdefault(_plain(_LABELS.get(absent.id, absent.id)), absent)
            named.setdefault(_plain(absent.id), absent)
        if wanted in named:
            found = named[wanted]
            whole_team = self.sheet.fact("team_attainment")
            # A manager's quota is that of the team.
            return whole_team if whole_team is not None and found.id == "quota_attainment" else found
        words = set(wanted.split())
        spoken = any(word.isalpha() for word in words)
        holding = [name for name in named if spoken and words <= set(name.split())]
        if holding:
            return named[min(holding, key=lambda name: (isinstance(named[name], Absent), len(name), name))]
        raise NotFound(f'There is no metric "{metric}". {did_you_mean(wanted, sorted(named))}')


def metric_label(metric_id: str) -> str:
    """The metric's name for people."""
    return _LABELS.get(metric_id, metric_id.replace("_", " "))


def label_of(fact: Fact, *, lower: bool = False) -> Name:
    return Name(name="label", of=fact.id, lower=lower)


def compared(fact: Fact, form: str = "full") -> Part:
    """The fact with what it is held against: its target, else the period before, else alone."""
    told = told_against(fact)
    if not told:
        return FactToken(fact=fact.id)
    if told[0] == "target":
        return Comparison(fact=fact.id, against="target", beside=told[1:])
    return Comparison(fact=fact.id, against="prior", form="stated")


def told_against(fact: Fact) -> tuple[Against, ...]:
    """What a sentence on the fact holds it against."""
    kinds: tuple[Against, ...] = ("target", "prior")
    return tuple(kind for kind in kinds if comparator(fact, kind) is not None)


def line(fact: Fact) -> tuple[Part, ...]:
    """A fact as one line of a list: its name, its figure, and what it is held against."""
    return (label_of(fact), Text(text=": "), compared(fact), Text(text="."))


def _plain(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def turned_to(of: SheetOf, period: str, back: str = "") -> Notice:
    """What is said whenever a conversation turns to somebody else, or to another time; `back` names where it was."""
    returning = f"; “back to {back}” returns" if back else ""
    return Notice(text=f"This is about {of.name} in {period} from here on{returning}.", turned=of)
