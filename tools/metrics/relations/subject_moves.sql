-- subject_moves: one row per subject, period, pool, step and deal: what the deal adds to the subject's pipeline in that step.
-- start + created + pulled_in + reopened + transferred_in + increased + currency + decreased + pushed_out +
-- transferred_out + lost + won = end, to the cent: what goes out is negative.
-- A deal changes hands for a person when its owner changes, for a team also when its owner joins or leaves the team;
-- hand-overs within a team are none. Of a shared deal a subject has the parts of its people on either side, and what that
-- grows or shrinks by is handed over.
-- from: deal_moves, shares, scope
-- materialised
WITH sides AS (
    SELECT m.period, m.pool, m.deal_id, true AS first_side, m.entered_on AS on_day, m.first_person AS owner,
           m.value_start, m.value_before, NULL AS value_after
    FROM deal_moves m
    UNION ALL
    SELECT m.period, m.pool, m.deal_id, false, m.valued_on, m.last_person, NULL, m.value_before, m.value_after
    FROM deal_moves m
), held AS (
    -- Each share is rounded before anything is added up, so that a team has what its people have, to the last decimal.
    SELECT s.period, s.pool, s.deal_id, s.first_side, s.on_day, coalesce(h.person, s.owner) AS person,
           CASE WHEN h.deal IS NULL THEN s.value_start ELSE CAST(s.value_start * h.share AS DECIMAL(18, 4)) END AS value_start,
           CASE WHEN h.deal IS NULL THEN s.value_before ELSE CAST(s.value_before * h.share AS DECIMAL(18, 4)) END AS value_before,
           CASE WHEN h.deal IS NULL THEN s.value_after ELSE CAST(s.value_after * h.share AS DECIMAL(18, 4)) END AS value_after
    FROM sides s
    LEFT JOIN shares h ON h.deal = s.deal_id AND h.owner IS NOT DISTINCT FROM s.owner
), parts AS (
    SELECT c.subject, h.period, h.pool, h.deal_id, bool_or(h.first_side) AS at_first, bool_or(NOT h.first_side) AS at_last,
           coalesce(sum(h.value_start), 0) AS value_start,
           coalesce(sum(h.value_before) FILTER (h.first_side), 0) AS value_first,
           coalesce(sum(h.value_before) FILTER (NOT h.first_side), 0) AS value_last,
           coalesce(sum(h.value_after), 0) AS value_after
    FROM held h JOIN scope c ON c.person = h.person AND h.on_day >= c.from_on AND h.on_day < c.to_on
    WHERE h.period = 'current' OR NOT c.is_peers
    GROUP BY c.subject, h.period, h.pool, h.deal_id
), moves AS (
    SELECT p.*, m.entry, m.leaves, m.unvalued, m.unrated
    FROM parts p JOIN deal_moves m ON m.period = p.period AND m.pool = p.pool AND m.deal_id = p.deal_id
), steps AS (
    SELECT subject, period, pool, deal_id, unvalued, unrated, unnest([
        {step: CASE WHEN at_first THEN entry END, change: CASE entry WHEN 'start' THEN value_start ELSE value_first END},
        {step: CASE WHEN at_first AND entry = 'start' AND value_first <> value_start THEN 'currency' END,
         change: value_first - value_start},
        {step: CASE WHEN at_first AND NOT at_last OR value_last < value_first THEN 'transferred_out'
                    WHEN at_last AND NOT at_first OR value_last > value_first THEN 'transferred_in' END,
         change: value_last - value_first},
        {step: CASE WHEN at_last AND value_after > value_last THEN 'increased'
                    WHEN at_last AND value_after < value_last THEN 'decreased' END, change: value_after - value_last},
        {step: CASE WHEN at_last THEN leaves END, change: -value_after},
        {step: CASE WHEN at_last AND leaves IS NULL THEN 'end' END, change: value_after}
    ], recursive := true)
    FROM moves
)
SELECT subject, period, pool, step, deal_id, CAST(change AS DECIMAL(18, 4)) AS amount, unvalued, unrated
FROM steps WHERE step IS NOT NULL
