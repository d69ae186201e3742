-- stages_reached: one row per deal with a history of stages and open stage that it was ever in: its position
-- from: history, deals, stage_list
-- materialised
SELECT DISTINCT h.deal, d.pipeline, s.position
FROM history h
JOIN deals d ON d.deal_id = h.deal
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
WHERE h.field = 'stage' AND s.position IS NOT NULL
