-- deal_touches: one row per period and deal open at its end with any touch: the day of its last stage change or activity
-- by then, and whether an activity was planned for later
-- from: open_deals, deal_changes, activities, moments
-- materialised
WITH looked_for AS (
    SELECT m.period, m.ends_at, o.deal_id
    FROM open_deals o JOIN moments m ON m.moment = 'end' AND m.on_day = o.on_day
), touches AS (
    SELECT c.deal, c.at AS touched_at, NULL AS booked_at, false AS planned FROM deal_changes c WHERE c.field = 'stage'
    UNION ALL
    SELECT a.deal, a.at, coalesce(a.booked_at, CASE WHEN a.status <> 'scheduled' THEN a.at END), true
    FROM activities a
    WHERE a.deal IS NOT NULL AND a.status IS DISTINCT FROM 'cancelled' AND a.at IS NOT NULL
)
SELECT o.period, o.deal_id AS deal,
       local_day(max(t.touched_at) FILTER (t.touched_at < o.ends_at)) AS last_on,
       coalesce(bool_or(t.planned AND t.touched_at >= o.ends_at AND (t.booked_at IS NULL OR t.booked_at < o.ends_at)), false) AS planned
FROM looked_for o
JOIN touches t ON t.deal = o.deal_id
GROUP BY o.period, o.deal_id
