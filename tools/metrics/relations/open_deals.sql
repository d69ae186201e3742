-- open_deals: one row per day looked at, deal that was open at its end, and person in scope with a part in it, as it then
-- stood: its owner, or those who share its amount. `amount` is the person's share; `owns` marks the owner's row, so that a
-- deal is counted once however many share it.
-- from: deals_on_day, shares, scope
SELECT d.* REPLACE (
           coalesce(h.person, d.person) AS person,
           CASE WHEN h.deal IS NULL THEN d.amount ELSE CAST(d.amount * h.share AS DECIMAL(18, 4)) END AS amount),
       h.deal IS NULL OR h.person IS NOT DISTINCT FROM d.person AS owns
FROM deals_on_day d
LEFT JOIN shares h ON h.deal = d.deal_id AND h.owner IS NOT DISTINCT FROM d.person
WHERE d.open AND coalesce(h.person, d.person) IN (SELECT person FROM scope)
