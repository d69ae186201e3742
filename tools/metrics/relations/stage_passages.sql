-- stage_passages: one row per closed deal with a history of stages and open stage of its pipeline that has a position:
-- whether it was ever in the stage (`entered`) and got beyond it (`passed`): into a later one, or won
-- from: closed_deals, stages_reached, stage_list
SELECT v.deal, s.label AS stage, s.position, list_contains(v.positions, s.position) AS entered,
       c.won OR v.furthest > s.position AS passed
FROM stages_reached v
JOIN (SELECT DISTINCT deal_id, won FROM closed_deals) c ON c.deal_id = v.deal
JOIN stage_list s ON s.pipeline IS NOT DISTINCT FROM v.pipeline AND s.kind = 'open' AND s.position IS NOT NULL
