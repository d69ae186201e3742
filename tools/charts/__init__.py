"""Pictures from facts: what they show as data, drawn as SVG (`svg`) or for a terminal (`text`).

    fact or report table ──(building)──► Chart ──(shapes)──► rows and points ──► SVG │ text

Every word and figure in a picture was printed before it was drawn; drawing only places them.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from tools.facts import Frozen


class Mark(Frozen):
    """One bar, point or step. `text` is its value as code printed it; a missing value has its reason instead."""

    label: str
    value: float | None
    text: str
    fact: str | None = None
    partial: bool = False


class Chart(Frozen):
    """A small picture of facts.

    bullet: one mark against `target`; trend: marks over time; bars: marks side by side; waterfall: first and last mark
    are totals, the others steps; funnel: marks from the widest.
    """

    kind: Literal["bullet", "trend", "bars", "waterfall", "funnel"]
    title: str
    marks: tuple[Mark, ...]
    target: Mark | None = None
    better: Literal["higher", "lower"] | None = None
    alternative: str = Field(description="the picture in one or two sentences, for whoever cannot see it")
    more: int = Field(0, description="how many marks are left out")
