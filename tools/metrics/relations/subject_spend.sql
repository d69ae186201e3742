-- subject_spend: one row per team or manager, period and stretch of spend that falls into it, for the days that do: the
-- spend of the teams that their people are in, and the organisation's own (`common`)
-- from: spend, subjects, scope, spells, periods, rates, rules
WITH teams AS (
    SELECT DISTINCT c.subject, p.period, l.team
    FROM subjects s
    JOIN scope c ON c.subject = s.subject
    JOIN periods p ON c.from_on < p.end_on AND c.to_on > p.start_on
    JOIN spells l ON l.person = c.person AND l.from_on < least(p.end_on, c.to_on) AND l.to_on > greatest(p.start_on, c.from_on)
    WHERE s.kind <> 'person' AND l.team IS NOT NULL
), falling AS (
    SELECT p.period, x.team, x.category, x.start_on,
           CAST(x.amount * r.rate * (least(x.end_on + 1, p.end_on) - greatest(x.start_on, p.start_on))
                / (x.end_on + 1 - x.start_on) AS DECIMAL(18, 4)) AS amount,
           CASE WHEN r.rate IS NULL THEN upper(trim(x.currency)) || ' on ' || strftime(x.start_on, '%Y-%m-%d') END AS unrated
    FROM spend x CROSS JOIN rules
    JOIN periods p ON x.start_on < p.end_on AND x.end_on >= p.start_on
    LEFT JOIN rates r ON r.currency = coalesce(upper(trim(x.currency)), rules.currency)
                     AND x.start_on >= r.from_on AND x.start_on < r.to_on
)
SELECT s.subject, f.period, f.team IS NULL AS common, f.category, f.amount, false AS unvalued, f.unrated,
       concat_ws(' ', f.team, f.category, CAST(f.start_on AS VARCHAR)) AS record_id
FROM subjects s JOIN falling f ON f.team IS NULL WHERE s.kind <> 'person'
UNION ALL
SELECT t.subject, f.period, false, f.category, f.amount, false, f.unrated,
       concat_ws(' ', f.team, f.category, CAST(f.start_on AS VARCHAR))
FROM teams t JOIN falling f ON f.team = t.team AND f.period = t.period
