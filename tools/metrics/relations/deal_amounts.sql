-- deal_amounts: one row per period and deal that existed by its end: its amount as it stood then, at that day's rate
-- from: deals_on_day, moments
SELECT m.period, d.deal_id, d.place, d.amount, d.unvalued, d.unrated
FROM deals_on_day d JOIN moments m ON m.moment = 'end' AND m.on_day = d.on_day
