-- deal_touches: one row per day looked at and open deal with any: the day of its last stage change or activity by then,
-- and whether an activity was planned for later
-- from: open_deals, deal_changes, activities, moments, rules
-- materialised
WITH days AS (SELECT DISTINCT on_day, ends_at FROM moments), touches AS (
    SELECT c.deal, c.at AS touched_at, NULL AS booked_at, false AS planned FROM deal_changes c WHERE c.field = 'stage'
    UNION ALL
    SELECT a.deal, a.at, coalesce(a.booked_at, CASE WHEN a.status <> 'scheduled' THEN a.at END), true
    FROM activities a
    WHERE a.deal IS NOT NULL AND a.status IS DISTINCT FROM 'cancelled' AND a.at IS NOT NULL
)
SELECT o.on_day, o.deal_id AS deal,
       CAST(timezone(any_value(rules.zone), timezone('UTC', max(t.touched_at) FILTER (t.touched_at < y.ends_at))) AS DATE) AS last_on,
       coalesce(bool_or(t.planned AND t.touched_at >= y.ends_at AND (t.booked_at IS NULL OR t.booked_at < y.ends_at)), false) AS planned
FROM open_deals o
JOIN days y ON y.on_day = o.on_day
JOIN touches t ON t.deal = o.deal_id
CROSS JOIN rules
GROUP BY o.on_day, o.deal_id
