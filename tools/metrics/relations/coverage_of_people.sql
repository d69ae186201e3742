-- coverage_of_people: one row per period and person with a quota not yet met on its coverage day (the first day of the
-- last month): open new business due by the end of the period ÷ what is still to be won, and that day
-- from: open_deals, closed_deals, goals, moments, periods
WITH pending AS (
    SELECT g.period, g.person, m.on_day, p.full_end, p.start_on, g.value
    FROM goals g
    JOIN moments m ON m.period = g.period AND m.moment = 'to_go'
    JOIN periods p ON p.period = g.period
    WHERE g.metric = 'revenue_won' AND g.slot = 'own' AND g.covered AND g.person IS NOT NULL
)
SELECT q.period, q.person, q.on_day,
       (SELECT coalesce(sum(o.amount), 0) FROM open_deals o
        WHERE o.on_day = q.on_day AND o.person = q.person AND o.new_business AND o.due_on < q.full_end) AS open_amount,
       q.value - (SELECT coalesce(sum(c.amount), 0) FROM closed_deals c
                  WHERE c.person = q.person AND c.won AND c.closed_on >= q.start_on AND c.closed_on <= q.on_day) AS to_go
FROM pending q
