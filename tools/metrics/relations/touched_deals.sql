-- touched_deals: one row per period, person in scope and deal, whosever, that they touched in it by an activity on the
-- deal, or on the lead that became it; with the deal's amount as it stood at the end of the period, at that day's rate
-- from: activities, leads, placed_deals, history, rates, rules, people_in_periods
WITH touched AS (
    SELECT p.period, p.end_at, p.end_on - 1 AS last_day, a.owner AS person, coalesce(a.deal, l.deal) AS deal,
           local_day(min(a.at)) AS on_day
    FROM activities a
    JOIN people_in_periods p ON p.person = a.owner AND a.at >= p.start_at AND a.at < p.end_at
    LEFT JOIN leads l ON l.lead_id = a.lead
    WHERE (a.status IS NULL OR a.status = 'completed') AND coalesce(a.deal, l.deal) IS NOT NULL
    GROUP BY p.period, p.end_at, p.end_on, a.owner, coalesce(a.deal, l.deal)
), valued AS (
    SELECT t.*, d.place, d.currency,
           CASE WHEN h.deal IS NULL THEN d.amount ELSE TRY_CAST(h.value AS DECIMAL(18, 4)) END AS own
    FROM touched t
    JOIN placed_deals d ON d.deal_id = t.deal AND (d.created_on IS NULL OR d.created_on <= t.last_day)
    LEFT JOIN history h ON h.place = d.place AND h.field = 'amount' AND h.from_at < t.end_at AND t.end_at <= h.to_at
)
SELECT v.period, v.person, v.on_day, v.deal, converted(v.own, x.rate) AS amount, v.own IS NULL AS unvalued,
       CASE WHEN v.own IS NOT NULL AND x.rate IS NULL
            THEN upper(trim(v.currency)) || ' on ' || strftime(v.last_day, '%Y-%m-%d') END AS unrated
FROM valued v
CROSS JOIN rules
LEFT JOIN rates x ON x.currency = coalesce(upper(trim(v.currency)), rules.currency)
                 AND v.last_day >= x.from_on AND v.last_day < x.to_on
