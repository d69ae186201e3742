-- late_deals: one row per deal that ever entered a late stage
-- from: history, placed_deals, stage_list
-- materialised
SELECT DISTINCT d.deal_id AS deal, d.place
FROM history h
JOIN placed_deals d ON d.place = h.place
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.late
WHERE h.field = 'stage'
