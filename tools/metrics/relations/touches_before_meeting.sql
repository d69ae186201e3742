-- touches_before_meeting: one row per prospect ever met: how many e-mails, calls, chats, tasks and follow-ups, and other
-- meetings, came before their first meeting, and who held that
-- from: first_meetings, activities, leads_of_deals
-- materialised
WITH deals_met AS (
    SELECT l.deal, m.prospect, m.met_at FROM first_meetings m JOIN leads_of_deals l ON l.lead = m.prospect
    UNION ALL
    SELECT m.prospect, m.prospect, m.met_at FROM first_meetings m WHERE m.prospect NOT IN (SELECT deal FROM leads_of_deals)
), contacts AS (
    SELECT a.lead, a.deal, a.at FROM activities a
    WHERE coalesce(a.status, 'completed') = 'completed'
      AND a.type IN ('email', 'call', 'chat', 'task', 'follow_up', 'meeting', 'demo')
), before AS (
    SELECT m.prospect FROM first_meetings m JOIN contacts c ON c.lead = m.prospect AND c.at < m.met_at
    UNION ALL
    SELECT m.prospect FROM deals_met m JOIN contacts c ON c.lead IS NULL AND c.deal = m.deal AND c.at < m.met_at
)
SELECT m.prospect, m.person, count(b.prospect) AS touches
FROM first_meetings m LEFT JOIN before b ON b.prospect = m.prospect
GROUP BY m.prospect, m.person
