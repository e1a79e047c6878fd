-- Responsibilities for entries of the file that have none open in the role: the provider and the contact point that the
-- catalogue names, and as publisher the administration that released the entry by this import.
-- $1 import, $2 source, $3 now, $4 administration, $5 file name
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis)
SELECT gen_random_uuid(), roles.party_id, roles.role, entry.id, tstzrange($3, NULL), tstzrange($3, NULL),
    'catalogue ' || $5::text || ', import ' || $1::uuid
FROM directory_import_row AS row
JOIN directory_entry AS entry ON entry.source_id = $2 AND entry.identifier = row.identifier
JOIN directory_source AS source ON source.id = entry.source_id,
LATERAL (
    SELECT 'publisher' AS role, $4::uuid AS party_id
    UNION ALL
    SELECT named.role, party.id
    FROM (VALUES ('provider', row.document->'publisher'), ('contact', row.document->'contact')) AS named(role, body)
    JOIN party ON party.scheme = 'catalogue'
        AND party.identifier = source.code || ':' || COALESCE(named.body->>'identifier', named.body->>'name')
) AS roles
WHERE row.import_id = $1 AND row.document IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM responsibility AS held
        WHERE held.subject_id = entry.id AND held.role = roles.role
            AND upper_inf(held.valid) AND upper_inf(held.recorded))
ORDER BY entry.id;
