-- lead_milestones: one row per lead: the days on which it arrived, first met, became an opportunity and was won or lost
-- from: leads, deals, first_meetings, rules
-- materialised
SELECT l.lead_id, l.owner AS person, l.origin, l.source, l.deal,
       CAST(timezone(rules.zone, timezone('UTC', coalesce(l.created_at, l.assigned_at))) AS DATE) AS arrived_on,
       m.met_on,
       coalesce(CAST(timezone(rules.zone, timezone('UTC', l.converted_at)) AS DATE), d.created_on) AS opportunity_on,
       CASE WHEN d.status = 'won' THEN d.closed_on END AS won_on,
       CASE WHEN d.status = 'lost' THEN d.closed_on END AS lost_on
FROM leads l CROSS JOIN rules
LEFT JOIN first_meetings m ON m.prospect = l.lead_id
LEFT JOIN deals d ON d.deal_id = l.deal
WHERE coalesce(l.created_at, l.assigned_at) IS NOT NULL
