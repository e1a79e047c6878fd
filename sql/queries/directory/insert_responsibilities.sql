-- Responsibilities for entries of the file that have none open in the role: the provider and the contact point that the
-- catalogue names, the department that the data was received from, and as publisher the administration that released
-- the entry by this import. In place of a body that was renamed, merged or split stands its successor. The basis is
-- the document imported, with its digest.
-- $1 import, $2 source, $3 now, $4 administration, $5 file name
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis, basis_sha256, succession_ids)
SELECT gen_random_uuid(),
    CASE WHEN roles.party_id IN (SELECT predecessor_id FROM party_succession WHERE upper_inf(recorded))
        THEN COALESCE((SELECT party_id FROM successor_now(roles.party_id, roles.role, entry.id, $3)), roles.party_id)
        ELSE roles.party_id END,
    roles.role, entry.id, tstzrange($3, NULL), tstzrange($3, NULL),
    'catalogue ' || $5::text || ', import ' || $1::uuid, basis.sha256,
    CASE WHEN roles.party_id IN (SELECT predecessor_id FROM party_succession WHERE upper_inf(recorded))
        THEN succession_trail(roles.party_id, roles.role, entry.id, $3) ELSE '{}' END
FROM directory_import_row AS row
-- Without the offset the digest would be computed again for each role.
CROSS JOIN LATERAL (SELECT sha256(convert_to(row.document::text, 'UTF8')) OFFSET 0) AS basis (sha256)
JOIN directory_entry AS entry ON entry.source_id = $2 AND entry.identifier = row.identifier
JOIN directory_source AS source ON source.id = entry.source_id,
LATERAL (
    SELECT 'publisher' AS role, $4::uuid AS party_id
    UNION ALL
    SELECT named.role, party.id
    FROM (VALUES ('provider', row.document->'publisher'), ('contact', row.document->'contact')) AS named(role, body)
    JOIN party ON party.scheme = 'catalogue'
        AND party.identifier = source.code || ':' || COALESCE(named.body->>'identifier', named.body->>'name')
    UNION ALL
    SELECT 'source', party.id FROM party WHERE party.code = row.document->>'receivedFrom'
) AS roles
WHERE row.import_id = $1 AND row.document IS NOT NULL
    AND NOT EXISTS (
        SELECT FROM responsibility AS held
        WHERE held.subject_id = entry.id AND held.role = roles.role
            AND upper_inf(held.valid) AND upper_inf(held.recorded))
ORDER BY entry.id;
