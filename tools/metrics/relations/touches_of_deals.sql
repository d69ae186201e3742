-- touches_of_deals: one row per stage change or activity of a deal; `planned`: an activity, which may have been booked for later
-- from: placed_changes, activities, placed_deals
-- kept
SELECT c.place, c.at AS touched_at, NULL::TIMESTAMP AS booked_at, false AS planned FROM placed_changes c WHERE c.field = 'stage'
UNION ALL
SELECT d.place, a.at, coalesce(a.booked_at, CASE WHEN a.status <> 'scheduled' THEN a.at END), true
FROM activities a JOIN placed_deals d ON d.deal_id = a.deal
WHERE a.status IS DISTINCT FROM 'cancelled' AND a.at IS NOT NULL
