-- credits: one row per shared deal and person with a part of its amount. An owner who is not named among those who
-- share keeps what the others leave, and still counts the deal.
-- from: splits, deals, owners_at_closing
WITH shares AS (
    SELECT deal, person, CAST(sum(share) AS DECIMAL(20, 8)) AS share FROM splits WHERE share IS NOT NULL GROUP BY deal, person
), owners AS (
    SELECT d.deal_id AS deal, coalesce(o.person, d.owner) AS person
    FROM deals d LEFT JOIN owners_at_closing o ON o.deal = d.deal_id
    WHERE d.deal_id IN (SELECT deal FROM shares)
)
SELECT deal, person, share FROM shares
UNION ALL
SELECT o.deal, o.person, greatest(1 - sum(s.share), 0)
FROM owners o JOIN shares s ON s.deal = o.deal
GROUP BY o.deal, o.person
HAVING NOT bool_or(s.person IS NOT DISTINCT FROM o.person)
