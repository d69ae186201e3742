"""What could not be computed, and the questions that nothing on record answers."""

from __future__ import annotations

from agent.chat.answer import Asks, Block, Notice, Said
from agent.chat.view import View, metric_label
from agent.draft import Statement, Text

Blocks = tuple[Block, ...]


def missing(view: View) -> Blocks:
    """Every metric that is absent, gathered by reason, and what is odd about the data."""
    by_reason: dict[str, list[str]] = {}
    for absent in view.sheet.absent:
        by_reason.setdefault(absent.reason.rstrip("."), []).append(metric_label(absent.id))
    lines = [f"{', '.join(labels)}: {reason}." for reason, labels in by_reason.items()]
    lines += [f"{line.rstrip('.')}." for line in view.sheet.quality]
    if not lines:
        return (Notice(text=f"Everything could be computed for {view.sheet.person} in {view.period}."),)
    statements = tuple(Statement(parts=(Text(text=each),), text=each) for each in lines)
    return (Said(title="What could not be computed, and what is missing", style="bullets", statements=statements),)


def questions(view: View) -> Blocks:
    """Two or three questions on results that nothing on record explains."""
    asked: tuple[str, ...] = ()
    if not asked:
        return (Notice(text="Everything that moved clearly has a note on record."),)
    return (Asks(title="Worth answering before this goes out", questions=asked),)
