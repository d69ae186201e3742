-- shares: one row per shared deal, person who ever owned it, and person with a part of its amount while they did: those
-- named in splits, with their shares; an owner who is not among them keeps what they leave, and still counts the deal.
-- from: splits, deals, owner_changes
-- materialised
WITH named AS (
    SELECT deal, person, CAST(sum(share) AS DECIMAL(20, 8)) AS share FROM splits WHERE share IS NOT NULL GROUP BY deal, person
), owners AS (
    SELECT deal_id AS deal, owner FROM deals WHERE deal_id IN (SELECT deal FROM named)
    UNION
    SELECT deal, person FROM owner_changes WHERE deal IN (SELECT deal FROM named)
)
SELECT o.deal, o.owner, n.person, n.share FROM owners o JOIN named n ON n.deal = o.deal
UNION ALL
SELECT o.deal, o.owner, o.owner, greatest(1 - sum(n.share), 0)
FROM owners o JOIN named n ON n.deal = o.deal
GROUP BY o.deal, o.owner
HAVING NOT bool_or(n.person IS NOT DISTINCT FROM o.owner)
