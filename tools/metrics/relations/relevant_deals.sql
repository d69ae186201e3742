-- relevant_deals: one row per deal that may count in the periods asked for: of somebody in scope, now or once, not closed
-- long before, not created after. Everything about the past is rebuilt for these only.
-- from: deals, deal_changes, splits, people_keys, scope, periods
-- materialised
WITH names AS (
    SELECT key FROM people_keys WHERE id IN (SELECT person FROM scope)
), once_theirs AS (
    SELECT c.deal FROM deal_changes c WHERE c.field = 'owner' AND lower(trim(c.new)) IN (SELECT key FROM names)
    UNION SELECT c.deal FROM deal_changes c WHERE c.field = 'owner' AND lower(trim(c.old)) IN (SELECT key FROM names)
    UNION SELECT s.deal FROM splits s WHERE s.person IN (SELECT person FROM scope)
)
SELECT d.deal_id, d.pipeline, d.account, d.owner, d.stage, d.status, d.amount, upper(trim(d.currency)) AS currency,
       d.created_on, d.closed_on, d.expected_close_on, d.probability, d.forecast_category, d.segment, d.next_step,
       d.next_step_on, d.last_activity_on, nullif(trim(d.slip_reason), '') AS slip_reason,
       coalesce(d.type, 'new') = 'new' AS new_business
FROM deals d
WHERE (d.status = 'open' OR d.closed_on >= (SELECT min(prior_start) FROM periods))
  AND (d.created_on IS NULL OR d.created_on < (SELECT max(end_on) FROM periods))
  AND (d.owner IN (SELECT person FROM scope) OR d.deal_id IN (SELECT deal FROM once_theirs))
