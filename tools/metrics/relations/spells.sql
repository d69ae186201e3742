-- spells: one row per person and stretch of days [from_on, to_on) with one role, team, segment, territory and manager.
-- Dated memberships where a person has any, else what people says now; cut to the days of employment; never overlapping.
-- Days between or after somebody's memberships, while they go on working, are days of theirs without team or territory;
-- so are those from their first day of employment to the first membership.
-- Whoever was switched off without a leave date is taken to have left after their last record.
-- from: memberships, people, own_records
-- materialised
WITH dated AS (
    SELECT p.person_id AS person, coalesce(m.role, p.role) AS role, coalesce(m.team, p.team) AS team,
           coalesce(m.segment, p.segment) AS segment, coalesce(m.territory, p.territory) AS territory,
           coalesce(m.manager, p.manager) AS manager, p.start_on,
           coalesce(p.leave_on, CASE WHEN NOT p.active THEN r.last_on + 1 END) AS leave_on,
           coalesce(m.from_on, DATE '-infinity') AS from_on, coalesce(m.to_on, DATE 'infinity') AS to_on
    FROM people p
    LEFT JOIN memberships m ON m.person = p.person_id
    LEFT JOIN own_records r ON r.person = p.person_id
), bounded AS (
    SELECT person, role, team, segment, territory, manager,
           greatest(from_on, coalesce(start_on, from_on)) AS from_on,
           least(to_on, coalesce(leave_on, to_on),
                 coalesce(lead(from_on) OVER (PARTITION BY person ORDER BY from_on, to_on, role, team), to_on)) AS to_on
    FROM dated
), joined AS (
    SELECT p.person_id AS person, p.role, p.segment, p.manager, p.start_on, b.from_on, b.to_on,
           lead(b.from_on) OVER (PARTITION BY b.person ORDER BY b.from_on) AS next_on,
           b.from_on = min(b.from_on) OVER (PARTITION BY b.person) AS is_first,
           coalesce(p.leave_on, r.last_on + 1) AS gone_on
    FROM bounded b JOIN people p ON p.person_id = b.person
    LEFT JOIN own_records r ON r.person = p.person_id
    WHERE b.from_on < b.to_on
), gaps AS (
    SELECT person, role, segment, manager, to_on AS from_on, coalesce(next_on, gone_on) AS to_on FROM joined
    UNION ALL
    SELECT person, role, segment, manager, start_on, from_on FROM joined WHERE is_first AND start_on IS NOT NULL
)
SELECT person, role, team, segment, territory, nullif(manager, person) AS manager, from_on, to_on
FROM bounded
WHERE from_on < to_on
UNION ALL
SELECT person, role, NULL, segment, NULL, nullif(manager, person), from_on, to_on FROM gaps WHERE from_on < to_on
