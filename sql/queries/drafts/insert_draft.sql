-- Compiles a draft and its first step. A new entry takes the next number of its source as its code. One row with the
-- draft; no row: the command's key was used before (find_compiled tells for what).
-- $1 id, $2 kind, $3 source, $4 entry or null, $5 document or null, $6 base version, $7 restated version,
-- $8 valid from, $9 valid until, $10 provider, $11 contact, $12 security, $13 reason, $14 basis, $15 party, $16 now,
-- $17 key, $18 digest
WITH numbered AS (
    UPDATE directory_source SET last_number = last_number + 1
    WHERE id = $3 AND $4::uuid IS NULL
        AND NOT EXISTS (SELECT FROM directory_draft WHERE compiled_by = $15 AND key = $17)
    RETURNING code || '-' || lpad(last_number::text, 6, '0') AS code
), compiled AS (
    INSERT INTO directory_draft (id, kind, state, source_id, entry_code, entry_id, document, base_version,
        restated_version, valid_from, valid_until, provider_id, contact_id, security_id, reason, basis, compiled_by,
        compiled_at, key, key_digest)
    SELECT $1, $2, 'draft', $3, entry.code, $4::uuid, $5::jsonb, $6, $7, $8::timestamptz, $9::timestamptz, $10, $11, $12,
        $13::text, $14, $15, $16, $17, $18
    FROM (SELECT code FROM numbered UNION ALL SELECT code FROM directory_entry WHERE id = $4) AS entry
    ON CONFLICT (compiled_by, key) DO NOTHING
    RETURNING id, document
), step AS (
    INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason, details)
    SELECT id, 1, 'compiled', $15, $16, $13, document FROM compiled
)
SELECT id FROM compiled;
