-- person_touches: one row per period, person and deal that they touched in it: by an activity on the deal, or on the lead
-- that became it
-- from: activities, leads, periods
SELECT p.period, a.owner AS person, coalesce(a.deal, l.deal) AS deal,
       CAST(min(a.at) AS DATE) AS on_day
FROM activities a
JOIN periods p ON a.at >= p.start_at AND a.at < p.end_at
LEFT JOIN leads l ON l.lead_id = a.lead
WHERE (a.status IS NULL OR a.status = 'completed') AND coalesce(a.deal, l.deal) IS NOT NULL
GROUP BY p.period, a.owner, coalesce(a.deal, l.deal)
