-- deals_on_day: one row per day looked at and deal that existed by its end, as it then stood: owner, stage, amount, due
-- date, category and next step rebuilt from the history, `open` or not. Money is converted at that day's rate.
-- A deal closed by then is closed; one that closed later, or is open now, was open unless its stage then was a closed one.
-- Without history today's values hold, but for the stage of a deal that closed later: that is not known.
-- from: deals, past_fields, moments, stage_list, accounts, rates, rules
WITH rebuilt AS (
    SELECT y.on_day, d.deal_id, d.pipeline, d.account, d.created_on, d.closed_on, d.status, d.next_step_on,
           d.last_activity_on, d.slip_reason, d.currency,
           d.status = 'open' OR d.closed_on <= y.on_day AS settled,
           CASE WHEN f.had_owner THEN f.owner ELSE d.owner END AS person,
           CASE WHEN f.had_stage THEN f.stage WHEN settled THEN d.stage END AS stage,
           CASE WHEN f.had_amount THEN f.amount ELSE d.amount END AS own_amount,
           CASE WHEN f.had_expected_close_on THEN f.expected_close_on ELSE d.expected_close_on END AS due_on,
           CASE WHEN f.had_forecast_category THEN f.forecast_category
                WHEN settled AND (f.had_stage IS NOT TRUE OR f.stage = d.stage) THEN d.forecast_category END AS category,
           nullif(trim(CASE WHEN f.had_next_step THEN f.next_step ELSE d.next_step END), '') AS next_step,
           coalesce(f.had_stage, false) AS had_stage,
           -- A recorded probability, like a category, belongs to the stage that the deal is in now.
           CASE WHEN settled AND (f.had_stage IS NOT TRUE OR f.stage = d.stage) THEN d.probability END AS probability,
           coalesce(d.type, 'new') = 'new' AS new_business,
           d.segment, d.product, d.source
    FROM deals d
    JOIN (SELECT DISTINCT on_day FROM moments) y ON d.created_on IS NULL OR d.created_on <= y.on_day
    LEFT JOIN past_fields f ON f.deal = d.deal_id AND f.on_day = y.on_day
)
SELECT r.* EXCLUDE (own_amount, currency, settled) REPLACE (
           coalesce(r.segment, a.segment) AS segment,
           coalesce(r.category, s.category) AS category,
           coalesce(s.probability, r.probability) AS probability),
       coalesce(s.label, r.stage) AS stage_label, coalesce(s.late, false) AS late,
       (r.status = 'open' OR r.closed_on > r.on_day) AND NOT (r.had_stage AND coalesce(s.kind, 'open') <> 'open') AS open,
       CAST(r.own_amount * x.rate AS DECIMAL(18, 4)) AS amount,
       r.own_amount IS NULL AS unvalued,
       CASE WHEN r.own_amount IS NOT NULL AND x.rate IS NULL
            THEN upper(trim(r.currency)) || ' on ' || strftime(r.on_day, '%Y-%m-%d') END AS unrated
FROM rebuilt r
CROSS JOIN rules
LEFT JOIN stage_list s ON s.stage = r.stage AND s.pipeline IS NOT DISTINCT FROM r.pipeline
LEFT JOIN accounts a ON a.account_id = r.account
LEFT JOIN rates x ON x.currency = coalesce(upper(trim(r.currency)), rules.currency)
                 AND r.on_day >= x.from_on AND r.on_day < x.to_on
