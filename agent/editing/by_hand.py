"""A draft edited as text by a person: figures that are facts become tokens again, all else that is new is a claim.

What nobody touched stays byte-identical, down to the block. A figure counts as a fact's only beside its metric's name,
or where the sentence it stands in stated it before: "12 new reps" is not the 12 deals won. A key shortfall that the
text no longer states is kept with the draft (`taken_out`), so that whoever reads it is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import get_args

from agent.comparing import comparator
from agent.draft import (
    Against,
    Block,
    Comparison,
    Draft,
    DraftFinding,
    FactToken,
    Name,
    Part,
    Quotation,
    Section,
    Statement,
    TakenOut,
    Target,
    Text,
)
from agent.editing.plans import opened_by_shortfall, statements
from agent.editing.structure import leave_out
from agent.editing.typed import Typed
from agent.guard import number_like
from agent.marking import compared, no_longer_stated, typed_by_hand
from agent.printing import Printer
from prompts.loader import PromptSet
from tools.errors import InputError
from tools.facts import Fact

BY_HAND = "a person took it out by hand"
HINT = "%% Lines that begin like this one are not read. Change the text below; leave the headings (##) as they are.\n"
# How much of an old sentence a new one must hold to be its successor.
_ALIKE = 0.55
_HEADING = re.compile(r"^##\s+(.+?)\s*$")
_LABEL = re.compile(r"^\*\*(.+?):\*\*\s+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[“\"(]?[^\W\d_a-z])")
_WORD = re.compile(r"[^\W\d_]{3,}")


def editable(draft: Draft) -> str:
    """The draft as the text that a person edits."""
    parts = [HINT]
    for section in draft.all_sections:
        parts.append(f"## {section.title}\n\n{_body(section)}\n")
    return "\n".join(parts)


def taken_back(text: str, draft: Draft, prompts: PromptSet, on: date | None = None) -> Draft:
    """The draft as the edited text says, on that day. Raises `InputError` for headings that are not the draft's."""
    reader = _Reader(draft, prompts, on)
    bodies = dict(_split(text, draft))
    after = draft
    for section in draft.all_sections:
        body = bodies.get(section.id)
        if body is None:
            if section.id == "headline":
                raise InputError(f"The headline (## {section.title}) is gone; a draft cannot be without it.")
            after = leave_out(after, section.id, BY_HAND)
        elif body != _body(section):
            if prompts.section(section.id).kind == "facts":
                raise InputError(f"“{section.title}” holds facts alone and cannot be edited; leave it as it is.")
            after = _put(after, reader.section(body, section))
    dropped = tuple(TakenOut(said=said, on=on) for said in _dropped(draft, after))
    return after.model_copy(update={"taken_out": (*no_longer_stated(after), *dropped)})


def _dropped(before: Draft, after: Draft) -> list[Comparison]:
    """The key shortfalls that opened a paragraph before and are stated nowhere now."""
    opened = {
        fact: said for section in before.all_sections for fact, said in opened_by_shortfall(section, before).items()
    }
    return [said for fact, said in opened.items() if fact not in compared(after)]


def manual_claims(draft: Draft) -> list[DraftFinding]:
    """One finding for each claim that was typed by hand and is on no record."""
    return [
        DraftFinding(
            check="manual_claim",
            severity="soft",
            quote=statement.text,
            message=f"“{part.text}” was added by hand and is not on record.",
            suggestion="Log where it comes from, or leave it out.",
        )
        for statement, part in typed_by_hand(draft)
    ]


def figures_typed(draft: Draft, prompts: PromptSet) -> list[str]:
    """The claims that hold a figure, as they were typed."""
    language = prompts.language(draft.locale)
    return [part.text for _, part in typed_by_hand(draft) if number_like(part.text, language) is not None]


def _split(text: str, draft: Draft) -> Iterator[tuple[str, str]]:
    """Section id and body for each heading."""
    ids = {section.title: section.id for section in draft.all_sections}
    current: str | None = None
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("%%"):
            continue
        heading = _HEADING.match(line)
        if heading is None:
            lines.append(line.rstrip())
            continue
        if heading[1] not in ids:
            raise InputError(f"“{heading[1]}” is no heading of this draft; it has {', '.join(ids)}.")
        if current is not None:
            yield current, "\n".join(lines).strip()
        current, lines = ids[heading[1]], []
    if current is None:
        raise InputError("The text has no heading (## …) left; nothing was changed.")
    yield current, "\n".join(lines).strip()


def _body(section: Section) -> str:
    """A section's text, blocks apart by an empty line, bullets by none."""
    lines: list[str] = []
    for index, block in enumerate(section.blocks):
        if index and block.style == "paragraph":
            lines.append("")
        lines.append(_block_text(block))
    return "\n".join(lines).strip()


def _block_text(block: Block) -> str:
    if block.style == "row":
        return f"| {' | '.join(statement.text for statement in block.statements)} |"
    label = f"**{block.label}:** " if block.label is not None else ""
    text = label + " ".join(statement.text for statement in block.statements)
    return f"- {text}" if block.style == "bullet" else text


def _put(draft: Draft, section: Section) -> Draft:
    if section.id == "headline":
        return draft.model_copy(update={"headline": section})
    sections = tuple(section if each.id == section.id else each for each in draft.sections)
    return draft.model_copy(update={"sections": sections})


@dataclass(frozen=True)
class _Reader:
    """Reads edited text back into parts, by what the draft's fact sheet prints."""

    draft: Draft
    prompts: PromptSet
    on: date | None

    def section(self, body: str, old: Section) -> Section:
        known = {_block_text(block): block for block in old.blocks}
        blocks = [known.get(text) or self._block(text, old) for text in _blocks(body)]
        if not blocks:
            raise InputError(f"“{old.title}” is empty; take its heading out as well to leave the section out.")
        return old.model_copy(update={"blocks": tuple(blocks), "written_by": "person", "note": None})

    def _block(self, text: str, old: Section) -> Block:
        style = "bullet" if text.startswith("- ") else "paragraph"
        rest = text.removeprefix("- ")
        label = _LABEL.match(rest)
        if label is not None and label[1] not in {block.label for block in old.blocks}:
            label = None  # Whatever was typed is read as text, where it is marked.
        rest = rest[label.end() :] if label is not None else rest
        told = tuple(self._statement(sentence, old) for sentence in self._sentences(rest, old))
        return Block(style=style, label=label[1] if label is not None else None, statements=told)  # type: ignore[arg-type]

    def _sentences(self, text: str, old: Section) -> list[str]:
        """The text's sentences; those that stood there before stay whole, whatever marks they hold."""
        for statement in sorted(statements(old), key=lambda each: len(each.text), reverse=True):
            if len(statement.text) > 10 and statement.text in text:
                before, _, after = text.partition(statement.text)
                first = self._sentences(before, old) if before.strip() else []
                last = self._sentences(after, old) if after.strip() else []
                return [*first, statement.text, *last]
        return [sentence.strip() for sentence in _SENTENCE_END.split(text.strip()) if sentence.strip()]

    def _statement(self, text: str, old: Section) -> Statement:
        same = next((statement for statement in statements(old) if statement.text == text), None)
        if same is not None:
            return same
        before = max(statements(old), key=lambda each: _likeness(each.text, text), default=None)
        if before is not None and _likeness(before.text, text) < _ALIKE:
            before = None
        code = self.draft.locale_of(old)
        language = self.prompts.language(code)
        printer = Printer(self.draft.sheet, language, code)
        old_parts = [(printer.part(part), part) for part in before.parts] if before is not None else []
        printed = list(self._printed(text, before, printer))
        parts = Typed(text, old_parts, printed, self._empty(text, before, code), language, self.on).parts()
        return printer.statement(Statement(parts=tuple(parts)))

    def _empty(self, text: str, before: Statement | None, code: str) -> set[str]:
        """The words that claim nothing: the commonest of the language, and the names of the facts that are stated."""
        stated = [fact for fact in self.draft.sheet.facts
                  if _names(text, fact) or (before is not None and fact.id in before.facts)]  # fmt: skip
        names = {word for fact in stated for word in fact.label.casefold().split()}
        return {*self.prompts.edit_words(code)["common"], *names}

    def _printed(self, text: str, before: Statement | None, printer: Printer) -> Iterator[tuple[str, Part]]:
        """Every printed form that a stretch of this sentence may be, with its part."""
        if before is not None:
            for part in before.parts:
                if not isinstance(part, Text):
                    yield printer.part(part), part
        named = [fact for fact in self.draft.sheet.facts if _names(text, fact)]
        if before is not None:
            named += [fact for fact in self.draft.sheet.facts if fact.id in before.facts]
        for fact in dict.fromkeys(fact.id for fact in named):
            for part in _ways(self.draft.sheet.fact(fact)):  # type: ignore[arg-type]
                yield printer.part(part), part
        for kind in ("period", "prior_period", "year_ago_period", "dates", "person", "team", "segment", "territory"):
            part = Name(name=kind)  # type: ignore[arg-type]
            if printed := printer.part(part):
                yield printed, part
        for note in self.draft.sheet.evidence:
            if note.text.rstrip(".") in text and len(note.text) > 10:
                yield note.text.rstrip("."), Quotation(evidence=note.id, span=note.text.rstrip("."), marks=False)


def _ways(fact: Fact) -> Iterator[Part]:
    """Every token that states this fact."""
    yield FactToken(fact=fact.id)
    yield FactToken(fact=fact.id, exact=True)
    known: list[Against] = [against for against in get_args(Against) if comparator(fact, against) is not None]
    for against in known:
        for form in ("full", "stated", "bare") if against in ("prior", "year_ago") else ("full",):
            yield Comparison(fact=fact.id, against=against, form=form)  # type: ignore[arg-type]
            for other in known:
                if other != against:
                    yield Comparison(fact=fact.id, against=against, form=form, beside=(other,))  # type: ignore[arg-type]
    if fact.target is not None:
        yield Target(fact=fact.id)
        yield Target(fact=fact.id, exact=True)


def _names(text: str, fact: Fact) -> bool:
    """Whether the sentence names the fact's metric, or most words of its name."""
    words = set(_WORD.findall(fact.label.casefold()))
    said = set(_WORD.findall(text.casefold()))
    return bool(words) and len(words & said) * 2 > len(words)


def _likeness(old: str, new: str) -> float:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _blocks(body: str) -> Iterable[str]:
    """A section's blocks: every bullet one, every paragraph one, lines of a paragraph joined."""
    for paragraph in re.split(r"\n\s*\n", body):
        lines: list[str] = []
        for line in paragraph.splitlines():
            if line.startswith(("- ", "|")) and lines:
                yield " ".join(lines)
                lines = []
            lines.append(line.strip())
        if lines and any(lines):
            yield " ".join(lines)
