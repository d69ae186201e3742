-- stages_left: one row per deal that was lost and has history: the stage it was in before it was lost
-- from: deal_changes, deals, stage_list
-- materialised
SELECT c.deal, coalesce(s.label, c.old) AS stage
FROM deal_changes c
JOIN deals d ON d.deal_id = c.deal AND d.status = 'lost' AND c.new = d.stage
LEFT JOIN stage_list s ON s.stage = c.old AND s.pipeline IS NOT DISTINCT FROM d.pipeline
WHERE c.field = 'stage' AND c.old IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY c.deal ORDER BY c.at DESC, c.old) = 1
