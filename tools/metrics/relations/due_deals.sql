-- due_deals: one row per period and deal due in it: by its close date as the period began or, where it had none or was
-- created later, by the first close date set within the period. `slipped`: not closed by the end of the period, moved or
-- simply overdue. It counts for its owner at closing, or at the end of the period, with its amount then: for those who share
-- it, their part (`owns` marks the owner's row).
-- from: relevant_deals, deals_on_day, owners_at_closing, shares, history_in_scope, moments, periods, scope
-- materialised
WITH at_start AS (
    SELECT m.period, o.deal_id, o.due_on, o.open
    FROM deals_on_day o JOIN moments m ON m.moment = 'start' AND m.on_day = o.on_day
), at_end AS (
    SELECT m.period, o.*, b.due_on AS due_at_start
    FROM deals_on_day o
    JOIN moments m ON m.moment = 'end' AND m.on_day = o.on_day
    LEFT JOIN at_start b ON b.period = m.period AND b.deal_id = o.deal_id
    WHERE b.open IS NOT FALSE
), dates_set AS (
    SELECT h.place, h.from_at, TRY_CAST(h.value AS DATE) AS due_on
    FROM history_in_scope h WHERE h.field = 'expected_close_on' AND h.value IS NOT NULL
), first_set AS (
    -- The date that a deal was created with was set on the day of its creation.
    SELECT e.period, e.deal_id,
           arg_min(coalesce(s.due_on, d.expected_close_on), coalesce(s.from_at, p.start_at)) AS due_on
    FROM at_end e
    JOIN periods p ON p.period = e.period
    JOIN relevant_deals d ON d.deal_id = e.deal_id
    LEFT JOIN dates_set s ON s.place = e.place
    WHERE e.due_at_start IS NULL
      AND CASE WHEN s.place IS NULL OR s.from_at = TIMESTAMP '-infinity' THEN d.created_on >= p.start_on
               ELSE s.from_at >= p.start_at AND s.from_at < p.end_at END
    GROUP BY e.period, e.deal_id
), due AS (
    SELECT e.* REPLACE (CASE WHEN e.closed_on < p.end_on AND e.status <> 'open'
                             THEN coalesce(o.person, e.person) ELSE e.person END AS person),
           coalesce(e.due_at_start, f.due_on) AS first_due_on
    FROM at_end e
    JOIN periods p ON p.period = e.period
    LEFT JOIN owners_at_closing o ON o.deal = e.deal_id
    LEFT JOIN first_set f ON f.period = e.period AND f.deal_id = e.deal_id
)
SELECT d.* REPLACE (
           coalesce(h.person, d.person) AS person,
           CASE WHEN h.deal IS NULL THEN d.amount ELSE CAST(d.amount * h.share AS DECIMAL(18, 4)) END AS amount),
       h.deal IS NULL OR h.person IS NOT DISTINCT FROM d.person AS owns, p.end_on - 1 AS ends_on,
       d.status = 'open' OR d.closed_on IS NULL OR d.closed_on >= p.end_on AS slipped
FROM due d
JOIN periods p ON p.period = d.period
LEFT JOIN shares h ON h.deal = d.deal_id AND h.owner IS NOT DISTINCT FROM d.person
WHERE d.first_due_on >= p.start_on AND d.first_due_on < p.end_on
  AND (d.status = 'open' OR d.closed_on >= p.start_on)
  AND coalesce(h.person, d.person) IN (SELECT person FROM scope)
