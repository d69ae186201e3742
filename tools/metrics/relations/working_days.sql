-- working_days: one row per period and subject: its Mondays to Fridays, for comparable people times their number
-- from: periods, subjects, peer_members
WITH days AS (
    SELECT p.period, p.start_on, p.end_on,
           len(list_filter(range(p.start_on, p.end_on, INTERVAL 1 DAY), lambda day: isodow(day) < 6)) AS days
    FROM periods p
)
SELECT s.subject, d.period, d.days FROM subjects s, days d
UNION ALL
SELECT m.peers, d.period, any_value(d.days) * count(DISTINCT m.person)
FROM peer_members m JOIN days d ON d.period = 'current' AND m.from_on < d.end_on AND m.to_on > d.start_on
GROUP BY m.peers, d.period
