-- record_days: one row per table that gets new rows all the time and day on which something happened in it. What is only
-- planned says nothing about when an export was made.
-- from: deals, deal_changes, activities, leads
-- materialised
SELECT DISTINCT * FROM (
    SELECT 'deals' AS kind, created_on AS day FROM deals
    UNION ALL SELECT 'deals', closed_on FROM deals WHERE status <> 'open'
    UNION ALL SELECT 'deals', CAST(c.at AS DATE) FROM deal_changes c
    UNION ALL SELECT 'activities', CAST(a.at AS DATE) FROM activities a WHERE coalesce(a.status, '') <> 'scheduled'
    UNION ALL SELECT 'leads', CAST(l.created_at AS DATE) FROM leads l
)
WHERE day IS NOT NULL
