-- first_meetings: one row per prospect (a lead, or a deal without one): the first meeting held with them, and by whom
-- from: activities, leads_of_deals
-- materialised
WITH meetings AS (
    SELECT a.activity_id, a.owner, a.at, coalesce(a.lead, l.lead, a.deal) AS prospect
    FROM activities a LEFT JOIN leads_of_deals l ON l.deal = a.deal
    WHERE coalesce(a.status, 'completed') = 'completed' AND a.at IS NOT NULL AND coalesce(a.lead, a.deal) IS NOT NULL
      AND a.type IN ('meeting', 'demo')
)
SELECT m.prospect, m.activity_id, m.owner AS person, m.at AS met_at,
       local_day(m.at) AS met_on
FROM meetings m
QUALIFY row_number() OVER (PARTITION BY m.prospect ORDER BY m.at, m.activity_id) = 1
