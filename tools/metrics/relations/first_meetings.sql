-- first_meetings: one row per prospect (a lead, or a deal without one): the first meeting held with them, by whom, and how
-- many e-mails, calls, chats, tasks and follow-ups came before it
-- from: activities, leads, rules
-- materialised
WITH leads_of_deals AS (
    SELECT deal, min(lead_id) AS lead FROM leads WHERE deal IS NOT NULL GROUP BY deal
), contacts AS (
    SELECT a.activity_id, a.owner, a.type, a.at, coalesce(a.lead, l.lead, a.deal) AS prospect
    FROM activities a LEFT JOIN leads_of_deals l ON l.deal = a.deal
    WHERE coalesce(a.status, 'completed') = 'completed' AND a.at IS NOT NULL AND coalesce(a.lead, a.deal) IS NOT NULL
      AND a.type IN ('email', 'call', 'chat', 'task', 'follow_up', 'meeting', 'demo')
), firsts AS (
    SELECT c.prospect, c.activity_id, c.owner, c.at FROM contacts c WHERE c.type IN ('meeting', 'demo')
    QUALIFY row_number() OVER (PARTITION BY c.prospect ORDER BY c.at, c.activity_id) = 1
)
SELECT f.prospect, f.activity_id, any_value(f.owner) AS person,
       CAST(timezone(any_value(rules.zone), timezone('UTC', any_value(f.at))) AS DATE) AS met_on,
       count(c.activity_id) AS touches
FROM firsts f CROSS JOIN rules
LEFT JOIN contacts c ON c.prospect = f.prospect AND c.at < f.at
GROUP BY f.prospect, f.activity_id
