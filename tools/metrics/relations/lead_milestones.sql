-- lead_milestones: one row per lead: the days on which it arrived, first met, became an opportunity and was won or lost
-- from: leads, deals, first_meetings
-- materialised
SELECT l.lead_id, l.owner AS person, l.origin, l.source, l.deal,
       local_day(coalesce(l.created_at, l.assigned_at)) AS arrived_on,
       m.met_on,
       coalesce(local_day(l.converted_at), d.created_on) AS opportunity_on,
       CASE WHEN d.status = 'won' THEN d.closed_on END AS won_on,
       CASE WHEN d.status = 'lost' THEN d.closed_on END AS lost_on
FROM leads l
LEFT JOIN first_meetings m ON m.prospect = l.lead_id
LEFT JOIN deals d ON d.deal_id = l.deal
WHERE coalesce(l.created_at, l.assigned_at) IS NOT NULL
