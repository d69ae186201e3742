-- first_contacts: one row per deal that is new business: days from the first contact (as recorded, else the first touch of
-- the lead that it was) to its creation; NULL where there is none, or it came later
-- from: placed_deals, first_touches
-- materialised
WITH touched AS (
    SELECT deal, min(touched_at) AS touched_at FROM first_touches WHERE deal IS NOT NULL GROUP BY deal
), counted AS (
    SELECT d.deal_id, d.place, d.owner, d.created_on,
           d.created_on - coalesce(d.first_contact_on, local_day(t.touched_at)) AS days
    FROM placed_deals d LEFT JOIN touched t ON t.deal = d.deal_id
    WHERE coalesce(d.type, 'new') = 'new'
)
SELECT deal_id, place, owner, created_on, CASE WHEN days >= 0 THEN days END AS days FROM counted
