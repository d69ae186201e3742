-- stage_odds: one row per period, pipeline and open stage: of all deals of the organisation that had been in the stage and were
-- closed in the year before the end of the period, the share won
-- from: deal_changes, deals, stage_list, periods
-- materialised
WITH closed AS (
    SELECT deal_id, pipeline, status = 'won' AS won, closed_on FROM deals
    WHERE status <> 'open' AND closed_on >= (SELECT min(end_on) - 365 FROM periods)
), visits AS (
    SELECT c.deal, c.old AS stage FROM deal_changes c WHERE c.field = 'stage' AND c.old IS NOT NULL
    UNION ALL
    SELECT c.deal, c.new FROM deal_changes c WHERE c.field = 'stage' AND c.new IS NOT NULL
), entered AS (
    SELECT DISTINCT d.deal_id, d.pipeline, d.won, d.closed_on, s.label AS stage
    FROM visits v
    JOIN closed d ON d.deal_id = v.deal
    JOIN stage_list s ON s.stage = v.stage AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
)
SELECT p.period, e.pipeline, e.stage, CAST(count(*) FILTER (e.won) / count(*) AS DECIMAL(14, 12)) AS odds
FROM entered e JOIN periods p ON e.closed_on < p.end_on AND e.closed_on >= p.end_on - 365
GROUP BY p.period, e.pipeline, e.stage
