-- past_fields: one row per day looked at and deal with history: each tracked field as it stood at the end of that day.
-- `had_…` says that the field has a history; without one, what stands in deals today holds for every day.
-- from: history, looked_at, people_keys
SELECT y.on_day, h.deal,
       max(h.value) FILTER (h.field = 'stage') AS stage,
       bool_or(h.field = 'stage') AS had_stage,
       TRY_CAST(max(h.value) FILTER (h.field = 'amount') AS DECIMAL(18, 4)) AS amount,
       bool_or(h.field = 'amount') AS had_amount,
       TRY_CAST(max(h.value) FILTER (h.field = 'expected_close_on') AS DATE) AS expected_close_on,
       bool_or(h.field = 'expected_close_on') AS had_expected_close_on,
       max(coalesce(k.id, h.value)) FILTER (h.field = 'owner') AS owner,
       bool_or(h.field = 'owner') AS had_owner,
       max(h.value) FILTER (h.field = 'forecast_category') AS forecast_category,
       bool_or(h.field = 'forecast_category') AS had_forecast_category,
       max(h.value) FILTER (h.field = 'next_step') AS next_step,
       bool_or(h.field = 'next_step') AS had_next_step
FROM history h
JOIN looked_at y ON y.deal_id = h.deal AND h.from_at < y.ends_at AND y.ends_at <= h.to_at
LEFT JOIN people_keys k ON h.field = 'owner' AND k.key = lower(trim(h.value))
GROUP BY y.on_day, h.deal
