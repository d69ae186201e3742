-- deal_touches: one row per period and deal open at its end with any touch: the day of its last stage change or activity
-- by then, and whether an activity was planned for later
-- from: open_deals, touches_of_deals, moments
-- materialised
WITH looked_for AS (
    SELECT m.period, m.ends_at, o.deal_id, o.place
    FROM open_deals o JOIN moments m ON m.moment = 'end' AND m.on_day = o.on_day
)
SELECT o.period, o.deal_id AS deal,
       local_day(max(t.touched_at) FILTER (t.touched_at < o.ends_at)) AS last_on,
       coalesce(bool_or(t.planned AND t.touched_at >= o.ends_at AND (t.booked_at IS NULL OR t.booked_at < o.ends_at)), false) AS planned
FROM looked_for o
JOIN touches_of_deals t ON t.place = o.place
GROUP BY o.period, o.deal_id
