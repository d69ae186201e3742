-- first_values: one row per relevant deal: owner, amount and due date as the deal was created with them.
-- `had_…` says that the field has a history; without one, what stands in deals today was there from the beginning.
-- from: relevant_deals, history_in_scope, people_keys
SELECT d.deal_id AS deal, coalesce(k.id, o.value) AS owner, o.deal IS NOT NULL AS had_owner,
       TRY_CAST(m.value AS DECIMAL(18, 4)) AS amount, m.deal IS NOT NULL AS had_amount,
       TRY_CAST(c.value AS DATE) AS due_on, c.deal IS NOT NULL AS had_due_on
FROM relevant_deals d
LEFT JOIN history_in_scope o ON o.place = d.place AND o.field = 'owner' AND o.from_at = TIMESTAMP '-infinity'
LEFT JOIN history_in_scope m ON m.place = d.place AND m.field = 'amount' AND m.from_at = TIMESTAMP '-infinity'
LEFT JOIN history_in_scope c ON c.place = d.place AND c.field = 'expected_close_on' AND c.from_at = TIMESTAMP '-infinity'
LEFT JOIN people_keys k ON k.key = lower(trim(o.value))
