-- open_deals: one row per day looked at and deal of somebody in scope that was open at its end, as it then stood
-- from: deals_on_day, scope
SELECT * FROM deals_on_day WHERE open AND person IN (SELECT person FROM scope)
