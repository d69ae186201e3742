-- stage_odds: one row per period, pipeline and open stage: of all deals of the organisation that had been in the stage and were
-- closed in the year before the end of the period, the share won
-- from: deal_changes, deals, stage_list, periods
-- materialised
WITH visits AS (
    SELECT deal, old AS stage FROM deal_changes WHERE field = 'stage' AND old IS NOT NULL
    UNION
    SELECT deal, new FROM deal_changes WHERE field = 'stage' AND new IS NOT NULL
)
SELECT p.period, d.pipeline, s.label AS stage,
       CAST(count(DISTINCT d.deal_id) FILTER (d.status = 'won') / count(DISTINCT d.deal_id) AS DECIMAL(14, 12)) AS odds
FROM visits v
JOIN deals d ON d.deal_id = v.deal AND d.status <> 'open'
JOIN stage_list s ON s.stage = v.stage AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
JOIN periods p ON d.closed_on < p.end_on AND d.closed_on >= p.end_on - 365
GROUP BY p.period, d.pipeline, s.label
