"""Where a section says things: shortfalls where a hurried reader looks, labels and causes beside their own results."""

from __future__ import annotations

from collections.abc import Iterator

from agent.draft import Block, Draft, Section
from agent.editing.kept import Loss, kept_in, key, token_of, told
from agent.editing.plans import opened_by_shortfall, opening
from agent.printing import Printer
from tools.facts import FactSheet


def displaced(before: Section, after: Section, draft: Draft, printer: Printer, *, translated: bool) -> Iterator[Loss]:
    """What `after` moved away from where it stood in `before`."""
    yield from _moved(before, after, draft, printer)
    yield from _demoted(before, after, draft, printer)
    if not translated:
        yield from _relabelled(before, after)
    yield from _detached(before, after, draft.sheet)


def _moved(before: Section, after: Section, draft: Draft, printer: Printer) -> Iterator[Loss]:
    """Every key shortfall that opened a block still opens one, by the same comparison."""
    now = opened_by_shortfall(after, draft)
    for fact_id, comparison in opened_by_shortfall(before, draft).items():
        if fact_id not in now or now[fact_id].against != comparison.against:
            yield Loss(
                f"this version no longer says where a hurried reader looks that "
                f"{told(comparison, draft.sheet, printer)}",
                f"open its block with {token_of(comparison)}, before any other figure",
            )


def _demoted(before: Section, after: Section, draft: Draft, printer: Printer) -> Iterator[Loss]:
    """No block that tells of something else comes before a key shortfall that did not before."""
    was, now = (_in_front(section, draft) for section in (before, after))
    for fact_id, others in was.items():
        if now.get(fact_id, others) > others:
            comparison = opened_by_shortfall(before, draft)[fact_id]
            yield Loss(
                f"this version puts other results before the one that says that "
                f"{told(comparison, draft.sheet, printer)}",
                "leave its block where it stood, or move it up",
            )


def _in_front(section: Section, draft: Draft) -> dict[str, int]:
    """For each key shortfall that opens a block, how many blocks stand before it that open with none."""
    found: dict[str, int] = {}
    short, others = opened_by_shortfall(section, draft), 0
    for block in section.blocks:
        first = opening(block)
        if first is not None and first.fact in short:
            found.setdefault(first.fact, others)
        else:
            others += 1
    return found


def _relabelled(before: Section, after: Section) -> Iterator[Loss]:
    """A lead-in ("Fix", "Keep") stays with the block that it stood before."""
    homes = [(block.label, frozenset(map(key, kept_in(block)))) for block in before.blocks if block.label is not None]
    for block in after.blocks:
        tokens = frozenset(map(key, kept_in(block)))
        near = [(label, len(tokens & held)) for label, held in homes if tokens & held]
        most = max((shared for _, shared in near), default=0)
        if near and block.label not in {label for label, shared in near if shared == most}:
            yield Loss(
                f"this version puts “{block.label or 'nothing'}” before what “{near[0][0]}” stood before",
                "leave each label with its block",
            )


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
