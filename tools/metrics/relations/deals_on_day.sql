-- deals_on_day: one row per day looked at and deal, as it then stood: owner, stage, amount, due date, category and next
-- step rebuilt from the history, `open` or not. Money is converted at that day's rate.
-- A deal closed by then is closed; one that closed later, or is open now, was open unless its stage then was a closed one.
-- Without history today's values hold, but for the stage of a deal that closed later: that is not known.
-- from: looked_at, relevant_deals, history_in_scope, people_keys, stage_list, accounts, rates, rules
-- materialised
WITH rebuilt AS (
    SELECT y.on_day, y.settled, d.*,
           -- A field without a history has held today's value all along.
           CASE WHEN o.deal IS NULL THEN d.owner ELSE coalesce(k.id, o.value) END AS person,
           CASE WHEN s.deal IS NOT NULL THEN s.value WHEN y.settled THEN d.stage END AS past_stage,
           CASE WHEN m.deal IS NULL THEN d.amount ELSE TRY_CAST(m.value AS DECIMAL(18, 4)) END AS past_amount,
           CASE WHEN c.deal IS NULL THEN d.expected_close_on ELSE TRY_CAST(c.value AS DATE) END AS due_on,
           -- A recorded probability, like a category, belongs to the stage that the deal is in now.
           y.settled AND (s.deal IS NULL OR s.value = d.stage) AS as_now,
           f.value AS past_category, f.deal IS NOT NULL AS had_category,
           nullif(trim(CASE WHEN n.deal IS NULL THEN d.next_step ELSE n.value END), '') AS past_next_step,
           s.deal IS NOT NULL AS had_stage
    FROM looked_at y
    LEFT JOIN history_in_scope s ON s.place = y.place AND s.field = 'stage' AND s.from_at < y.ends_at AND y.ends_at <= s.to_at
    LEFT JOIN history_in_scope m ON m.place = y.place AND m.field = 'amount' AND m.from_at < y.ends_at AND y.ends_at <= m.to_at
    LEFT JOIN history_in_scope c ON c.place = y.place AND c.field = 'expected_close_on' AND c.from_at < y.ends_at AND y.ends_at <= c.to_at
    LEFT JOIN history_in_scope f ON f.place = y.place AND f.field = 'forecast_category' AND f.from_at < y.ends_at AND y.ends_at <= f.to_at
    LEFT JOIN history_in_scope n ON n.place = y.place AND n.field = 'next_step' AND n.from_at < y.ends_at AND y.ends_at <= n.to_at
    LEFT JOIN history_in_scope o ON o.place = y.place AND o.field = 'owner' AND o.from_at < y.ends_at AND y.ends_at <= o.to_at
    LEFT JOIN people_keys k ON k.key = lower(trim(o.value))
    JOIN relevant_deals d ON d.place = y.place
)
SELECT r.on_day, r.deal_id, r.place, r.person, r.status, r.created_on, r.closed_on, r.due_on, r.new_business, r.next_step_on,
       r.last_activity_on, r.slip_reason, r.past_next_step AS next_step,
       coalesce(s.label, r.past_stage) AS stage, coalesce(s.late, false) AS late,
       coalesce(CASE WHEN r.had_category THEN r.past_category WHEN r.as_now THEN r.forecast_category END,
                s.category) AS category,
       coalesce(s.probability, CASE WHEN r.as_now THEN r.probability END) AS probability,
       coalesce(r.segment, a.segment) AS segment,
       (r.status = 'open' OR r.closed_on > r.on_day) AND NOT (r.had_stage AND coalesce(s.kind, 'open') <> 'open') AS open,
       converted(r.past_amount, x.rate) AS amount, r.past_amount AS own_amount, r.currency,
       CASE WHEN r.had_stage AND s.kind <> 'open' THEN s.kind WHEN r.settled THEN r.status ELSE 'open' END AS kind,
       r.past_amount IS NULL AS unvalued,
       CASE WHEN r.past_amount IS NOT NULL AND x.rate IS NULL
            THEN r.currency || ' on ' || strftime(r.on_day, '%Y-%m-%d') END AS unrated
FROM rebuilt r
CROSS JOIN rules
LEFT JOIN stage_list s ON s.stage = r.past_stage AND s.pipeline IS NOT DISTINCT FROM r.pipeline
LEFT JOIN accounts a ON a.account_id = r.account
LEFT JOIN rates x ON x.currency = coalesce(r.currency, rules.currency)
                 AND r.on_day >= x.from_on AND r.on_day < x.to_on
