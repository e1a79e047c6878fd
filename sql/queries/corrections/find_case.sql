-- Where a correction stands and what a party may do with it; no row: none such, or the party may not see it. A declared
-- look-up across enterprises: it answers the enterprise_id by which every other statement works.
-- $1 correction, $2 party, $3 whether it is an administrator, $4 now
SELECT correction.enterprise_id, correction.party_id, correction.state,
    correction.enterprise_id = $2 AS raised_it, correction.party_id = $2 AS answers_for_it,
    EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = correction.product_id
        AND held.role = 'operator' AND held.party_id = $2 AND held.valid @> $4::timestamptz
        AND upper_inf(held.recorded)) AS operates_it,
    EXISTS (SELECT FROM access_token WHERE access_token.party_id = correction.party_id
        AND access_token.revoked_at IS NULL AND access_token.expires_at > $4) AS has_account
FROM correction
WHERE correction.id = $1 AND ($3 OR correction.enterprise_id = $2 OR correction.party_id = $2
    OR EXISTS (SELECT FROM responsibility AS held WHERE held.subject_id = correction.product_id
        AND held.role IN ('operator', 'seller') AND held.party_id = $2 AND held.valid @> $4::timestamptz
        AND upper_inf(held.recorded)));
