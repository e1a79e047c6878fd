-- The meter that takes events for longest, and for how many hours, if that is longer than some months; no row: none takes any
-- for longer. Months are counted as 28 days. $1 months
SELECT code, (extract(epoch FROM accepted_for) / 3600)::integer FROM meter
WHERE accepted_for > $1::integer * interval '28 days' ORDER BY accepted_for DESC, code LIMIT 1;
