-- goals: one row per period, person or team, and metric with targets on record for it: the target that holds.
-- Metrics that add up (revenue, meetings) take the sum of the targets inside the whole period, if those cover it from the
-- person's first day on; the others take the target that holds on its last day. `slot` next: for the period after it.
-- `covered` false: there are targets, but not for the whole period. `personal`: a manager's own results count towards it,
-- not those of their people. `value` is after agreed adjustments, `before` without.
-- from: targets, people, periods, metric_kinds, rates, rules
-- materialised
WITH asked AS (
    SELECT period, 'own' AS slot, start_on, full_end AS to_on, end_on - 1 AS last_day FROM periods
    UNION ALL
    SELECT period, 'next', next_start, next_end, next_end - 1 FROM periods
), recorded AS (
    SELECT t.person, CASE WHEN t.person IS NULL THEN t.team END AS team, t.metric, m.additive,
           t.start_on, t.end_on + 1 AS to_on,
           CAST(coalesce(t.adjusted_value, t.value) * CASE WHEN m.money THEN r.rate ELSE 1 END AS DECIMAL(28, 8)) AS value,
           CAST(t.value * CASE WHEN m.money THEN r.rate ELSE 1 END AS DECIMAL(28, 8)) AS before,
           t.adjusted_value IS NOT NULL AS adjusted,
           CASE WHEN t.adjusted_value IS NOT NULL
                THEN concat_ws(' ', 'adjusted', 'on ' || CAST(t.adjusted_on AS VARCHAR), 'because of ' || t.adjustment) END AS note,
           t.set_on, t.covers
    FROM (SELECT * REPLACE (CASE WHEN trim(metric) = 'quota' THEN 'revenue_won' ELSE trim(metric) END AS metric) FROM targets) t
    CROSS JOIN rules
    JOIN metric_kinds m ON m.metric = regexp_replace(t.metric, '\[[^]]*\]', '')
    LEFT JOIN rates r ON r.currency = coalesce(upper(trim(t.currency)), rules.currency)
                     AND t.start_on >= r.from_on AND t.start_on < r.to_on
    WHERE NOT m.money OR r.rate IS NOT NULL
), touching AS (
    SELECT a.period, a.slot, a.start_on AS asked_from, a.to_on AS asked_to, a.last_day, r.*,
           least(a.to_on, coalesce(p.leave_on, a.to_on)) - greatest(a.start_on, coalesce(p.start_on, a.start_on)) AS needed_days
    FROM asked a
    JOIN recorded r ON r.start_on < a.to_on AND r.to_on > a.start_on
    LEFT JOIN people p ON p.person_id = r.person
), held AS (
    SELECT t.* FROM touching t
    WHERE t.additive AND t.start_on >= t.asked_from AND t.to_on <= t.asked_to
      -- A month's target inside its quarter's is a part of it, not one more.
      AND NOT EXISTS (
          SELECT 1 FROM touching o
          WHERE o.period = t.period AND o.slot = t.slot AND o.metric = t.metric
            AND o.person IS NOT DISTINCT FROM t.person AND o.team IS NOT DISTINCT FROM t.team
            AND o.start_on >= o.asked_from AND o.to_on <= o.asked_to
            AND o.start_on <= t.start_on AND o.to_on >= t.to_on AND o.to_on - o.start_on > t.to_on - t.start_on)
    UNION ALL
    SELECT * FROM touching
    WHERE NOT additive AND start_on <= last_day AND to_on > last_day
    QUALIFY row_number() OVER (PARTITION BY period, slot, person, team, metric ORDER BY start_on DESC) = 1
)
SELECT t.period, t.slot, t.person, t.team, t.metric, any_value(t.asked_from) AS start_on, any_value(t.asked_to) AS to_on,
       any_value(t.needed_days) AS needed_days, any_value(t.additive) AS additive,
       sum(h.value) AS value,
       CASE WHEN bool_or(h.adjusted) THEN sum(h.before) END AS before,
       string_agg(DISTINCT h.note, '; ' ORDER BY h.note) AS note,
       max(h.set_on) AS set_on,
       coalesce(bool_and(h.covers = 'own'), false) AS personal,
       count(h.value) > 0
           AND (NOT any_value(t.additive) OR sum(h.to_on - h.start_on) >= any_value(t.needed_days)) AS covered
FROM (SELECT DISTINCT period, slot, asked_from, asked_to, needed_days, person, team, metric, additive FROM touching) t
LEFT JOIN held h ON h.period = t.period AND h.slot = t.slot AND h.metric = t.metric
                AND h.person IS NOT DISTINCT FROM t.person AND h.team IS NOT DISTINCT FROM t.team
GROUP BY t.period, t.slot, t.person, t.team, t.metric
