-- first_owners: one row per deal whose owner ever changed: who owned it when it was created
-- from: owner_changes
SELECT deal, person FROM owner_changes WHERE from_at = TIMESTAMP '-infinity'
