-- stage_outcomes: one row per pipeline, open stage and day on which deals of the organisation were closed that had ever been
-- in the stage: how many, and how many of them won
-- from: deal_changes, deals, stage_list
-- materialised
WITH visits AS (
    SELECT c.deal, c.old AS stage FROM deal_changes c WHERE c.field = 'stage' AND c.old IS NOT NULL
    UNION ALL
    SELECT c.deal, c.new FROM deal_changes c WHERE c.field = 'stage' AND c.new IS NOT NULL
), entered AS (
    SELECT DISTINCT d.deal_id, d.pipeline, d.status, d.closed_on, s.label AS stage
    FROM visits v
    JOIN deals d ON d.deal_id = v.deal AND d.status <> 'open' AND d.closed_on IS NOT NULL
    JOIN stage_list s ON s.stage = v.stage AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
)
SELECT pipeline, stage, closed_on, count(*) AS deals, count(*) FILTER (status = 'won') AS won
FROM entered
GROUP BY pipeline, stage, closed_on
