"""What writes a section: a language model or the composer, behind one method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from agent.draft import Section
from agent.plan import Plan, SectionPlan


class Writer(Protocol):
    """Writes one prose section of a plan.

    `refused` holds the guard's reasons where an earlier attempt at the same section was refused. Raises
    `agent.models.errors.SectionFailed` when the section cannot be had from this writer.
    """

    async def write(self, section: SectionPlan, plan: Plan, refused: Sequence[str] = ()) -> Section: ...
