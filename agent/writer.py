"""What writes a section: a language model or the composer, behind one method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agent.draft import Section
from agent.plan import Plan, SectionPlan
from agent.record import Attempt

# What a draft's reader is told; the reasons in full, token notation included, are in the record's attempts.
REFUSED = "its text did not pass the guard"


class SectionFailed(Exception):
    """A writer cannot deliver a section. `outcome` is the attempt's outcome, `reason` one clause for the person."""

    def __init__(self, outcome: str, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason


class SectionRefused(SectionFailed):
    """A writer has an answer that cannot stand as it is; asked again with these reasons, it may mend it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("refused", REFUSED)
        self.reasons = tuple(reasons)


class Writer(Protocol):
    """Writes one prose section of a plan; keeps account of every attempt, failed ones included.

    `refused` holds the guard's reasons where an earlier attempt at the same section was refused. Raises
    `SectionRefused` when an answer cannot be read but may be mended, and `SectionFailed` when the section cannot be
    had from this writer. Sections are asked for concurrently.
    """

    attempts: list[Attempt]

    async def write(self, section: SectionPlan, plan: Plan, refused: Sequence[str] = ()) -> Section: ...
