-- stages_reached: one row per deal with a history of stages and open stage that it was ever in: its position
-- from: history, placed_deals, stage_list
-- materialised
SELECT DISTINCT h.deal, h.place, d.pipeline, s.position
FROM history h
JOIN placed_deals d ON d.place = h.place
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
WHERE h.field = 'stage' AND s.position IS NOT NULL
