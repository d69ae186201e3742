-- stage_list: one row per pipeline and stage that deals are or were in: its label, order, kind, probability, category,
-- and whether it is late. What the stages table leaves open is taken from the deals that stand in the stage.
-- from: deals, deal_changes, stages
-- materialised
WITH named AS (
    SELECT DISTINCT stage FROM deals WHERE stage IS NOT NULL
    UNION SELECT DISTINCT new FROM deal_changes WHERE field = 'stage' AND new IS NOT NULL
    UNION SELECT DISTINCT old FROM deal_changes WHERE field = 'stage' AND old IS NOT NULL
), described AS (
    SELECT p.pipeline, n.stage, s.label, s.position, s.kind, s.probability, s.late, s.category
    FROM (SELECT DISTINCT pipeline FROM deals) p CROSS JOIN named n
    LEFT JOIN stages s ON s.stage = n.stage AND (s.pipeline IS NULL OR s.pipeline = p.pipeline)
    QUALIFY row_number() OVER (PARTITION BY p.pipeline, n.stage ORDER BY s.pipeline NULLS LAST) = 1
), seen AS (
    SELECT pipeline, stage, mode(status) AS kind FROM deals GROUP BY pipeline, stage
), kinds AS (
    SELECT d.* REPLACE (coalesce(d.kind, s.kind, 'open') AS kind, coalesce(d.label, d.stage) AS label),
           bool_or(d.late IS NOT NULL) OVER (PARTITION BY d.pipeline) AS lateness_said
    FROM described d
    LEFT JOIN seen s ON s.stage = d.stage AND s.pipeline IS NOT DISTINCT FROM d.pipeline
)
SELECT * EXCLUDE (lateness_said) REPLACE (
    CASE WHEN kind <> 'open' THEN false
         WHEN lateness_said THEN coalesce(late, false)
         -- Where nobody says which stages are late, the last two open ones are.
         ELSE position IS NOT NULL AND row_number() OVER (
             PARTITION BY pipeline, kind ORDER BY position DESC NULLS LAST, stage) <= 2
    END AS late)
FROM kinds
