-- usage_levels: one row per period and account: mean usage of the last 30 days (`recent`) against the 30 before
-- (`before`), and against the 30 before the period (`at_start`); products measured in both stretches only, added up
-- from: usage, periods
-- materialised
WITH means AS (
    SELECT p.period, u.account, u.product,
           CAST(avg(u.value) FILTER (u."on" >= p.end_on - 30) AS DECIMAL(28, 8)) AS recent,
           CAST(avg(u.value) FILTER (u."on" >= p.end_on - 60 AND u."on" < p.end_on - 30) AS DECIMAL(28, 8)) AS before,
           CAST(avg(u.value) FILTER (u."on" >= p.start_on - 30 AND u."on" < p.start_on) AS DECIMAL(28, 8)) AS at_start
    FROM usage u JOIN periods p ON u."on" >= least(p.end_on - 60, p.start_on - 30) AND u."on" < p.end_on
    GROUP BY p.period, u.account, u.product
)
SELECT period, account,
       sum(recent) FILTER (before IS NOT NULL) AS recent,
       sum(before) FILTER (recent IS NOT NULL) AS before,
       sum(recent) FILTER (at_start IS NOT NULL) AS recent_of_same,
       sum(at_start) FILTER (recent IS NOT NULL) AS at_start
FROM means
GROUP BY period, account
