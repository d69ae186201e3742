-- owners_at_closing: one row per closed deal whose owner ever changed: who owned it at the moment it closed.
-- That moment is the stage change of its closing day into its present stage, else the end of that day.
-- from: deals, deal_changes, owner_changes
-- materialised
WITH closed AS (
    SELECT d.deal_id, d.owner,
           midnight(d.closed_on) AS day_starts,
           midnight(d.closed_on + 1) AS day_ends, d.stage
    FROM deals d
    WHERE d.closed_on IS NOT NULL AND d.status <> 'open' AND d.deal_id IN (SELECT deal FROM owner_changes)
), moments_of_closing AS (
    SELECT c.deal_id, c.owner, coalesce(max(s.at), any_value(c.day_ends)) AS closed_at
    FROM closed c LEFT JOIN deal_changes s
      ON s.deal = c.deal_id AND s.field = 'stage' AND s.new = c.stage AND s.at >= c.day_starts AND s.at < c.day_ends
    GROUP BY c.deal_id, c.owner
)
SELECT c.deal_id AS deal, o.person
FROM moments_of_closing c JOIN owner_changes o
  ON o.deal = c.deal_id AND o.from_at <= c.closed_at AND c.closed_at < o.to_at
