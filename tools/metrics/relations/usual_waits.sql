-- usual_waits: one row per step of the funnel: the days within which nine of ten that take it have taken it. Whoever has
-- waited less may still take it. Where nobody ever did, the days after which a deal counts as stalled.
-- from: lead_milestones, qualified_meetings, periods, rules
-- materialised
WITH steps AS (
    SELECT 'lead_to_meeting' AS step, arrived_on AS from_on, met_on AS to_on FROM lead_milestones
    UNION ALL SELECT 'lead_to_opportunity', arrived_on, opportunity_on FROM lead_milestones
    UNION ALL SELECT 'close', arrived_on, won_on FROM lead_milestones
    UNION ALL SELECT 'meeting_to_opportunity', held_on, opportunity_on FROM qualified_meetings
), waits AS (
    SELECT step, to_on - from_on AS days FROM steps WHERE to_on < (SELECT max(known_end) FROM periods)
)
SELECT s.step, coalesce(quantile_cont(w.days, 0.9), any_value(rules.stalled_days)) AS days
FROM (SELECT unnest(['lead_to_meeting', 'lead_to_opportunity', 'close', 'meeting_to_opportunity']) AS step) s
CROSS JOIN rules
LEFT JOIN waits w ON w.step = s.step
GROUP BY s.step
