-- subject_forecasts: one row per subject, period, metric, category and forecast that counts for it: a person's own; a manager's
-- own, else their team's, else their people's, who reported to them on the day of the forecast
-- from: person_forecasts, subjects, scope
-- materialised
WITH candidates AS (
    SELECT s.subject, f.*, 1 AS rank
    FROM subjects s JOIN person_forecasts f ON f.person = s.person
    UNION ALL
    SELECT s.subject, f.*, 2
    FROM subjects s JOIN person_forecasts f ON f.team = s.team WHERE s.kind <> 'person'
    UNION ALL
    SELECT c.subject, f.*, 3
    FROM scope c JOIN person_forecasts f ON f.person = c.person AND f.on_day >= c.from_on AND f.on_day < c.to_on
    WHERE f.period = 'current' OR NOT c.is_peers
)
SELECT * EXCLUDE (rank), coalesce(person, team) || ' ' || category || ' ' || CAST(submitted_on AS VARCHAR) AS record_id
FROM candidates
QUALIFY rank = min(rank) OVER (PARTITION BY subject, period, metric, category)
