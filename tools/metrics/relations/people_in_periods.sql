-- people_in_periods: one row per period and person whose records count in it for somebody: comparable people's only in the
-- period asked for
-- from: scope, periods
-- materialised
SELECT p.*, s.person
FROM (SELECT person, bool_and(is_peers) AS only_peer FROM scope GROUP BY person) s
JOIN periods p ON p.period = 'current' OR NOT s.only_peer
