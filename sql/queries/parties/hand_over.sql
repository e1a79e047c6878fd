-- Ends what a succeeded party answers for at the effective date and opens the same for its successors. What was believed
-- before is kept: each period is closed on the recorded axis and stated again in two parts. Answers how many periods
-- were handed over. $1 succession, $2 now
WITH held AS MATERIALIZED (
    SELECT held.id, heir.party_id AS heir_id, succession.id AS succession_id, succession.effective_at,
        succession.kind || ': ' || succession.basis AS basis, succession.basis_sha256,
        GREATEST($2, lower(held.recorded) + interval '1 microsecond') AS learned_at
    FROM party_succession AS succession
    JOIN responsibility AS held ON held.party_id = succession.predecessor_id AND upper_inf(held.recorded)
        AND (upper_inf(held.valid) OR upper(held.valid) > succession.effective_at)
    CROSS JOIN LATERAL succession_heir(succession.id, held.role, held.subject_id) AS heir
    WHERE succession.id = $1
), ended AS (
    UPDATE responsibility SET recorded = tstzrange(lower(recorded), held.learned_at)
    FROM held WHERE responsibility.id = held.id
    RETURNING responsibility.party_id, role, entry_id, product_id, valid, responsibility.basis AS old_basis,
        responsibility.basis_sha256 AS old_sha256, succession_ids, held.succession_id, held.heir_id, held.effective_at, held.basis, held.basis_sha256,
        held.learned_at
), stated AS (
    INSERT INTO responsibility (id, party_id, role, entry_id, product_id, valid, recorded, basis, basis_sha256,
        succession_ids)
    SELECT gen_random_uuid(), party_id, role, entry_id, product_id, tstzrange(lower(valid), effective_at),
        tstzrange(learned_at, NULL), old_basis, old_sha256, succession_ids
    FROM ended WHERE lower(valid) < effective_at
    UNION ALL
    SELECT gen_random_uuid(), heir_id, role, entry_id, product_id,
        tstzrange(GREATEST(lower(valid), effective_at), upper(valid)), tstzrange(learned_at, NULL), basis, basis_sha256,
        succession_ids || succession_id
    FROM ended
)
SELECT count(*) FROM ended;
