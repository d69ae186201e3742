-- relevant_deals: one row per deal that may count in the periods asked for: of somebody in scope, now or once, not closed
-- long before, not created after. Everything about the past is rebuilt for these only.
-- from: deals, deals_in_scope, periods
-- materialised
SELECT d.deal_id, d.pipeline, d.account, d.owner, d.stage, d.status, d.amount, upper(trim(d.currency)) AS currency,
       d.created_on, d.closed_on, d.expected_close_on, d.probability, d.forecast_category, d.segment, d.next_step,
       d.next_step_on, d.last_activity_on, nullif(trim(d.slip_reason), '') AS slip_reason,
       coalesce(d.type, 'new') = 'new' AS new_business, o.only_peers
FROM deals_in_scope o
JOIN deals d ON d.deal_id = o.deal
WHERE (d.status = 'open'
       OR d.closed_on >= CASE WHEN o.only_peers THEN (SELECT prior_start FROM periods WHERE period = 'current')
                                ELSE (SELECT min(prior_start) FROM periods) END)
  AND (d.created_on IS NULL OR d.created_on < (SELECT max(end_on) FROM periods))
