-- late_deals: one row per deal that ever entered a late stage
-- from: history, deals, stage_list
-- materialised
SELECT DISTINCT d.deal_id AS deal
FROM history h
JOIN deals d ON d.deal_id = h.deal
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.late
WHERE h.field = 'stage'
