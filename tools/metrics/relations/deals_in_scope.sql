-- deals_in_scope: one row per deal of somebody in scope, now or once, or shared by them. `only_peers`: all of those are only
-- compared with, so that the deal matters in no period but the one asked for.
-- from: placed_deals, owner_changes, splits, scope
-- materialised
WITH wanted AS (
    SELECT person, bool_and(is_peers) AS only_peer FROM scope GROUP BY person
), theirs AS (
    SELECT d.deal_id AS deal, d.place, p.only_peer FROM placed_deals d JOIN wanted p ON p.person = d.owner
    UNION ALL
    SELECT o.deal, o.place, p.only_peer FROM owner_changes o JOIN wanted p ON p.person = o.person
    UNION ALL
    SELECT s.deal, d.place, p.only_peer
    FROM splits s JOIN wanted p ON p.person = s.person JOIN placed_deals d ON d.deal_id = s.deal
)
SELECT deal, any_value(place) AS place, bool_and(only_peer) AS only_peers FROM theirs GROUP BY deal
