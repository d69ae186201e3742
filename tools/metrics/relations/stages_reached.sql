-- stages_reached: one row per deal with a history of stages: the positions of the open stages that it was ever in, and the
-- furthest of them
-- from: history, deals, stage_list
-- materialised
SELECT h.deal, d.pipeline, list(DISTINCT s.position) AS positions, max(s.position) AS furthest
FROM history h
JOIN deals d ON d.deal_id = h.deal
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
WHERE h.field = 'stage' AND s.position IS NOT NULL
GROUP BY h.deal, d.pipeline
