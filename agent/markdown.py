"""A draft as Markdown: headline first, then the sections, then what was left out and what the composer stood in for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agent.draft import Block, Draft, Section
from agent.marking import hand_note
from agent.marking import marked as marked_text
from agent.naming import escape, lowered, period_name, saying_in
from agent.printing import Printer
from prompts.loader import PromptSet


def to_markdown(draft: Draft, *, marked: bool = True) -> str:
    """The draft as Markdown, headline first, left-out sections and fallbacks said at the end, in its own language.

    What was typed by hand is marked, unless the text is for checks or for counting its words alone.
    """
    sheet, prompts = draft.sheet, PromptSet.load()
    language = prompts.language(draft.locale)
    printers = {
        code: Printer(sheet, prompts.language(code), code)
        for code in {draft.locale, *map(draft.locale_of, draft.all_sections)}
    }
    lines = [f"# {escape(sheet.person)}: {escape(period_name(sheet.period, draft.locale))}", ""]
    for section in draft.all_sections:
        printer = printers[draft.locale_of(section)] if marked else None
        lines += _section_lines(section, section.id != "headline", printer)
    note = hand_note(draft, printers[draft.locale], language) if marked else None
    lines += [f"*{note}*", ""] if note is not None else []
    page = language["page"]
    if draft.left_out:
        reasons = (
            page["because"].format(titles=", ".join(titles), reason=reason)
            for reason, titles in _left_out(draft, language).items()
        )
        lines += [page["left_out"].format(listed=page["between"].join(reasons)), ""]
    lines += _fallback_lines(draft, language)
    return "\n".join(lines).rstrip() + "\n"


def _left_out(draft: Draft, language: Mapping[str, Any]) -> dict[str, list[str]]:
    """The titles of the sections left out, by reason."""
    by_reason: dict[str, list[str]] = {}
    for left in draft.left_out:
        # What a reason says after a semicolon is for whoever imports data, not for the summary's reader.
        english = left.reason.split(";")[0].rstrip(". ")
        reason = escape(saying_in(language, english, draft.locale)).rstrip(". ")
        title = language.get("titles", {}).get(left.id, left.title)
        by_reason.setdefault(reason, []).append(lowered(title))
    return by_reason


def _fallback_lines(draft: Draft, language: Mapping[str, Any]) -> list[str]:
    """One line for each reason why the composer stood in for the model."""
    by_reason: dict[str, list[str]] = {}
    for section in draft.all_sections:
        if section.note is not None:
            by_reason.setdefault(section.note, []).append(section.title)
    told = language["page"]["without_model"]
    return [
        line
        for reason, titles in by_reason.items()
        for line in (
            told.format(reason=escape(saying_in(language, reason, draft.locale)), titles=", ".join(titles)),
            "",
        )
    ]


def _section_lines(section: Section, titled: bool, printer: Printer | None) -> list[str]:
    lines = [f"## {section.title}", ""] if titled else []
    if section.header:
        lines += [f"| {' | '.join(section.header)} |", f"|{' --- |' * len(section.header)}"]
    previous: str | None = None
    for block in section.blocks:
        if block.style == "paragraph" and previous not in (None, "paragraph"):
            lines.append("")
        lines += _block_lines(block, printer)
        previous = block.style
    if previous != "paragraph":
        lines.append("")
    return lines


def _block_lines(block: Block, printer: Printer | None) -> list[str]:
    told = [statement.text if printer is None else marked_text(statement, printer) for statement in block.statements]
    if block.style == "row":
        return [f"| {' | '.join(told)} |"]
    label = f"**{block.label}:** " if block.label is not None else ""
    text = label + " ".join(told)
    return [f"- {text}"] if block.style == "bullet" else [text, ""]
