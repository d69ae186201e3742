-- renewal_terms: one row per renewal: who looks after it, when it was decided (on the due day, where no other is on
-- record; NULL: pending) and the MRR due and renewed, at the rate of the due day
-- from: renewals, accounts, rates, rules
-- materialised
SELECT r.renewal_id, coalesce(r.owner, a.owner) AS person, a.segment, r.due_on,
       CASE WHEN r.outcome <> 'pending' THEN coalesce(r.closed_on, r.due_on) END AS decided_on,
       coalesce(r.outcome = 'renewed', false) AS renewed,
       converted(r.mrr, x.rate) AS mrr,
       CASE WHEN r.outcome = 'renewed' THEN converted(coalesce(r.renewed_mrr, r.mrr), x.rate) ELSE 0 END AS renewed_mrr,
       CASE WHEN r.outcome = 'renewed' THEN coalesce(r.renewed_mrr, r.mrr) ELSE r.mrr END IS NULL AS unvalued,
       CASE WHEN x.rate IS NULL THEN upper(trim(r.currency)) || ' on ' || strftime(r.due_on, '%Y-%m-%d') END AS unrated
FROM renewals r CROSS JOIN rules
LEFT JOIN accounts a ON a.account_id = r.account
LEFT JOIN rates x ON x.currency = coalesce(upper(trim(r.currency)), rules.currency)
                 AND r.due_on >= x.from_on AND r.due_on < x.to_on
