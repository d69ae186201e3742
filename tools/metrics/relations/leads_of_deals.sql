-- leads_of_deals: one row per deal that was a lead: that lead
-- from: leads
-- materialised
SELECT deal, min(lead_id) AS lead FROM leads WHERE deal IS NOT NULL GROUP BY deal
