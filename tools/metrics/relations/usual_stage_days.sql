-- usual_stage_days: one row per period, pipeline and open stage that any deal of the organisation had left by the end of
-- the period: the median of the days that they had spent there
-- from: deal_changes, deals, stage_list, periods
-- materialised
WITH moved AS (
    SELECT c.deal, c.old, c.new, c.at, lag(c.at) OVER (PARTITION BY c.deal ORDER BY c.at, c.new) AS before
    FROM deal_changes c WHERE c.field = 'stage' AND c.old IS NOT NULL
)
SELECT p.period, d.pipeline, s.label AS stage,
       median(epoch(m.at - coalesce(m.before, midnight(d.created_on))) / 86400) AS days
FROM moved m
JOIN deals d ON d.deal_id = m.deal
JOIN stage_list s ON s.stage = m.old AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
JOIN periods p ON m.at < p.end_at
GROUP BY p.period, d.pipeline, s.label
