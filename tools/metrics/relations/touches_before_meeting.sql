-- touches_before_meeting: one row per prospect whom somebody in scope first met in the periods asked for: how many e-mails,
-- calls, chats, tasks and follow-ups, and other meetings, came before that meeting
-- from: first_meetings, activities, leads_of_deals, people_in_periods
WITH met AS (
    SELECT DISTINCT m.prospect, m.met_at
    FROM first_meetings m JOIN people_in_periods p ON p.person = m.person AND m.met_on >= p.start_on AND m.met_on < p.end_on
), deals_met AS (
    SELECT l.deal, m.prospect, m.met_at FROM met m JOIN leads_of_deals l ON l.lead = m.prospect
    UNION ALL
    SELECT m.prospect, m.prospect, m.met_at FROM met m WHERE m.prospect NOT IN (SELECT deal FROM leads_of_deals)
), contacts AS (
    SELECT a.lead, a.deal, a.at FROM activities a
    WHERE coalesce(a.status, 'completed') = 'completed'
      AND a.type IN ('email', 'call', 'chat', 'task', 'follow_up', 'meeting', 'demo')
), before AS (
    SELECT m.prospect FROM met m JOIN contacts c ON c.lead = m.prospect AND c.at < m.met_at
    UNION ALL
    SELECT m.prospect FROM deals_met m JOIN contacts c ON c.lead IS NULL AND c.deal = m.deal AND c.at < m.met_at
)
SELECT m.prospect, count(b.prospect) AS touches
FROM met m LEFT JOIN before b ON b.prospect = m.prospect
GROUP BY m.prospect
