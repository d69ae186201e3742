-- own_quotas: one row per subject and period with a quota for results of their own: a person's; a manager's who carries one
-- beside the team's target; comparable people's, managers apart, and each of theirs
-- from: subject_goals, goals, subjects, peer_members
SELECT q.subject, q.period, q.value
FROM subject_goals q LEFT JOIN subjects s ON s.subject = q.subject
WHERE q.metric = 'revenue_won' AND q.slot = 'own'
  AND (s.kind = 'person' OR s.kind IS NULL AND q.subject NOT LIKE 'peers:sales_manager:%')
UNION ALL
SELECT s.subject, g.period, g.value
FROM subjects s JOIN goals g ON g.person = s.person AND g.covered AND g.personal
WHERE s.kind = 'manager' AND g.metric = 'revenue_won' AND g.slot = 'own'
UNION ALL
SELECT m.peers || '/' || m.person, g.period, g.value
FROM (SELECT DISTINCT peers, person FROM peer_members) m
JOIN goals g ON g.person = m.person AND g.covered AND g.period = 'current'
WHERE g.metric = 'revenue_won' AND g.slot = 'own'
