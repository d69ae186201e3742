-- qualified_meetings: one row per qualified meeting held, with the opportunity that came of it: the deal of the meeting or
-- of its lead, if it was created after the meeting had been booked
-- from: activities, leads, deals
-- materialised
WITH held AS (
    SELECT a.activity_id, a.owner AS person, a.deal, a.lead,
           local_day(a.at) AS held_on,
           local_day(coalesce(a.booked_at, a.at)) AS booked_on
    FROM activities a
    WHERE a.type IN ('meeting', 'demo') AND coalesce(a.status, 'completed') = 'completed' AND a.qualified AND a.at IS NOT NULL
), linked AS (
    SELECT h.*, coalesce(h.deal, l.deal, CASE WHEN l.converted_at IS NOT NULL THEN 'lead ' || l.lead_id END) AS opportunity,
           coalesce(d.created_on, local_day(l.converted_at)) AS opportunity_on
    FROM held h
    LEFT JOIN leads l ON l.lead_id = h.lead
    LEFT JOIN deals d ON d.deal_id = coalesce(h.deal, l.deal)
)
SELECT activity_id, person, held_on,
       CASE WHEN opportunity_on >= booked_on THEN opportunity END AS opportunity,
       CASE WHEN opportunity_on >= booked_on THEN opportunity_on END AS opportunity_on
FROM linked
