-- Records that a party was renamed, merged or split, with who takes what; a row: how many successors. No row: the party
-- answers in turn for one of its successors, or is one of them.
-- $1 id, $2 predecessor's code, $3 kind, $4 effective on, $5 basis, $6 SHA-256 of the basis, $7 recorded by, $8 now,
-- $9 digest of the request, $10 successors as JSON, $11 the succession it corrects or null
WITH wanted AS MATERIALIZED (
    SELECT row_number() OVER () AS position, party.id AS party_id, successor.roles, successor.subjects
    FROM jsonb_to_recordset($10::jsonb) AS successor(party text, roles text[], subjects text[])
    JOIN party ON party.code = successor.party
), later AS (
    WITH RECURSIVE walk(party_id, steps) AS (
        SELECT party_id, 0 FROM wanted
        UNION
        SELECT successor.party_id, walk.steps + 1
        FROM walk JOIN party_succession AS succession
            ON succession.predecessor_id = walk.party_id AND upper_inf(succession.recorded)
        JOIN party_successor AS successor ON successor.succession_id = succession.id
        WHERE walk.steps < 16
    )
    SELECT party_id FROM walk
), made AS (
    INSERT INTO party_succession (id, predecessor_id, kind, effective_at, recorded, recorded_by, basis, basis_sha256,
        digest, corrects_id)
    SELECT $1, party.id, $3, $4::date::timestamp AT TIME ZONE 'Asia/Shanghai', tstzrange($8, NULL), $7, $5, $6, $9, $11::uuid
    FROM party WHERE party.code = $2 AND party.id NOT IN (SELECT party_id FROM later)
    RETURNING id
), placed AS (
    INSERT INTO party_successor (succession_id, position, party_id, roles, names_subjects)
    SELECT made.id, wanted.position, wanted.party_id, wanted.roles, wanted.subjects IS NOT NULL FROM made, wanted
    RETURNING succession_id, position
), scoped AS (
    INSERT INTO party_successor_subject (succession_id, position, entry_id, product_id)
    SELECT DISTINCT made.id, wanted.position, entry.id, CASE WHEN entry.id IS NULL THEN product.id END
    FROM made, wanted, unnest(wanted.subjects) AS named(code)
    LEFT JOIN directory_entry AS entry ON entry.code = named.code
    LEFT JOIN product ON product.code = named.code
)
SELECT count(*) FROM placed HAVING count(*) > 0;
