-- sold_lines: one row per line with amount and margin of a deal that an account ever won: its day, amount and what it earned
-- from: deals, deal_lines
-- materialised
SELECT d.account, d.deal_id, d.closed_on, l.amount, l.amount * CAST(l.margin AS DECIMAL(9, 8)) AS earned
FROM deals d JOIN deal_lines l ON l.deal = d.deal_id
WHERE d.account IS NOT NULL AND d.status = 'won' AND l.margin IS NOT NULL AND l.amount IS NOT NULL
