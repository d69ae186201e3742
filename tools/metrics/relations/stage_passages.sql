-- stage_passages: one row per closed deal with a history of stages and open stage of its pipeline that has a position:
-- whether it was ever in the stage (`entered`) and got beyond it (`passed`): into a later one, or won
-- from: closed_deals, stages_reached, stage_list
WITH visited AS (
    SELECT r.deal, r.place, r.pipeline, any_value(c.won) AS won, list(r.position) AS positions, max(r.position) AS furthest
    FROM stages_reached r JOIN (SELECT DISTINCT place, won FROM closed_deals) c ON c.place = r.place
    GROUP BY r.deal, r.place, r.pipeline
)
SELECT v.deal, v.place, s.label AS stage, s.position, list_contains(v.positions, s.position) AS entered,
       v.won OR v.furthest > s.position AS passed
FROM visited v
JOIN stage_list s ON s.pipeline IS NOT DISTINCT FROM v.pipeline AND s.kind = 'open' AND s.position IS NOT NULL
