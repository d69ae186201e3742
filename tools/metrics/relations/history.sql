-- history: one row per deal, tracked field and stretch of time [from_at, to_at) in which it had one value.
-- A value holds from its change until the next one; before the first change, what that change says was there before.
-- from: placed_changes
-- materialised
WITH ordered AS (
    SELECT c.deal, c.place, c.field, c.old, c.new, c.at AS changed_at, lead(c.at) OVER sequence AS next_at,
           row_number() OVER sequence AS nth
    FROM placed_changes c
    WINDOW sequence AS (PARTITION BY c.deal, c.field ORDER BY c.at, c.new NULLS FIRST)
)
SELECT deal, place, field, new AS value, changed_at AS from_at, coalesce(next_at, TIMESTAMP 'infinity') AS to_at
FROM ordered
WHERE next_at IS DISTINCT FROM changed_at
UNION ALL
SELECT deal, place, field, old, TIMESTAMP '-infinity', changed_at
FROM ordered
WHERE nth = 1
