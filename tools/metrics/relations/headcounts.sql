-- headcounts: one row per subject, period and person who counted for the subject in it: there as it began, there at its end
-- (on its last day), or left in it. Managers of others are not counted, nor is anybody before their first record where no
-- first day of employment is known.
-- from: scope, spells, people, own_records, periods
WITH stays AS (
    SELECT l.person, l.to_on, greatest(l.from_on, CASE WHEN e.start_on IS NULL THEN r.first_on ELSE l.from_on END) AS from_on,
           coalesce(e.leave_on, CASE WHEN NOT e.active THEN r.last_on + 1 END) AS leave_on
    FROM spells l
    JOIN people e ON e.person_id = l.person
    JOIN own_records r ON r.person = l.person
    WHERE l.role <> 'sales_manager'
), placed AS (
    SELECT c.subject, p.period, p.start_on, p.end_on, s.person, s.leave_on,
           greatest(c.from_on, s.from_on) AS from_on, least(c.to_on, s.to_on) AS to_on
    FROM scope c
    JOIN stays s ON s.person = c.person AND s.from_on < c.to_on AND s.to_on > c.from_on
    JOIN periods p ON greatest(c.from_on, s.from_on) < p.end_on AND least(c.to_on, s.to_on) >= p.start_on
    WHERE p.period = 'current' OR NOT c.is_peers
)
SELECT subject, period, person, bool_or(from_on < start_on) AS at_start, bool_or(to_on >= end_on) AS at_end,
       bool_or(coalesce(leave_on >= start_on AND leave_on < end_on AND to_on >= leave_on, false)) AS leaver
FROM placed
GROUP BY subject, period, person
