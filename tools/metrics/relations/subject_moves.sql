-- subject_moves: one row per subject, period, pool, step and deal: what the deal adds to the subject's pipeline in that step.
-- start + created + pulled_in + reopened + transferred_in + increased + currency + decreased + pushed_out +
-- transferred_out + lost + won = end, to the cent: what goes out is negative.
-- A deal changes hands for a person when its owner changes, for a team also when its owner joins or leaves the team;
-- hand-overs within a team are none.
-- from: deal_moves, scope
-- materialised
WITH sides AS (
    SELECT subject, is_peers, period, pool, deal_id, bool_or(first_side) AS at_first, bool_or(NOT first_side) AS at_last
    FROM (
        SELECT c.subject, c.is_peers, m.period, m.pool, m.deal_id, true AS first_side
        FROM deal_moves m JOIN scope c ON c.person = m.first_person AND m.entered_on >= c.from_on AND m.entered_on < c.to_on
        UNION ALL
        SELECT c.subject, c.is_peers, m.period, m.pool, m.deal_id, false
        FROM deal_moves m JOIN scope c ON c.person = m.last_person AND m.valued_on >= c.from_on AND m.valued_on < c.to_on
    )
    WHERE period = 'current' OR NOT is_peers
    GROUP BY ALL
), moves AS (
    SELECT s.subject, s.at_first, s.at_last, m.*
    FROM sides s JOIN deal_moves m ON m.period = s.period AND m.pool = s.pool AND m.deal_id = s.deal_id
), steps AS (
    SELECT subject, period, pool, deal_id, unvalued, unrated, unnest([
        {step: CASE WHEN at_first THEN entry END, change: CASE entry WHEN 'start' THEN value_start ELSE value_before END},
        {step: CASE WHEN at_first AND entry = 'start' AND value_before <> value_start THEN 'currency' END,
         change: value_before - value_start},
        {step: CASE WHEN at_first AND NOT at_last THEN 'transferred_out' END, change: -value_before},
        {step: CASE WHEN at_last AND NOT at_first THEN 'transferred_in' END, change: value_before},
        {step: CASE WHEN at_last AND value_after > value_before THEN 'increased'
                    WHEN at_last AND value_after < value_before THEN 'decreased' END, change: value_after - value_before},
        {step: CASE WHEN at_last THEN leaves END, change: -value_after},
        {step: CASE WHEN at_last AND leaves IS NULL THEN 'end' END, change: value_after}
    ], recursive := true)
    FROM moves
)
SELECT subject, period, pool, step, deal_id, CAST(change AS DECIMAL(18, 4)) AS amount, unvalued, unrated
FROM steps WHERE step IS NOT NULL
