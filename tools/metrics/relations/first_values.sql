-- first_values: one row per relevant deal with history: owner, amount and due date as the deal was created with them.
-- `had_…` says that the field has a history; without one, what stands in deals today was there from the beginning.
-- from: history, people_keys
-- materialised
SELECT h.deal,
       max(coalesce(k.id, h.value)) FILTER (h.field = 'owner') AS owner, bool_or(h.field = 'owner') AS had_owner,
       TRY_CAST(max(h.value) FILTER (h.field = 'amount') AS DECIMAL(18, 4)) AS amount,
       bool_or(h.field = 'amount') AS had_amount,
       TRY_CAST(max(h.value) FILTER (h.field = 'expected_close_on') AS DATE) AS due_on,
       bool_or(h.field = 'expected_close_on') AS had_due_on
FROM history h
LEFT JOIN people_keys k ON h.field = 'owner' AND k.key = lower(trim(h.value))
WHERE h.from_at = TIMESTAMP '-infinity'
GROUP BY h.deal
