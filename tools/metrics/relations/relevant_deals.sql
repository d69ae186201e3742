-- relevant_deals: one row per deal that may count in the periods asked for: of somebody in scope, now or once, not closed
-- long before, not created after. Everything about the past is rebuilt for these only.
-- from: placed_deals, deals_in_scope
-- materialised
SELECT d.deal_id, d.place, d.pipeline, d.account, d.owner, d.stage, d.status, d.amount, upper(trim(d.currency)) AS currency,
       d.created_on, d.closed_on, d.expected_close_on, d.probability, d.forecast_category, d.segment, d.next_step,
       d.next_step_on, d.last_activity_on, nullif(trim(d.slip_reason), '') AS slip_reason,
       coalesce(d.type, 'new') = 'new' AS new_business, o.only_peers
FROM deals_in_scope o
JOIN placed_deals d ON d.place = o.place
WHERE (d.status = 'open' OR d.closed_on >= first_day() AND (d.closed_on >= first_day_of_peers() OR NOT o.only_peers))
  AND (d.created_on IS NULL OR d.created_on <= last_day())
