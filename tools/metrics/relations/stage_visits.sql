-- stage_visits: one row per deal and open stage that it was in and left, with the days it spent there in all
-- from: history, placed_deals, stage_list
-- materialised
SELECT h.deal, h.place, s.label AS stage,
       CAST(sum(epoch(h.to_at - CASE WHEN h.from_at = TIMESTAMP '-infinity'
                                THEN midnight(d.created_on)
                                ELSE h.from_at END)) / 86400 AS DECIMAL(18, 6)) AS days
FROM history h
JOIN placed_deals d ON d.place = h.place
JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
WHERE h.field = 'stage' AND h.to_at < TIMESTAMP 'infinity'
GROUP BY h.deal, h.place, s.label
