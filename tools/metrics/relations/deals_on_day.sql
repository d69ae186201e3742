-- deals_on_day: one row per day looked at and deal, as it then stood: owner, stage, amount, due date, category and next
-- step rebuilt from the history, `open` or not. Money is converted at that day's rate.
-- A deal closed by then is closed; one that closed later, or is open now, was open unless its stage then was a closed one.
-- Without history today's values hold, but for the stage of a deal that closed later: that is not known.
-- from: looked_at, relevant_deals, past_fields, stage_list, accounts, rates, rules
-- materialised
WITH rebuilt AS (
    SELECT y.on_day, y.settled, d.*,
           CASE WHEN f.had_owner THEN f.owner ELSE d.owner END AS person,
           CASE WHEN f.had_stage THEN f.stage WHEN y.settled THEN d.stage END AS past_stage,
           CASE WHEN f.had_amount THEN f.amount ELSE d.amount END AS past_amount,
           CASE WHEN f.had_expected_close_on THEN f.expected_close_on ELSE d.expected_close_on END AS due_on,
           -- A recorded probability, like a category, belongs to the stage that the deal is in now.
           y.settled AND (f.had_stage IS NOT TRUE OR f.stage = d.stage) AS as_now,
           f.forecast_category AS past_category, coalesce(f.had_forecast_category, false) AS had_category,
           nullif(trim(CASE WHEN f.had_next_step THEN f.next_step ELSE d.next_step END), '') AS past_next_step,
           coalesce(f.had_stage, false) AS had_stage
    FROM looked_at y
    JOIN relevant_deals d ON d.deal_id = y.deal_id
    LEFT JOIN past_fields f ON f.deal = y.deal_id AND f.on_day = y.on_day
)
SELECT r.on_day, r.deal_id, r.person, r.status, r.created_on, r.closed_on, r.due_on, r.new_business, r.next_step_on,
       r.last_activity_on, r.slip_reason, r.past_next_step AS next_step,
       coalesce(s.label, r.past_stage) AS stage, coalesce(s.late, false) AS late,
       coalesce(CASE WHEN r.had_category THEN r.past_category WHEN r.as_now THEN r.forecast_category END,
                s.category) AS category,
       coalesce(s.probability, CASE WHEN r.as_now THEN r.probability END) AS probability,
       coalesce(r.segment, a.segment) AS segment,
       (r.status = 'open' OR r.closed_on > r.on_day) AND NOT (r.had_stage AND coalesce(s.kind, 'open') <> 'open') AS open,
       CAST(r.past_amount * x.rate AS DECIMAL(18, 4)) AS amount, r.past_amount AS own_amount, r.currency,
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
