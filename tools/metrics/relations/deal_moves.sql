-- deal_moves: one row per period, pool and deal that belonged to the pool at any of three moments: where it stood as the
-- period began (or as it was created, if later) and where it ended (at closing, or on the last day).
-- pool `all`: the open pipeline; pool `due`: open deals due in the period and not overdue on the day looked at.
-- `entry`: start, created, reopened or pulled_in. `leaves`: won, lost, pushed_out, or NULL where it is in the pool at the end.
-- `value_start`: at the first day's rate; `value_before`, `value_after`: the first and the last amount, both at the last
-- day's rate (of a closed deal, at that of its closing day), so that changes of amount and of rates stay apart.
-- from: deals_on_day, relevant_deals, first_values, owners_at_closing, moments, periods, rates, rules
-- materialised
WITH ended AS (
    SELECT p.period, p.start_on, p.end_on, p.full_end, m.on_day AS last_day, e.deal_id, d.created_on, e.status, e.kind,
           -- Closed for good within the period: then the closing speaks, whatever was changed afterwards.
           e.status <> 'open' AND e.closed_on >= p.start_on AND e.closed_on < p.end_on AS closed, e.closed_on,
           e.open, e.person, e.own_amount, e.due_on, e.currency, d.owner AS owner_now, d.amount AS amount_now,
           d.expected_close_on AS due_now
    FROM deals_on_day e
    JOIN moments m ON m.moment = 'end' AND m.on_day = e.on_day
    JOIN periods p ON p.period = m.period
    JOIN relevant_deals d ON d.deal_id = e.deal_id
), began AS (
    SELECT m.period, b.deal_id, b.open, b.person, b.own_amount, b.due_on, m.on_day AS first_day
    FROM deals_on_day b JOIN moments m ON m.moment = 'start' AND m.on_day = b.on_day
), states AS (
    SELECT e.period, e.deal_id, e.currency, e.start_on, e.full_end, e.last_day,
           b.deal_id IS NOT NULL AS existed, coalesce(b.open, false) AS was_open,
           coalesce(b.first_day, e.start_on - 1) AS first_day,
           -- Whose team it began in is asked on the first day of the period, or on that of its creation.
           CASE WHEN b.deal_id IS NOT NULL THEN e.start_on ELSE e.created_on END AS entered_on,
           CASE WHEN b.deal_id IS NOT NULL THEN b.person WHEN f.had_owner THEN f.owner ELSE e.owner_now END AS first_person,
           CASE WHEN b.deal_id IS NOT NULL THEN b.own_amount WHEN f.had_amount THEN f.amount ELSE e.amount_now END AS first_amount,
           CASE WHEN b.deal_id IS NOT NULL THEN b.due_on WHEN f.had_due_on THEN f.due_on ELSE e.due_now END AS first_due_on,
           CASE WHEN e.closed THEN e.status ELSE e.kind END AS outcome, e.open AND NOT e.closed AS is_open, e.closed,
           CASE WHEN e.closed THEN coalesce(o.person, e.owner_now) ELSE e.person END AS last_person,
           CASE WHEN e.closed THEN e.amount_now ELSE e.own_amount END AS last_amount, e.due_on AS last_due_on,
           CASE WHEN e.closed THEN e.closed_on ELSE e.last_day END AS valued_on
    FROM ended e
    LEFT JOIN began b ON b.period = e.period AND b.deal_id = e.deal_id
    LEFT JOIN first_values f ON f.deal = e.deal_id
    LEFT JOIN owners_at_closing o ON o.deal = e.deal_id
), pooled AS (
    SELECT 'all' AS pool, s.*, s.was_open AS was_in, s.is_open AS is_in, NOT s.existed AS came_in, false AS fell_due,
           s.closed AS counts_closed
    FROM states s
    UNION ALL
    SELECT 'due', s.*, s.was_open AND s.first_due_on >= s.start_on AND s.first_due_on < s.full_end,
           s.is_open AND s.last_due_on > s.last_day AND s.last_due_on < s.full_end,
           NOT s.existed AND s.first_due_on >= s.start_on AND s.first_due_on < s.full_end,
           s.is_open AND s.last_due_on >= s.start_on AND s.last_due_on <= s.last_day,
           -- What is won in the period was due in it in the end; what is lost only if it was to close in it.
           s.closed AND (s.outcome = 'won' OR s.last_due_on >= s.start_on AND s.last_due_on < s.full_end)
    FROM states s
), placed AS (
    SELECT p.* REPLACE (coalesce(p.was_in, false) AS was_in, coalesce(p.is_in, false) AS is_in,
                        coalesce(p.came_in, false) AS came_in, coalesce(p.fell_due, false) AS fell_due,
                        coalesce(p.counts_closed, false) AS counts_closed)
    FROM pooled p
)
SELECT p.period, p.pool, p.deal_id, p.first_person, p.last_person, p.entered_on, p.valued_on,
       CASE WHEN p.was_in THEN 'start' WHEN NOT p.existed THEN 'created' WHEN p.was_open THEN 'pulled_in'
            ELSE 'reopened' END AS entry,
       CASE WHEN p.is_in THEN NULL WHEN NOT p.is_open THEN p.outcome ELSE 'pushed_out' END AS leaves,
       converted(coalesce(p.first_amount, 0), a.rate) AS value_start,
       converted(coalesce(p.first_amount, 0), z.rate) AS value_before,
       converted(coalesce(p.last_amount, 0), z.rate) AS value_after,
       p.last_amount IS NULL AS unvalued,
       CASE WHEN coalesce(p.first_amount, p.last_amount) IS NOT NULL AND (z.rate IS NULL OR p.was_in AND a.rate IS NULL)
            THEN p.currency || ' on ' || strftime(CASE WHEN z.rate IS NULL THEN p.valued_on ELSE p.first_day END, '%Y-%m-%d')
       END AS unrated
FROM placed p
CROSS JOIN rules
LEFT JOIN rates a ON a.currency = coalesce(p.currency, rules.currency) AND p.first_day >= a.from_on AND p.first_day < a.to_on
LEFT JOIN rates z ON z.currency = coalesce(p.currency, rules.currency) AND p.valued_on >= z.from_on AND p.valued_on < z.to_on
WHERE p.was_in OR p.is_in OR p.came_in OR p.fell_due OR p.counts_closed
