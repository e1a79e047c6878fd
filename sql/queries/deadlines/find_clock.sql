-- What a clock allows to a party; no row: no such deadline. $1 deadline, $2 party, $3 code of a party waited for or null
SELECT deadline.party_id = $2 AS is_own, deadline.state, deadline.is_fixed, deadline.extended_at IS NOT NULL AS is_extended,
    policy.extension_days, $3::text IS NULL OR EXISTS (SELECT FROM party WHERE code = $3) AS is_known
FROM deadline
LEFT JOIN policy ON policy.rule = deadline.rule AND policy.effective @> legal_day(deadline.began_at)
WHERE deadline.id = $1;
