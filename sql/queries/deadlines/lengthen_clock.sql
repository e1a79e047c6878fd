-- Gives a party's running duty more days, once, as far as its policy allows. A row: it is extended. No row: find_clock
-- tells why. $1 deadline, $2 party, $3 reason, $4 days or null for all that the policy allows, $5 now
UPDATE deadline SET extended_at = $5, extension_basis = $3, extended_days = COALESCE($4, policy.extension_days),
    due_on = move_by(deadline.due_on, COALESCE($4, policy.extension_days), policy.unit)
FROM policy
WHERE deadline.id = $1 AND deadline.party_id = $2 AND deadline.state = 'running' AND NOT deadline.is_fixed
    AND deadline.extended_at IS NULL AND policy.rule = deadline.rule
    AND policy.effective @> legal_day(deadline.began_at)
    AND COALESCE($4, policy.extension_days) <= policy.extension_days
RETURNING deadline.id;
