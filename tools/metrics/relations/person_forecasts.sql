-- person_forecasts: one row per period, person or team, metric and category: what they forecast for the period, as
-- last submitted by its forecast day (forecast_day_quarter, forecast_day_month in the rules)
-- from: forecasts, periods, moments, rates, rules
SELECT p.period, f.person, CASE WHEN f.person IS NULL THEN f.team END AS team, coalesce(f.metric, 'revenue_won') AS metric, f.category,
       f.submitted_on, m.on_day,
       converted(f.amount, r.rate) AS amount, false AS unvalued,
       CASE WHEN r.rate IS NULL THEN upper(trim(f.currency)) || ' on ' || strftime(f.submitted_on, '%Y-%m-%d') END AS unrated
FROM forecasts f
CROSS JOIN rules
JOIN periods p ON f.start_on = p.start_on AND f.end_on + 1 = p.full_end
JOIN moments m ON m.period = p.period AND m.moment = 'forecast' AND f.submitted_on <= m.on_day
LEFT JOIN rates r ON r.currency = coalesce(upper(trim(f.currency)), rules.currency)
                 AND f.submitted_on >= r.from_on AND f.submitted_on < r.to_on
QUALIFY row_number() OVER (PARTITION BY p.period, f.person, f.team, coalesce(f.metric, 'revenue_won'), f.category ORDER BY f.submitted_on DESC) = 1
