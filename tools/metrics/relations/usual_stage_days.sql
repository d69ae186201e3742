-- usual_stage_days: one row per period, pipeline and open stage that any deal of the organisation had left by the end of
-- the period: the median of the days that they had spent there
-- from: stage_departures, periods
-- materialised
SELECT p.period, s.pipeline, s.stage, median(s.days) AS days
FROM stage_departures s JOIN periods p ON s.left_at < p.end_at
GROUP BY p.period, s.pipeline, s.stage
