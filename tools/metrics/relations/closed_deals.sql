-- closed_deals: one row per deal closed around the periods asked for and person in scope credited with it: its owner at
-- closing, or those who share its amount.
-- `amount` is the person's share in the organisation's currency at the rate of the closing day; `owns` marks the owner's
-- row, so that a deal is counted once however many share it; `unrated` says which exchange rate is missing.
-- from: placed_deals, deals_in_scope, owners_at_closing, accounts, shares, rates, rules, scope
-- materialised
WITH valued AS (
    SELECT d.deal_id, d.place, d.name, d.status, d.status = 'won' AS won, d.closed_on, d.created_on, d.first_contact_on,
           d.stage, d.account, d.source, d.origin, d.product, d.lost_reason,
           d.closed_on - d.created_on AS age_days,
           d.closed_on - CASE rules.cycle_start WHEN 'first_contact_on' THEN d.first_contact_on ELSE d.created_on END AS cycle_days,
           coalesce(d.type, 'new') AS type, coalesce(d.type, 'new') = 'new' AS new_business,
           coalesce(d.segment, a.segment) AS segment,
           coalesce(o.person, d.owner) AS owner,
           converted(d.amount, r.rate) AS amount,
           d.amount IS NULL AS unvalued,
           CASE WHEN d.amount IS NOT NULL AND r.rate IS NULL
                THEN upper(trim(d.currency)) || ' on ' || strftime(d.closed_on, '%Y-%m-%d') END AS unrated
    FROM deals_in_scope t
    JOIN placed_deals d ON d.place = t.place
    CROSS JOIN rules
    LEFT JOIN owners_at_closing o ON o.deal = d.deal_id
    LEFT JOIN accounts a ON a.account_id = d.account
    LEFT JOIN rates r ON r.currency = coalesce(upper(trim(d.currency)), rules.currency)
                     AND d.closed_on >= r.from_on AND d.closed_on < r.to_on
    WHERE d.status <> 'open'
      AND d.closed_on >= first_closing() AND d.closed_on <= last_day()
      AND (d.closed_on >= first_closing_of_peers() OR NOT t.only_peers)
)
SELECT v.* REPLACE (
           CASE WHEN v.age_days >= 0 THEN v.age_days END AS age_days,
           CASE WHEN v.cycle_days >= 0 THEN v.cycle_days END AS cycle_days,
           CASE WHEN c.deal IS NULL THEN v.amount
                         ELSE CAST(v.amount * c.share AS DECIMAL(18, 4)) END AS amount),
       coalesce(c.person, v.owner) AS person,
       c.deal IS NULL OR c.person IS NOT DISTINCT FROM v.owner AS owns,
       v.amount AS full_amount
FROM valued v LEFT JOIN shares c ON c.deal = v.deal_id AND c.owner IS NOT DISTINCT FROM v.owner
WHERE coalesce(c.person, v.owner) IN (SELECT person FROM scope)
