-- open_since: one row per period and deal open at its end: the days that it had been in its stage, and the usual days there
-- from: open_deals, relevant_deals, history_in_scope, usual_stage_days, moments
SELECT m.period, o.on_day, o.deal_id, o.person, o.stage, o.amount, o.unvalued, o.unrated, o.owns, u.days AS usual_days,
       epoch(m.ends_at - CASE WHEN h.from_at > TIMESTAMP '-infinity' THEN h.from_at
                              ELSE midnight(o.created_on) END) / 86400 AS days
FROM open_deals o
JOIN moments m ON m.moment = 'end' AND m.on_day = o.on_day
JOIN relevant_deals d ON d.place = o.place
LEFT JOIN history_in_scope h ON h.place = o.place AND h.field = 'stage' AND h.from_at < m.ends_at AND m.ends_at <= h.to_at
LEFT JOIN usual_stage_days u ON u.period = m.period AND u.stage = o.stage AND u.pipeline IS NOT DISTINCT FROM d.pipeline
