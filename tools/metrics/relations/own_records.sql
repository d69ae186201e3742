-- own_records: one row per person who owns any record at all, with the days of the first and the last one.
-- Whoever owns none (an administrator, say) is nobody's peer.
-- from: deals, activities, leads, subscriptions, renewals, accounts, targets, forecasts
-- materialised
SELECT person, min(first_on) AS first_on, max(last_on) AS last_on
FROM (
    SELECT owner AS person, min(coalesce(created_on, closed_on)) AS first_on, max(coalesce(closed_on, created_on)) AS last_on
    FROM deals GROUP BY owner
    UNION ALL SELECT owner, CAST(min(a.at) AS DATE), CAST(max(a.at) AS DATE) FROM activities a GROUP BY owner
    UNION ALL SELECT owner, CAST(min(created_at) AS DATE), CAST(max(created_at) AS DATE) FROM leads GROUP BY owner
    UNION ALL SELECT coalesce(s.owner, a.owner), min(s.start_on), max(s.start_on)
    FROM subscriptions s LEFT JOIN accounts a ON a.account_id = s.account GROUP BY 1
    UNION ALL SELECT coalesce(r.owner, a.owner), min(r.due_on), max(r.due_on)
    FROM renewals r LEFT JOIN accounts a ON a.account_id = r.account GROUP BY 1
    UNION ALL SELECT person, min(start_on), max(start_on) FROM targets GROUP BY person
    UNION ALL SELECT person, min(start_on), max(start_on) FROM forecasts GROUP BY person
)
WHERE person IS NOT NULL
GROUP BY person
