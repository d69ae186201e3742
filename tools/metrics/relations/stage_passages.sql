-- stage_passages: one row per closed deal with a history of stages and open stage of its pipeline that has a position:
-- whether it was ever in the stage (`entered`) and got beyond it (`passed`): into a later one, or won
-- from: closed_deals, relevant_deals, history, stage_list
WITH visited AS (
    SELECT h.deal, d.pipeline, list(DISTINCT s.position) AS positions, max(s.position) AS furthest
    FROM history h
    JOIN relevant_deals d ON d.deal_id = h.deal
    JOIN stage_list s ON s.stage = h.value AND s.pipeline IS NOT DISTINCT FROM d.pipeline AND s.kind = 'open'
    WHERE h.field = 'stage' AND s.position IS NOT NULL AND h.deal IN (SELECT deal_id FROM closed_deals)
    GROUP BY h.deal, d.pipeline
)
SELECT v.deal, s.label AS stage, s.position, list_contains(v.positions, s.position) AS entered,
       c.won OR v.furthest > s.position AS passed
FROM visited v
JOIN (SELECT DISTINCT deal_id, won FROM closed_deals) c ON c.deal_id = v.deal
JOIN stage_list s ON s.pipeline IS NOT DISTINCT FROM v.pipeline AND s.kind = 'open' AND s.position IS NOT NULL
