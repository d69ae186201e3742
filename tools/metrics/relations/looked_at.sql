-- looked_at: one row per day that the pipeline is looked at and relevant deal that existed by its end and was not closed
-- before the period that the day belongs to (deals of people only compared with: on the days of the period asked for); `settled`: as it stands now, it stood then
-- from: relevant_deals, moments, snapshots, periods
SELECT y.on_day, y.ends_at, d.deal_id, d.place, d.status = 'open' OR d.closed_on <= y.on_day AS settled
FROM relevant_deals d
JOIN (
    SELECT m.on_day, m.ends_at, min(least(p.start_on, m.on_day + 1)) AS start_on,
           bool_or(m.period = 'current') AS is_current
    FROM moments m JOIN periods p ON p.period = m.period
    WHERE m.moment IN (SELECT moment FROM snapshots)
    GROUP BY m.on_day, m.ends_at
) y ON (d.created_on IS NULL OR d.created_on <= y.on_day) AND (d.status = 'open' OR d.closed_on >= y.start_on)
       AND (y.is_current OR NOT d.only_peers)
