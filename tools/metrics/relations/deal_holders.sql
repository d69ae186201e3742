-- deal_holders: one row per person who owns or owned a deal or shares in one, with the first day of any of those deals
-- from: deals, owner_changes, splits
-- materialised
SELECT person, min(first_on) AS first_on
FROM (
    SELECT owner AS person, min(least(created_on, closed_on)) AS first_on FROM deals GROUP BY owner
    UNION ALL
    SELECT o.person, least(d.created_on, d.closed_on) FROM owner_changes o JOIN deals d ON d.deal_id = o.deal
    UNION ALL
    SELECT s.person, least(d.created_on, d.closed_on) FROM splits s JOIN deals d ON d.deal_id = s.deal
)
WHERE person IS NOT NULL
GROUP BY person
