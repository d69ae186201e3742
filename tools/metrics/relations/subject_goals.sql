-- subject_goals: one row per subject, period, slot and metric with a target: a person's own; a manager's own, else
-- their team's, else the sum of their people's; of people together, each person's for the days that they belonged.
-- from: goals, subjects, scope, spells
-- materialised
WITH candidates AS (
    SELECT s.subject, g.period, g.slot, g.metric, g.value, g.before, g.note, g.set_on, 1 AS rank
    FROM subjects s JOIN goals g ON g.person = s.person AND g.covered AND (s.kind = 'person' OR NOT g.personal)
    UNION ALL
    SELECT s.subject, g.period, g.slot, g.metric, g.value, g.before, g.note, g.set_on, 2
    FROM subjects s JOIN goals g ON g.team = s.team AND g.covered
    WHERE s.kind <> 'person'
    UNION ALL
    SELECT m.subject, m.period, m.slot, m.metric, sum(m.value * CAST(m.share AS DECIMAL(20, 8))), NULL, NULL, NULL, 3
    FROM (
        SELECT c.subject, g.period, g.slot, g.metric, g.person, any_value(g.value) AS value,
               CASE WHEN sum(least(c.to_on, g.to_on) - greatest(c.from_on, g.start_on)) >= any_value(g.needed_days) THEN 1
                    ELSE sum(least(c.to_on, g.to_on) - greatest(c.from_on, g.start_on)) / any_value(g.needed_days) END AS share
        FROM scope c JOIN goals g
          ON g.person = c.person AND g.covered AND g.additive AND c.from_on < g.to_on AND c.to_on > g.start_on
        WHERE c.subject NOT IN (SELECT subject FROM subjects WHERE kind = 'person')
          -- A manager's target is that of their people, who are counted already, unless it is for their own results.
          AND (c.is_peers OR g.personal OR g.person NOT IN (SELECT person FROM spells WHERE role = 'sales_manager'))
        GROUP BY c.subject, g.period, g.slot, g.metric, g.person
    ) m
    GROUP BY m.subject, m.period, m.slot, m.metric
)
SELECT * EXCLUDE (rank) FROM candidates
QUALIFY row_number() OVER (PARTITION BY subject, period, slot, metric ORDER BY rank) = 1
