-- A draft of a credential of a product; none when one of its kind is being applied for. A registration has to be applied for in
-- time. $1 id, $2 product, $3 kind, $4 holder, $5 issuer's code, $6 now
WITH made AS (
    INSERT INTO credential (id, product_id, kind, procedure, max_years, holder_id, issuer_id, state, recorded_at)
    SELECT $1, $2, credential_kind.kind, credential_kind.procedure, credential_kind.max_years, $4, party.id, 'draft', $6
    FROM credential_kind, party WHERE credential_kind.kind = $3 AND party.code = $5
    ON CONFLICT DO NOTHING
    RETURNING id, product_id, kind, procedure
)
INSERT INTO deadline (id, rule, party_id, subject_kind, subject_id, subject_code, began_at, due_on, state)
SELECT gen_random_uuid(), 'registration_first', $4, 'credential', made.id, product.code, $6,
    due_on('registration_first', $6), 'running'
FROM made JOIN product ON product.id = made.product_id JOIN credential_kind ON credential_kind.kind = made.kind
WHERE made.procedure = 'registration' AND credential_kind.needed_for <> 'none'
    AND due_on('registration_first', $6) IS NOT NULL
    -- A renewal is no first registration.
    AND NOT EXISTS (SELECT FROM credential AS earlier WHERE earlier.product_id = made.product_id
        AND earlier.kind = made.kind AND earlier.id <> made.id AND earlier.number IS NOT NULL);
