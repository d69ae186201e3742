"""What travels between the driver and the tasks: the question, what is known of the whole organisation, the parts.

A part has every record that one of its people had a hand in (`tools.distributed.routing`), so whatever is made of the
records of one deal, lead or customer comes out as in the whole. What is made of everybody's records is worked out once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tools.metrics.coverage import Trail
from tools.metrics.distribution import Spread
from tools.metrics.plan import Cell
from tools.metrics.subjects import Subject
from tools.organisation import Settings
from tools.periods import Period

# Of `tools.metrics.shared.SHARED`, what is made of everybody's records and goes to every part …
ACROSS = ("own_records", "spells", "stage_list", "usual_stage_days", "stage_odds", "usual_waits")
# … what goes along as `Organisation.trail` …
AS_TRAIL = ("record_days",)
# … and what is made of the records of one person, deal, lead or customer, which lie together in a part.
WITHIN = (
    "deal_holders", "leads_of_deals", "first_meetings", "touches_before_meeting", "qualified_meetings",
    "lead_milestones", "first_touches", "customer_books", "sold_lines",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked of every part. `threads` and `memory` ("2GB") bound what the engine takes in one task."""

    settings: Settings
    period: Period
    as_of: date
    kpis: Mapping[str, Sequence[str]]
    threads: int = 1
    memory: str | None = None


@dataclass(frozen=True)
class Organisation:
    """What every part is given. `small` are the cells of tables needed whole, `shared` is a DuckDB file of `ACROSS`.

    `coverage` says from when until when a `table.column` speaks.
    """

    hints: tuple[str, ...]
    small: Mapping[str, bytes]
    present: frozenset[str] = frozenset()
    shared: bytes = b""
    coverage: Mapping[str, tuple[date | None, date | None]] | None = None
    trail: Trail | None = None
    unowned_deals: int = 0


@dataclass(frozen=True)
class Part:
    """Whom one task works out: `subjects`, or `groups` of comparable people (with the key of the group)."""

    subjects: tuple[Subject, ...] = ()
    groups: tuple[Subject, ...] = ()


@dataclass(frozen=True)
class Group:
    """The figures of comparable people taken together, and of each metric the spread among them."""

    key: str
    size: int
    cells: Mapping[str, Cell]
    split: Mapping[str, Mapping[str, Mapping[str, Cell]]]
    spreads: Mapping[str, Spread]
