"""Prints drafts: tokens become figures, comparisons and directions, in the words of one language file.

Everything a reader relies on is decided here and nowhere else: how far a value is rounded, which way it moved, and on
which side of its target it lies. CRM text is escaped, so that a note can neither format the page nor load anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from babel.dates import format_date

from agent.draft import (
    Against,
    Block,
    Comparison,
    Draft,
    FactToken,
    Goal,
    Name,
    Part,
    Quotation,
    Section,
    Statement,
    Target,
    Text,
)  # fmt: skip
from tools.facts import Fact, FactSheet, worse
from tools.quantities import Display, Unit, display, display_against, display_apart, display_pair

_TIMES = ("days", "hours", "minutes")


class Printer:
    """Prints the parts of one fact sheet's drafts in one locale. `language` is that locale's `languages/*.toml`."""

    def __init__(self, sheet: FactSheet, language: Mapping[str, Any], locale: str = "en") -> None:
        self.sheet = sheet
        self.language = language
        self.locale = locale
        self._facts = {fact.id: fact for fact in sheet.facts}

    def statement(self, statement: Statement) -> Statement:
        """The same statement with its text printed for this locale."""
        return statement.model_copy(update={"text": "".join(self.part(part) for part in statement.parts)})

    def section(self, section: Section) -> Section:
        """The same section with every statement printed."""
        blocks = tuple(
            block.model_copy(update={"statements": tuple(self.statement(each) for each in block.statements)})
            for block in section.blocks
        )
        return section.model_copy(update={"blocks": blocks})

    def part(self, part: Part) -> str:
        match part:
            case Text():
                return part.text
            case FactToken():
                return self.figure(self._facts[part.fact], exact=part.exact)
            case Comparison():
                return self.comparison(self._facts[part.fact], part.against, bare=part.form == "bare")
            case Target():
                return self._target(self._facts[part.fact], part.exact)
            case Quotation():
                words = escape(part.span)
                return f"“{words}”" if part.marks else words
            case Name():
                return escape(self._name(part))
            case Goal():
                fact = self._facts[part.fact]
                value = self._with_unit(display(part.value, fact.unit, self.locale), fact.unit)
                return self.language["units"]["proposed"].format(value=value)

    def figure(self, fact: Fact, *, exact: bool = False) -> str:
        """The fact's value with its unit: never rounded onto the target that it misses."""
        if exact:
            return self._with_unit(display(fact.value, fact.unit, self.locale, exact=True), fact.unit)
        return self._with_unit(display_against(fact.value, fact.target, fact.unit, self.locale), fact.unit)

    def comparison(self, fact: Fact, against: Against, *, bare: bool = False) -> str:
        """Figure, comparator and direction as one phrase."""
        other = comparator(fact, against)
        assert other is not None, f"{fact.id} has no {against}; the guard lets no such token through"
        if against == "target":
            return self._against_target(fact, other)
        words = self.language["comparison"][against]
        if fact.value == other:
            return words["equal"].format(value=self.figure(fact))
        if against == "team":
            return self._phrase(words["up" if fact.value > other else "down"], fact, other, attributive=False)
        value, shown = display_apart(fact.value, other, fact.unit, self.locale)
        form = "bare" if bare else "up" if fact.value > other else "down"
        phrase = words[form].format(value=self._with_unit(value, fact.unit), other=self._lighter(shown, fact.unit))
        if against == "prior" and fact.prior_partial:
            return words["partial"].format(phrase=phrase)
        return phrase

    def _against_target(self, fact: Fact, target: float) -> str:
        words = self.language["comparison"]["target"]
        if fact.value == target:
            return words["none_equal"] if target == 0 else words["equal"].format(value=self.figure(fact))
        if target == 0 and fact.better == "lower":
            return words["none_worse"].format(value=self.figure(fact))
        short = worse(fact.value, target, fact.better)
        if fact.better == "lower":
            side = words["lower_is_better_over"] if short else words["lower_is_better_under"]
        else:
            side = words["lower_side"] if fact.value < target else words["higher_side"]
        return self._phrase(words["worse" if short else "better"], fact, target, side=side)

    def _phrase(self, template: str, fact: Fact, other: float, *, attributive: bool = True, **more: str) -> str:
        pair = display_pair(fact.value, other, fact.unit, self.locale)
        return template.format(
            value=self._with_unit(pair.value, fact.unit),
            other=self._attributive(pair.other, fact.unit) if attributive else self._with_unit(pair.other, fact.unit),
            gap=self._gap(pair.gap, fact.unit),
            **more,
        )

    def _target(self, fact: Fact, exact: bool) -> str:
        assert fact.target is not None, f"{fact.id} has no target; the guard lets no such token through"
        if fact.target == 0 and Unit.parse(fact.unit).kind == "count":
            return self.language["units"]["none"]
        return self._with_unit(display(fact.target, fact.unit, self.locale, exact=exact), fact.unit)

    def _with_unit(self, shown: Display, unit: str) -> str:
        kind = Unit.parse(unit).kind
        if kind == "multiple":
            return self.language["units"]["multiple"].format(n=shown.text)
        return self._counted(kind, shown) if kind in _TIMES else shown.text

    def _lighter(self, shown: Display, unit: str) -> str:
        """The earlier value: its unit word is left to the figure after it ("from 78 to 96 days")."""
        return shown.text if Unit.parse(unit).kind in _TIMES else self._with_unit(shown, unit)

    def _attributive(self, shown: Display, unit: str) -> str:
        """The form before a noun: "the 80-day target"."""
        kind = Unit.parse(unit).kind
        if kind in _TIMES:
            return self.language["units"]["attributive"][kind].format(n=shown.text)
        return self._with_unit(shown, unit)

    def _gap(self, gap: Display, unit: str) -> str:
        return self._counted("points", gap) if Unit.parse(unit).kind == "ratio" else self._with_unit(gap, unit)

    def _counted(self, word: str, shown: Display) -> str:
        one, many = self.language["units"][word]
        return (one if shown.text == "1" else many).format(n=shown.text)

    def _name(self, name: Name) -> str:
        sheet, scope = self.sheet, self.sheet.scope
        match name.name:
            case "person":
                return sheet.person
            case "first_name":
                return sheet.person.split()[0]
            case "role":
                return sheet.role.replace("_", " ")
            case "period":
                return period_name(sheet.period, self.locale)
            case "prior_period":
                return period_name(sheet.prior_period or "", self.locale)
            case "year_ago_period":
                return period_name(sheet.year_ago_period or "", self.locale)
            case "dates":
                return date_range(sheet.start, sheet.end, self.locale)
            case "label":
                return self._facts[name.of or ""].label
            case "definition":
                return self._facts[name.of or ""].definition or ""
            case "target_note":
                return self._facts[name.of or ""].target_note or ""
            case "quality":
                return sheet.quality[int(name.of or 0)]
            case "change":
                return scope.changes[int(name.of or 0)]
            case "team" | "segment" | "territory" | "manager":
                return getattr(scope, name.name) or ""


def comparator(fact: Fact, against: Against) -> int | float | None:
    """The fact's comparator of that kind, or None where none is on record."""
    return {"target": fact.target, "prior": fact.prior, "year_ago": fact.year_ago, "team": fact.team}[against]


_QUARTER = re.compile(r"(FY)?(\d{4})-([QH][1-4])")
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


def period_name(label: str, locale: str = "en") -> str:
    """A period's label for readers: 2026-Q2 → Q2 2026, FY2018-Q1 → Q1 FY2018, 2017-07 → July 2017."""
    if match := _QUARTER.fullmatch(label):
        return f"{match[3]} {match[1] or ''}{match[2]}"
    if match := _MONTH.fullmatch(label):
        return format_date(date(int(match[1]), int(match[2]), 1), "LLLL y", locale=locale)
    if match := _RANGE.fullmatch(label):
        return date_range(date.fromisoformat(match[1]), date.fromisoformat(match[2]), locale)
    return label


def date_range(start: date | None, end: date | None, locale: str = "en") -> str:
    """Both days included: "1 April – 30 June 2026" in English, the locale's long dates elsewhere."""
    if start is None or end is None:
        return ""
    if locale == "en":
        first = f"{start.day} {start:%B}" + (f" {start.year}" if start.year != end.year else "")
        return f"{first} – {end.day} {end:%B} {end.year}"
    return f"{format_date(start, 'long', locale=locale)} – {format_date(end, 'long', locale=locale)}"


# What Markdown could take for markup: emphasis, links, images, code, HTML, table cells, entities.
_MARKUP = re.compile(r"[\\*`\[\]<>|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|^(?=[#+-]\s|\d+[.)]\s)", re.M)


def escape(text: str) -> str:
    r"""CRM text as plain words in Markdown: one line, no markup, no address that a viewer would make a link of.

    >>> escape("![x](http://a.b) <b>")
    '!\\[x\\](http:\\/\\/a.b) \\<b\\>'
    """
    line = " ".join(text.split())
    marked = _MARKUP.sub(lambda match: f"\\{match[0]}", line)
    return marked.replace("://", ":\\/\\/").replace("www.", "www\\.")


def to_markdown(draft: Draft) -> str:
    """The draft as Markdown, headline first, left-out sections and fallbacks said at the end."""
    sheet = draft.sheet
    lines = [f"# {escape(sheet.person)}: {escape(period_name(sheet.period, draft.locale))}", ""]
    for section in draft.all_sections:
        lines += _section_lines(section, titled=section.id != "headline")
    closing = [f"- {left.title}: {left.reason}" for left in draft.left_out]
    if closing:
        lines += ["---", "", "Left out of this summary:", "", *closing, ""]
    notes = [section.note for section in draft.all_sections if section.note is not None]
    lines += [line for note in notes for line in (f"*{note}*", "")]
    return "\n".join(lines).rstrip() + "\n"


def _section_lines(section: Section, titled: bool) -> list[str]:
    lines = [f"## {section.title}", ""] if titled else []
    if section.header:
        lines += [f"| {' | '.join(section.header)} |", f"|{' --- |' * len(section.header)}"]
    previous: str | None = None
    for block in section.blocks:
        if block.style == "paragraph" and previous not in (None, "paragraph"):
            lines.append("")
        lines += _block_lines(block)
        previous = block.style
    if previous != "paragraph":
        lines.append("")
    return lines


def _block_lines(block: Block) -> list[str]:
    if block.style == "row":
        return [f"| {' | '.join(statement.text for statement in block.statements)} |"]
    label = f"**{block.label}:** " if block.label is not None else ""
    text = label + " ".join(statement.text for statement in block.statements)
    return [f"- {text}"] if block.style == "bullet" else [text, ""]
