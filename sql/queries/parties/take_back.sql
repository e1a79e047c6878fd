-- Gives back to the predecessor of a wrong succession what came to others through it, as one period with what the
-- predecessor kept before; later successions of the predecessor hand it over anew. What was believed is closed, not
-- rewritten. Answers how many periods were given back. $1 succession, $2 from when on it is known
WITH wrong AS MATERIALIZED (
    SELECT held.id, held.subject_id, held.role, held.valid, held.recorded, succession.predecessor_id,
        held.succession_ids[:array_position(held.succession_ids, succession.id) - 1] AS before
    FROM party_succession AS succession
    JOIN responsibility AS held ON held.succession_ids @> ARRAY[succession.id] AND held.succession_ids <> '{}'
        AND upper_inf(held.recorded)
    WHERE succession.id = $1
), affected AS MATERIALIZED (
    SELECT id, predecessor_id, before, recorded FROM wrong
    UNION
    SELECT kept.id, wrong.predecessor_id, wrong.before, kept.recorded
    FROM wrong JOIN responsibility AS kept ON kept.subject_id = wrong.subject_id AND kept.role = wrong.role
        AND kept.party_id = wrong.predecessor_id AND upper_inf(kept.recorded) AND kept.valid -|- wrong.valid
), moment AS MATERIALIZED (
    SELECT GREATEST($2, max(lower(recorded)) + interval '1 microsecond') AS learned_at FROM affected
), closed AS (
    UPDATE responsibility SET recorded = tstzrange(lower(responsibility.recorded), moment.learned_at)
    FROM affected, moment WHERE responsibility.id = affected.id
    RETURNING affected.predecessor_id, affected.before, role, entry_id, product_id, subject_id, valid, basis,
        basis_sha256, moment.learned_at
), whole AS (
    SELECT predecessor_id, before, role, entry_id, product_id, subject_id, learned_at, min(basis) AS basis,
        (array_agg(basis_sha256 ORDER BY basis))[1] AS basis_sha256, unnest(range_agg(valid)) AS valid
    FROM closed GROUP BY predecessor_id, before, role, entry_id, product_id, subject_id, learned_at
), stated AS (
    INSERT INTO responsibility (id, party_id, role, entry_id, product_id, valid, recorded, basis, basis_sha256,
        succession_ids)
    SELECT gen_random_uuid(), whole.predecessor_id, whole.role, whole.entry_id, whole.product_id, whole.valid,
        tstzrange(whole.learned_at, NULL), COALESCE(was.basis, whole.basis),
        COALESCE(was.basis_sha256, whole.basis_sha256), whole.before
    FROM whole
    LEFT JOIN LATERAL (
        -- The ground on which the predecessor held it; an import that named it gave it to the successor at once.
        SELECT was.basis, was.basis_sha256 FROM responsibility AS was
        WHERE was.subject_id = whole.subject_id AND was.role = whole.role AND was.party_id = whole.predecessor_id
            AND was.valid && whole.valid
        ORDER BY lower(was.recorded) DESC LIMIT 1) AS was ON true
)
SELECT count(*) FROM closed;
