-- customer_books: one row per period, customer and person who looks after them, with what they paid a month at the start
-- (on the day before the period) and at its end (on its last day), at the rates of that last day.
-- A customer handed over in the period counts for whoever had them last, so that a hand-over is neither loss nor growth.
-- `unvalued`: the MRR of a contract is not on record.
-- from: subscriptions, accounts, periods, rates, rules
-- materialised
WITH dated AS (
    SELECT s.* REPLACE (coalesce(s.account, s.subscription_id) AS account, coalesce(s.owner, a.owner) AS owner,
                        coalesce(s.start_on, DATE '-infinity') AS start_on, coalesce(s.end_on, DATE 'infinity') AS end_on),
           a.segment
    FROM subscriptions s LEFT JOIN accounts a ON a.account_id = s.account
), spans AS (
    SELECT p.period, s.account, s.owner, s.segment, least(s.end_on, p.end_on) AS paid_until,
           s.start_on < p.start_on AS at_start, s.end_on >= p.end_on AS at_end,
           coalesce(s.mrr > 0, true) AS pays, s.mrr IS NULL AS unvalued, converted(s.mrr, r.rate) AS mrr,
           CASE WHEN s.mrr IS NOT NULL AND r.rate IS NULL
                THEN upper(trim(s.currency)) || ' on ' || strftime(p.end_on - 1, '%Y-%m-%d') END AS unrated
    FROM dated s CROSS JOIN rules
    JOIN periods p ON s.start_on < p.end_on AND s.end_on >= p.start_on
    LEFT JOIN rates r ON r.currency = coalesce(upper(trim(s.currency)), rules.currency)
                     AND p.end_on - 1 >= r.from_on AND p.end_on - 1 < r.to_on
    WHERE s.start_on < s.end_on
), last_holders AS (
    SELECT period, account, arg_max(owner, coalesce(mrr, 0)) AS main, list(DISTINCT owner) AS everybody
    FROM (SELECT * FROM spans QUALIFY paid_until = max(paid_until) OVER (PARTITION BY period, account))
    WHERE owner IS NOT NULL
    GROUP BY period, account
)
SELECT s.period, s.account, CASE WHEN list_contains(h.everybody, s.owner) THEN s.owner ELSE h.main END AS person,
       any_value(s.segment) AS segment, max(s.paid_until) - 1 AS last_on,
       coalesce(sum(s.mrr) FILTER (s.at_start), 0) AS start_mrr, coalesce(sum(s.mrr) FILTER (s.at_end), 0) AS end_mrr,
       bool_or(s.at_start AND s.pays) AS paid_at_start,
       bool_or(s.at_end AND s.pays) AS pays_at_end,
       bool_or(s.unvalued AND (s.at_start OR s.at_end)) AS unvalued, min(s.unrated) AS unrated
FROM spans s LEFT JOIN last_holders h ON h.period = s.period AND h.account = s.account
GROUP BY ALL
