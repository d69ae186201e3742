-- owner_changes: one row per deal and stretch of time [from_at, to_at) in which it had one owner, where owners changed
-- from: history, people_keys
-- materialised
SELECT h.deal, h.place, coalesce(k.id, h.value) AS person, h.from_at, h.to_at
FROM history h LEFT JOIN people_keys k ON k.key = lower(trim(h.value))
WHERE h.field = 'owner'
