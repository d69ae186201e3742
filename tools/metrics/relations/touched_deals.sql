-- touched_deals: one row per period, person in scope and deal, whosever, that they touched in it by an activity on the
-- deal, or on the lead that became it; with the deal's amount as it stood at the end of the period, at that day's rate
-- from: activities, leads, deals, deal_changes, rates, rules, people_in_periods
WITH touched AS (
    SELECT p.period, p.end_at, p.end_on - 1 AS last_day, a.owner AS person, coalesce(a.deal, l.deal) AS deal,
           local_day(min(a.at)) AS on_day
    FROM activities a
    CROSS JOIN rules
    JOIN people_in_periods p ON p.person = a.owner AND a.at >= p.start_at AND a.at < p.end_at
    LEFT JOIN leads l ON l.lead_id = a.lead
    WHERE (a.status IS NULL OR a.status = 'completed') AND coalesce(a.deal, l.deal) IS NOT NULL
    GROUP BY p.period, p.end_at, p.end_on, a.owner, coalesce(a.deal, l.deal)
), changed AS (
    SELECT t.period, t.deal, count(*) FILTER (c.at < t.end_at) > 0 AS changed_before,
           arg_max_null(c.new, c.at) FILTER (c.at < t.end_at) AS last_set,
           arg_min_null(c.old, c.at) FILTER (c.at >= t.end_at) AS held_until_next
    FROM (SELECT DISTINCT period, end_at, deal FROM touched) t
    JOIN deal_changes c ON c.deal = t.deal AND c.field = 'amount'
    GROUP BY t.period, t.deal
), valued AS (
    SELECT t.*, d.currency,
           CASE WHEN c.deal IS NULL THEN d.amount
                ELSE TRY_CAST(CASE WHEN c.changed_before THEN c.last_set ELSE c.held_until_next END AS DECIMAL(18, 4)) END AS own
    FROM touched t
    JOIN deals d ON d.deal_id = t.deal AND (d.created_on IS NULL OR d.created_on <= t.last_day)
    LEFT JOIN changed c ON c.period = t.period AND c.deal = t.deal
)
SELECT v.period, v.person, v.on_day, v.deal, converted(v.own, x.rate) AS amount, v.own IS NULL AS unvalued,
       CASE WHEN v.own IS NOT NULL AND x.rate IS NULL
            THEN upper(trim(v.currency)) || ' on ' || strftime(v.last_day, '%Y-%m-%d') END AS unrated
FROM valued v
CROSS JOIN rules
LEFT JOIN rates x ON x.currency = coalesce(upper(trim(v.currency)), rules.currency)
                 AND v.last_day >= x.from_on AND v.last_day < x.to_on
