"""The person's own statements as evidence of a fact sheet: dated, and marked as self-reported."""

from __future__ import annotations

from collections.abc import Sequence

from agent.store.statements import StatedByPerson
from tools.evidence.selection import cleaned, reads_like_instruction
from tools.facts import Evidence, FactSheet

# So that a statement's id can be told from a note's of the CRM.
PREFIX = "said-"


def with_statements(sheet: FactSheet, statements: Sequence[StatedByPerson]) -> FactSheet:
    """The sheet with the statements dated in its period among its evidence, oldest first.

    One that speaks to a language model instead of about the work is left out, as such a note would be.
    """
    start, end = sheet.start, sheet.end
    added = [
        as_evidence(each)
        for each in statements
        if (start is None or each.on >= start)
        and (end is None or each.on <= end)
        and not reads_like_instruction(each.text)
    ]
    if not added:
        return sheet
    evidence = sorted((*sheet.evidence, *added), key=lambda note: (note.date, note.id))
    return sheet.model_copy(update={"evidence": tuple(evidence)})


def statements_key(sheet: FactSheet) -> str:
    """Whom the sheet's statements are kept under: the person's id, or `team:<name>`."""
    return sheet.person_id if sheet.person_id is not None else f"team:{sheet.person}"


def as_evidence(statement: StatedByPerson) -> Evidence:
    """The statement as a note of the sheet."""
    return Evidence(
        id=f"{PREFIX}{statement.id[:12]}", date=statement.on, kind=statement.kind, text=cleaned(statement.text),
        person=statement.who, metric=statement.metric, self_reported=True,
    )  # fmt: skip
