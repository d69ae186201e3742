"""What reads across everybody's records: worked out once for the organisation, and given to whoever works out a part.

Nearly everything about a person is made from records that belong to them, so an organisation can be worked out in
parts, each with some people's records. The exceptions are the relations of `SHARED`: made from the records of
everybody, they are the same whoever is asked for. A part computes the figures of the whole if it is given

    the records of its people            `records_of` says which: their own, those of deals and leads that they had a
                                         hand in; tables that are not named there are small and needed whole
    the shared relations                 `write_shared` puts them into a file, and `Engine(…, shared=file)` takes them
    subjects without a group             comparable people are elsewhere: `replace(subject, peers=None)`
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tools.database import Database, quoted

if TYPE_CHECKING:
    import pandas as pd

    from tools.metrics.engine import Engine

SHARED = (
    # People, for whose they are to be known on any day
    "own_records", "spells", "deal_holders",
    # Where everybody's records end
    "record_days",
    # Stages: what there are, how long deals usually stay, how often they are won from there
    "stage_list", "usual_stage_days", "stage_odds",
    # Prospects and leads, whom several people meet and touch
    "leads_of_deals", "first_meetings", "touches_before_meeting", "qualified_meetings", "lead_milestones",
    "usual_waits", "first_touches",
    # Customers, to whom several people sell
    "customer_books", "sold_lines",
)  # fmt: skip

# Beside the shared relations: which of the tables and columns that metrics need hold anything in the organisation.
NEEDS = "needs_met"


def write_shared(engine: Engine, file: Path) -> None:
    """Write the shared relations, for the engine's periods, and what needs are met to a DuckDB file."""
    engine.relations.require(SHARED)
    needs = sorted({need for metric in engine.metrics for either in metric.needs for need in either.split("|")})
    run = engine.database.connection.execute
    run(f"ATTACH '{quoted(file)}' AS shared_file")
    for name in SHARED:
        run(f"CREATE TABLE shared_file.{name} AS SELECT * FROM {name}")
    run(
        f"CREATE TABLE shared_file.{NEEDS} AS SELECT unnest(?::VARCHAR[]) AS need, unnest(?::BOOLEAN[]) AS met",
        [needs, [engine.has(need) for need in needs]],
    )
    run("DETACH shared_file")


def records_of(database: Database, people: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Every table as far as it concerns these people, as frames: what a part of the organisation is worked out from."""
    run = database.connection.execute
    run("CREATE OR REPLACE TEMP TABLE part AS SELECT unnest(?::VARCHAR[]) AS person", [list(people)])
    for name, sql in _PARTS.items():
        run(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}")
    return {
        table: database.query(f"SELECT * FROM {table} t WHERE {_RECORDS.get(table, 'true')}")
        for table in sorted(database.present)
    }


# Deals that they own, owned once or share in; activities of theirs; and the deals that those are about.
_PARTS = {
    "part_deals": """
        SELECT deal_id AS deal FROM deals WHERE owner IN (FROM part)
        UNION SELECT deal FROM splits WHERE person IN (FROM part)
        UNION SELECT c.deal FROM deal_changes c JOIN people_keys k ON k.key IN (lower(trim(c.old)), lower(trim(c.new)))
              WHERE c.field = 'owner' AND k.id IN (FROM part)
    """,
    "part_touched": """
        SELECT deal FROM part_deals
        UNION SELECT coalesce(a.deal, l.deal) FROM activities a LEFT JOIN leads l ON l.lead_id = a.lead
              WHERE a.owner IN (FROM part) AND coalesce(a.deal, l.deal) IS NOT NULL
    """,
    "part_leads": """
        SELECT lead_id AS lead FROM leads WHERE owner IN (FROM part) OR deal IN (FROM part_deals)
        UNION SELECT lead FROM activities WHERE owner IN (FROM part) AND lead IS NOT NULL
    """,
}
_RECORDS = {
    "deals": "deal_id IN (FROM part_touched)",
    "deal_changes": "deal IN (FROM part_touched)",
    "splits": "deal IN (FROM part_touched)",
    "deal_lines": "deal IN (FROM part_touched)",
    "activities": "owner IN (FROM part) OR deal IN (FROM part_deals)",
    "leads": "lead_id IN (FROM part_leads)",
}
