"""What workspace.toml says of stages: what each means, and what it was called before, applied to the raw tables.

A renamed stage is one stage: records that carry the name of their time get the present one, and the change of name
itself is no move of a deal.
"""

from __future__ import annotations

import duckdb

from tools.organisation import RenamedStage, Settings, StageSettings


def apply_stage_settings(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Overlay `raw_stages`, `raw_deals` and `raw_deal_changes` with what the settings say of stages."""
    if settings.renamed_stages:
        _rename(connection, settings)
    if settings.stages:
        connection.execute("CREATE TABLE stages_as_set AS SELECT * FROM raw_stages")
        for stage in settings.stages:
            _describe(connection, stage)
        connection.execute("CREATE OR REPLACE VIEW raw_stages AS SELECT * FROM stages_as_set")


def _describe(connection: duckdb.DuckDBPyConnection, stage: StageSettings) -> None:
    """What is said of a stage replaces that column of the source's; without a pipeline, in all of them."""
    of_it = "stage = $stage AND ($pipeline IS NULL OR pipeline IS NOT DISTINCT FROM $pipeline)"
    key = {"stage": stage.stage, "pipeline": stage.pipeline}
    said = {name: value for name, value in stage.model_dump(exclude=set(key)).items() if value is not None}
    if connection.execute(f"SELECT 1 FROM stages_as_set WHERE {of_it}", key).fetchone() is None:
        connection.execute("INSERT INTO stages_as_set (stage, pipeline) VALUES ($stage, $pipeline)", key)
    if said:
        assignments = ", ".join(f'"{name}" = ${name}' for name in said)
        connection.execute(f"UPDATE stages_as_set SET {assignments} WHERE {of_it}", {**key, **said})


def _rename(connection: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    run = connection.execute
    run("CREATE TABLE stage_names (stage VARCHAR, now VARCHAR, pipeline VARCHAR, until_at TIMESTAMP)")
    zone = settings.organisation.zone
    for rename in settings.renamed_stages:
        run(
            "INSERT INTO stage_names SELECT ?, ?, ?, timezone('UTC', timezone(?, CAST(CAST(? AS DATE) AS TIMESTAMP)))",
            [rename.stage, _present_name(rename, settings), rename.pipeline, zone, rename.since],
        )
    for sql in (_CHANGES, _DEALS, _STAGES):
        run(sql)
    for table in ("deal_changes", "deals", "stages"):
        run(f"CREATE OR REPLACE VIEW raw_{table} AS SELECT * FROM renamed_{table}")


def _present_name(rename: RenamedStage, settings: Settings) -> str:
    """What the stage is called today, after further renames."""
    later = [
        each for each in settings.renamed_stages
        if each.stage == rename.now and each.since > rename.since and each.pipeline in (None, rename.pipeline)
    ]  # fmt: skip
    return _present_name(min(later, key=lambda each: each.since), settings) if later else rename.now


# A stage had the name that stands in a record since the change into it, or since the deal was created.
_CHANGES = """
CREATE TABLE renamed_deal_changes AS
WITH told AS (
    SELECT c.*, d.pipeline,
           coalesce(lag(c.at) OVER (PARTITION BY c.deal, c.field ORDER BY c.at, c.new NULLS FIRST),
                    CAST(d.created_on AS TIMESTAMP), TIMESTAMP '-infinity') AS held_since
    FROM raw_deal_changes c LEFT JOIN raw_deals d ON d.deal_id = c.deal
)
SELECT t.* EXCLUDE (pipeline, held_since) REPLACE (coalesce(o.now, t.old) AS old, coalesce(n.now, t.new) AS new)
FROM told t
LEFT JOIN stage_names o ON t.field = 'stage' AND o.stage = t.old AND t.held_since < o.until_at
                       AND (o.pipeline IS NULL OR o.pipeline = t.pipeline)
LEFT JOIN stage_names n ON t.field = 'stage' AND n.stage = t.new AND t.at < n.until_at
                       AND (n.pipeline IS NULL OR n.pipeline = t.pipeline)
WHERE NOT (coalesce(o.now, n.now) IS NOT NULL AND coalesce(o.now, t.old) IS NOT DISTINCT FROM coalesce(n.now, t.new))
"""

_DEALS = """
CREATE TABLE renamed_deals AS
SELECT d.* REPLACE (coalesce(s.now, d.stage) AS stage)
FROM raw_deals d
LEFT JOIN (
    SELECT h.deal, max(h.at) AS set_at FROM raw_deal_changes h WHERE h.field = 'stage' GROUP BY h.deal
) c ON c.deal = d.deal_id
LEFT JOIN stage_names s ON s.stage = d.stage AND (s.pipeline IS NULL OR s.pipeline = d.pipeline)
                       AND coalesce(c.set_at, CAST(d.created_on AS TIMESTAMP), TIMESTAMP '-infinity') < s.until_at
"""

# What the source says of a stage under its old name holds where it says nothing under the present one.
_STAGES = """
CREATE TABLE renamed_stages AS
SELECT * FROM raw_stages
UNION ALL
SELECT s.* REPLACE (n.now AS stage, CASE WHEN s.label <> s.stage THEN s.label END AS label)
FROM raw_stages s JOIN stage_names n ON n.stage = s.stage AND (n.pipeline IS NULL OR n.pipeline = s.pipeline)
WHERE NOT EXISTS (
    SELECT 1 FROM raw_stages o
    WHERE o.stage = n.now AND (o.pipeline IS NULL OR o.pipeline IS NOT DISTINCT FROM s.pipeline))
QUALIFY row_number() OVER (PARTITION BY s.pipeline, n.now ORDER BY n.until_at DESC) = 1
"""
