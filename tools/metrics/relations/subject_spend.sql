-- subject_spend: one row per team or manager, period and stretch of spend that falls into it, for the days that do.
-- `counted`: spend of the teams that their people are in; the organisation's common spend for its head, the only one who
-- leads people and reports to nobody. Dividing it up among teams would make one team's cost depend on another's wins.
-- from: spend, subjects, scope, spells, reports, periods, rates, rules
WITH teams AS (
    SELECT DISTINCT c.subject, p.period, l.team
    FROM subjects s
    JOIN scope c ON c.subject = s.subject
    JOIN periods p ON c.from_on < p.end_on AND c.to_on > p.start_on
    JOIN spells l ON l.person = c.person AND l.from_on < least(p.end_on, c.to_on) AND l.to_on > greatest(p.start_on, c.from_on)
    WHERE s.kind <> 'person' AND l.team IS NOT NULL
), heads AS (
    SELECT r.manager AS person
    FROM reports r JOIN periods p ON p.period = 'current' AND r.from_on < p.end_on AND r.to_on > p.start_on
    WHERE NOT EXISTS (SELECT 1 FROM spells l WHERE l.person = r.manager AND l.manager IS NOT NULL
                      AND l.from_on < p.end_on AND l.to_on > p.start_on)
    GROUP BY r.manager
), falling AS (
    SELECT p.period, x.team, x.category, concat_ws(' ', x.team, x.category, CAST(x.start_on AS VARCHAR)) AS record_id,
           CAST(x.amount * r.rate * (least(x.end_on + 1, p.end_on) - greatest(x.start_on, p.start_on))
                / (x.end_on + 1 - x.start_on) AS DECIMAL(18, 4)) AS amount,
           false AS unvalued,
           CASE WHEN r.rate IS NULL THEN upper(trim(x.currency)) || ' on ' || strftime(x.start_on, '%Y-%m-%d') END AS unrated
    FROM spend x CROSS JOIN rules
    JOIN periods p ON x.start_on < p.end_on AND x.end_on >= p.start_on
    LEFT JOIN rates r ON r.currency = coalesce(upper(trim(x.currency)), rules.currency)
                     AND x.start_on >= r.from_on AND x.start_on < r.to_on
)
SELECT t.subject, f.*, true AS counted
FROM teams t JOIN falling f ON f.team = t.team AND f.period = t.period
UNION ALL
SELECT s.subject, f.*, coalesce(s.person = (SELECT CASE WHEN count(*) = 1 THEN any_value(h.person) END FROM heads h), false)
FROM subjects s JOIN falling f ON f.team IS NULL
WHERE s.kind <> 'person'
