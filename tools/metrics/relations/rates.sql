-- rates: one row per currency and stretch of days with one exchange rate into the organisation's currency
-- from: exchange_rates, rules
SELECT upper(trim(x.currency)) AS currency, x."on" AS from_on,
       coalesce(lead(x."on") OVER (PARTITION BY upper(trim(x.currency)) ORDER BY x."on"), DATE 'infinity') AS to_on,
       CAST(x.rate AS DECIMAL(20, 8)) AS rate
FROM exchange_rates x, rules
WHERE upper(trim(x.currency)) <> rules.currency
UNION ALL
SELECT currency, DATE '-infinity', DATE 'infinity', CAST(1 AS DECIMAL(20, 8)) FROM rules
