"""A draft as Markdown: headline first, then the sections, then what was left out and what the composer stood in for."""

from __future__ import annotations

from agent.draft import Block, Draft, Section
from agent.printing import escape, lowered, period_name


def to_markdown(draft: Draft) -> str:
    """The draft as Markdown, headline first, left-out sections and fallbacks said at the end."""
    sheet = draft.sheet
    lines = [f"# {escape(sheet.person)}: {escape(period_name(sheet.period, draft.locale))}", ""]
    for section in draft.all_sections:
        lines += _section_lines(section, titled=section.id != "headline")
    if draft.left_out:
        reasons = (f"{', '.join(titles)}, because {reason}" for reason, titles in left_out_reasons(draft).items())
        lines += [f"*Left out: {'; '.join(reasons)}.*", ""]
    lines += [line for said in fallback_lines(draft) for line in (f"*{said}*", "")]
    return "\n".join(lines).rstrip() + "\n"


def left_out_reasons(draft: Draft) -> dict[str, list[str]]:
    """The titles of the sections left out, by reason."""
    by_reason: dict[str, list[str]] = {}
    for left in draft.left_out:
        # What a reason says after a semicolon is for whoever imports data, not for the summary's reader.
        reason = escape(left.reason.split(";")[0]).rstrip(". ")
        by_reason.setdefault(reason, []).append(lowered(left.title))
    return by_reason


def fallback_lines(draft: Draft) -> list[str]:
    """One sentence for each reason why the composer stood in for the model."""
    by_reason: dict[str, list[str]] = {}
    for section in draft.all_sections:
        if section.note is not None:
            by_reason.setdefault(section.note, []).append(section.title)
    return [
        f"Written without the model, because {escape(reason)}: {', '.join(titles)}."
        for reason, titles in by_reason.items()
    ]


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
