-- stages_left: one row per deal that was lost and has history: the stage it was in before it was lost
-- from: placed_changes, placed_deals, stage_list
-- materialised
SELECT c.deal, c.place, coalesce(s.label, c.old) AS stage
FROM placed_changes c
JOIN placed_deals d ON d.place = c.place AND d.status = 'lost' AND c.new = d.stage
LEFT JOIN stage_list s ON s.stage = c.old AND s.pipeline IS NOT DISTINCT FROM d.pipeline
WHERE c.field = 'stage' AND c.old IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY c.deal ORDER BY c.at DESC, c.old) = 1
