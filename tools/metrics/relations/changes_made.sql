-- changes_made: one row per change of stage, amount or close date in the periods asked for, with the owner of the deal then
-- from: placed_changes, relevant_deals, owner_changes, periods
-- materialised
SELECT p.period, c.deal, c.field, c.old, c.new, c.at, c.by, coalesce(o.person, d.owner) AS person,
       local_day(c.at) AS on_day
FROM (SELECT c.* FROM placed_changes c SEMI JOIN relevant_deals d ON d.place = c.place) c
JOIN relevant_deals d ON d.place = c.place
JOIN periods p ON c.at >= p.start_at AND c.at < p.end_at AND (p.period = 'current' OR NOT d.only_peers)
LEFT JOIN owner_changes o ON o.place = c.place AND o.from_at <= c.at AND c.at < o.to_at
WHERE c.field IN ('stage', 'amount', 'expected_close_on')
