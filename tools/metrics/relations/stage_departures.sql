-- stage_departures: one row per time that a deal left an open stage: when, and after how many days
-- from: deal_changes, deals, stage_list
-- materialised
WITH moved AS (
    SELECT c.deal, c.old, c.new, c.at, lag(c.at) OVER (PARTITION BY c.deal ORDER BY c.at, c.new) AS before
    FROM deal_changes c WHERE c.field = 'stage' AND c.old IS NOT NULL
)
SELECT d.pipeline, s.label AS stage, m.at AS left_at,
       epoch(m.at - coalesce(m.before, midnight(d.created_on))) / 86400 AS days
FROM moved m
JOIN deals d ON d.deal_id = m.deal
JOIN stage_list s ON s.stage = m.old AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
