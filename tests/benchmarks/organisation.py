"""A made-up organisation of any size, the same on every machine: deals with history, activities, leads, targets.

Every value is a hash of the row's number and the column's name, so that rows can be made in any order, in parallel, and
without holding them. People work in teams of ten with a manager, in three segments; a deal takes about two months
through four stages; one in three slips, one in twenty-five changes hands.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tools.database import connect

FIRST_DAY = date(2024, 1, 1)
AS_OF = date(2026, 6, 30)
PERIOD = "2026-Q2"
PERSON = "p00003"
_LAYER = "layers/generated"


class Size(NamedTuple):
    """How large an organisation is. Each deal has about five changes and ten activities."""

    name: str
    people: int
    deals: int


SIZES = {
    size.name: size
    for size in (Size("20k", 50, 20_000), Size("500k", 500, 500_000), Size("5M", 5_000, 5_000_000))
}  # fmt: skip


def write_organisation(size: Size, folder: Path) -> Path:
    """Write the workspace of that size, or leave it as it is where it is there already; return its folder."""
    workspace = folder / size.name
    layer = workspace / _LAYER
    if (workspace / "current.json").exists():
        return workspace
    layer.mkdir(parents=True, exist_ok=True)
    with connect() as connection:
        connection.execute(f"SET memory_limit = '2GB'; SET temp_directory = '{workspace}'")
        connection.execute(_MACROS)
        for table, sql in _TABLES.items():
            filled = sql.format(people=size.people, deals=size.deals, first=FIRST_DAY, as_of=AS_OF)
            # What later tables are made of is read back from its file, so that memory stays small.
            file = layer / f"{table}.parquet"
            connection.execute(f"COPY ({filled}) TO '{file}' (FORMAT parquet)")
            connection.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{file}')")
        (layer / "plan.parquet").unlink()
    (workspace / "workspace.toml").write_text('[organisation]\nname = "Generated"\n', encoding="utf-8")
    pointer = {"layers": [{"name": "generated", "folder": _LAYER, "zone": "UTC"}]}
    (workspace / "current.json").write_text(json.dumps(pointer), encoding="utf-8")
    return workspace


# u(row, column): a number in [0, 1) that looks random (hashed twice: once alone, columns would go together).
# one_of: an entry of a list chosen by it.
_MACROS = """
CREATE MACRO u(i, c) AS (hash(hash(i, c)) >> 11) / 9007199254740992.0;
CREATE MACRO one_of(list, i, c) AS list[1 + CAST(floor(u(i, c) * len(list)) AS INTEGER)];
CREATE MACRO person(n) AS 'p' || lpad(CAST(n AS VARCHAR), 5, '0');
"""

# `plan` is what becomes of each deal: on which second of its life it meets each stage, and how it ends.
_TABLES = {
    "people": """
        SELECT person(n) AS person_id, 'Person ' || n AS name,
               CASE WHEN n % 10 = 0 THEN 'sales_manager' ELSE 'account_executive' END AS role,
               CASE WHEN n % 10 > 0 THEN person(n - n % 10) END AS manager, 'Team ' || (n // 10) AS team,
               ['smb', 'mid', 'enterprise'][1 + n // 10 % 3] AS segment
        FROM range({people}) t(n)
    """,
    "stages": """
        SELECT stage, CAST(row_number() OVER () AS BIGINT) AS position, kind, probability
        FROM (VALUES ('Discovery', 'open', 0.1), ('Demo', 'open', 0.3), ('Proposal', 'open', 0.5),
                     ('Negotiation', 'open', 0.7), ('Won', 'won', 1.0), ('Lost', 'lost', 0.0)
             ) s(stage, kind, probability)
    """,
    "plan": """
        WITH born AS (
            SELECT n, CAST(floor(u(n, 'day') * (DATE '{as_of}' - DATE '{first}')) AS INTEGER) AS day,
                   DATE '{first}' + day AS created_on,
                   CAST(10 + floor(100 * u(n, 'length') * (0.5 + u(n, 'more'))) AS INTEGER) AS length,
                   u(n, 'fate') < 0.27 AS wins, CAST(1 + floor(u(n, 'end') * 4) AS INTEGER) AS last_stage,
                   CAST(floor(u(n, 'owner') * {people}) AS INTEGER) AS owner, u(n, 'moves') < 0.04 AS moves,
                   CASE WHEN u(n, 'slips') < 0.33 THEN 31 ELSE 0 END AS slip,
                   CASE WHEN u(n, 'bare') >= 0.03 THEN 2000 + floor(u(n, 'amount') * u(n, 'size') * 96000) END AS amount
            FROM range({deals}) t(n)
        )
        SELECT *, created_on + length AS ends_on, created_on + length <= DATE '{as_of}' AS closed
        FROM born
    """,
    "deals": """
        SELECT 'd' || n AS deal_id, 'a' || (n // 4) AS account,
               person(CASE WHEN moves THEN (owner + 1) % {people} ELSE owner END) AS owner,
               CASE WHEN closed AND wins THEN 'Won' WHEN closed THEN 'Lost'
                    ELSE ['Discovery', 'Demo', 'Proposal', 'Negotiation'][
                        1 + least(CAST(3 * (DATE '{as_of}' - created_on) // length AS INTEGER), 3)] END AS stage,
               CASE WHEN NOT closed THEN 'open' WHEN wins THEN 'won' ELSE 'lost' END AS status,
               CAST(amount AS DECIMAL(18, 4)) AS amount, created_on,
               created_on + length + CASE WHEN closed THEN 0 ELSE slip END AS expected_close_on,
               CASE WHEN closed THEN ends_on END AS closed_on,
               CASE WHEN u(n, 'type') < 0.85 THEN 'new' ELSE 'expansion' END AS type,
               one_of(['web', 'partner', 'event', 'outbound', 'referral'], n, 'source') AS source,
               one_of(['marketing', 'sales'], n, 'origin') AS origin,
               CASE WHEN u(n, 'step') < 0.6 THEN 'call back' END AS next_step,
               CASE WHEN closed AND NOT wins THEN one_of(['price', 'timing', 'competitor', 'no decision'], n, 'why') END
                   AS lost_reason
        FROM plan
    """,
    "deal_changes": """
        WITH moments AS (
            SELECT *, CAST(created_on AS TIMESTAMP)
                      + to_seconds(CAST(32400 + floor(u(n, 'second') * 28800) AS BIGINT)) AS began
            FROM plan
        ), stages AS (
            SELECT n, 'stage' AS field, s.old, s.new, began + to_hours(length * 8 * s.step) AS "at"
            FROM moments, (VALUES (1, 'Discovery', 'Demo'), (2, 'Demo', 'Proposal'), (3, 'Proposal', 'Negotiation')
                          ) s(step, old, new)
            WHERE step < last_stage OR wins
        ), endings AS (
            SELECT n, 'stage',
                   ['Discovery', 'Demo', 'Proposal', 'Negotiation'][CASE WHEN wins THEN 4 ELSE last_stage END],
                   CASE WHEN wins THEN 'Won' ELSE 'Lost' END, CAST(ends_on AS TIMESTAMP) + INTERVAL 20 HOUR
            FROM moments WHERE closed
        ), dates AS (
            SELECT n, 'expected_close_on', CAST(created_on + length - slip AS VARCHAR),
                   CAST(created_on + length AS VARCHAR),
                   began + to_hours(length * 16)
            FROM moments WHERE slip > 0
        ), amounts AS (
            SELECT n, 'amount', CAST(floor(amount * (0.7 + 0.6 * u(n, 'old'))) AS VARCHAR), CAST(amount AS VARCHAR),
                   began + to_hours(length * 12)
            FROM moments WHERE u(n, 'change') < 0.5 AND amount IS NOT NULL
        ), owners AS (
            SELECT n, 'owner', person(owner), person((owner + 1) % {people}), began + to_hours(length * 6)
            FROM moments WHERE moves
        )
        SELECT 'd' || n AS deal, field, old, new, "at"
        FROM (
            SELECT * FROM stages UNION ALL SELECT * FROM endings UNION ALL SELECT * FROM dates
            UNION ALL SELECT * FROM amounts UNION ALL SELECT * FROM owners
        )
        WHERE "at" < DATE '{as_of}' + 1
    """,
    "activities": """
        SELECT 'v' || (n * 10 + k) AS activity_id,
               one_of(['call', 'call', 'email', 'email', 'email', 'meeting', 'demo', 'task'], n * 10 + k, 'kind')
                   AS type,
               person(owner) AS owner,
               CAST(created_on AS TIMESTAMP)
                   + to_minutes(CAST(480 + floor(length * 1440 * u(n * 10 + k, 'at')) AS BIGINT)) AS "at",
               one_of(['completed', 'completed', 'completed', 'scheduled', 'no_show'], n * 10 + k, 'status')
                   AS status,
               u(n * 10 + k, 'qualified') < 0.4 AS qualified, 'd' || n AS deal,
               CASE WHEN n % 2 = 0 THEN 'l' || (n // 2) END AS lead
        FROM plan, range(10) a(k)
    """,
    "leads": """
        SELECT 'l' || (n // 2) AS lead_id, person(owner) AS owner,
               one_of(['web', 'partner', 'event', 'outbound', 'referral'], n, 'source') AS source,
               one_of(['marketing', 'sales'], n, 'origin') AS origin,
               CAST(created_on AS TIMESTAMP) + INTERVAL 8 HOUR AS created_at,
               CASE WHEN n % 4 = 0 THEN 'd' || n END AS deal
        FROM plan WHERE n % 2 = 0
    """,
    "accounts": """
        SELECT 'a' || n AS account_id, 'Account ' || n AS name,
               one_of(['smb', 'mid', 'enterprise'], n, 'segment') AS segment
        FROM range({deals} // 4) t(n)
    """,
    "targets": """
        SELECT person(n) AS person, 'quota' AS metric, q AS start_on,
               CAST(q + INTERVAL 3 MONTH AS DATE) - 1 AS end_on,
               3000.0 * {deals} / {people} * (0.8 + 0.4 * u(n, 'quota')) AS value
        FROM range({people}) t(n),
             (SELECT CAST(unnest(range(DATE '{first}', DATE '2027-01-01', INTERVAL 3 MONTH)) AS DATE) AS q)
    """,
    "forecasts": """
        SELECT person, start_on, end_on, category, submitted_on, CAST(value * factor AS DECIMAL(18, 4)) AS amount
        FROM (SELECT *, start_on + 27 AS submitted_on FROM targets),
             (VALUES ('commit', 0.9), ('best_case', 1.2)) c(category, factor)
        WHERE submitted_on <= DATE '{as_of}'
    """,
}  # fmt: skip
