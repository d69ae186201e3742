-- stage_odds: one row per period, pipeline and open stage: of all deals of the organisation that had been in the stage and were
-- closed in the year before the end of the period, the share won
-- from: stage_outcomes, periods
-- materialised
SELECT p.period, o.pipeline, o.stage, CAST(sum(o.won) / sum(o.deals) AS DECIMAL(14, 12)) AS odds
FROM stage_outcomes o JOIN periods p ON o.closed_on < p.end_on AND o.closed_on >= p.end_on - 365
GROUP BY p.period, o.pipeline, o.stage
