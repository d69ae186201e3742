-- first_touches: one row per lead: when its owner got it and first touched it after that (as recorded, else by the first
-- e-mail, call, chat, task or meeting of that owner; NULL: not yet)
-- from: leads, activities
-- materialised
WITH assigned AS (
    SELECT l.lead_id, l.owner AS person, l.deal, l.first_touch_at, coalesce(l.assigned_at, l.created_at) AS assigned_at
    FROM leads l
), touches AS (
    SELECT l.lead_id, min(a.at) AS touched_at
    FROM assigned l JOIN activities a ON a.lead = l.lead_id
    WHERE a.at >= l.assigned_at AND coalesce(a.owner, l.person) = l.person
      AND a.type IN ('email', 'call', 'chat', 'task', 'meeting', 'demo') AND coalesce(a.status, 'completed') = 'completed'
    GROUP BY l.lead_id
)
SELECT l.lead_id, l.person, l.deal, l.assigned_at,
       CASE WHEN l.first_touch_at >= l.assigned_at THEN l.first_touch_at ELSE t.touched_at END AS touched_at
FROM assigned l LEFT JOIN touches t ON t.lead_id = l.lead_id
