-- history_in_scope: the history of deals in scope; where most are, of all
-- from: history, deals_in_scope
-- narrows: history
-- materialised
SELECT h.* FROM history h SEMI JOIN deals_in_scope s ON s.place = h.place
