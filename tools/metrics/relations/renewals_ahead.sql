-- renewals_ahead: one row per period and renewal still pending at its end and due within the renewal horizon after it, and
-- whether the account's usage was falling or an escalation was open on the last day
-- from: renewals, accounts, escalations, usage_levels, periods, rules
WITH escalated AS (
    SELECT DISTINCT p.period, e.account
    FROM escalations e JOIN periods p ON e.opened_on < p.end_on AND (e.closed_on IS NULL OR e.closed_on >= p.end_on)
)
SELECT p.period, coalesce(r.owner, a.owner) AS person, p.end_on - 1 AS on_day, r.renewal_id,
       coalesce(r.account, r.renewal_id) AS account, a.segment, r.due_on,
       coalesce((u.before - u.recent) / nullif(u.before, 0) > rules.falling_usage + 1e-9, false) AS falling,
       e.account IS NOT NULL AS escalated
FROM renewals r CROSS JOIN rules
JOIN periods p ON r.due_on >= p.end_on AND r.due_on < p.end_on + rules.renewal_horizon_days
LEFT JOIN accounts a ON a.account_id = r.account
LEFT JOIN usage_levels u ON u.period = p.period AND u.account = r.account
LEFT JOIN escalated e ON e.period = p.period AND e.account = r.account
WHERE coalesce(r.outcome, 'pending') = 'pending' OR coalesce(r.closed_on, r.due_on) >= p.end_on
