-- Responsibilities for entries of the file that have none open in the role: the provider and the contact point that the
-- catalogue names, the department that the data was received from, and as publisher the administration that released
-- the entry by this import. In place of a body that was renamed, merged or split stands its successor. The basis is
-- the document imported, with its digest.
-- What is to be written is found before the first row is: the rows written would lie in the way of the search.
-- $1 import, $2 source, $3 now, $4 administration, $5 file name
WITH stated AS MATERIALIZED (
    SELECT entry.id AS entry_id, row.digest, source.code AS source, row.document->'publisher' AS provider,
        row.document->'contact' AS contact, row.document->>'receivedFrom' AS received_from
    FROM directory_import_row AS row
    JOIN directory_entry AS entry ON entry.source_id = $2 AND entry.identifier = row.identifier
    JOIN directory_source AS source ON source.id = entry.source_id
    WHERE row.import_id = $1 AND row.document IS NOT NULL
), named AS MATERIALIZED (
    SELECT stated.entry_id, stated.digest, roles.role, roles.party_id
    FROM stated, LATERAL (
        SELECT 'publisher' AS role, $4::uuid AS party_id
        UNION ALL
        -- Each by its whole key: statistics that do not know the new parties must not make this read all of them.
        SELECT bodies.role, catalogue_party(stated.source, bodies.body)
        FROM (VALUES ('provider', stated.provider), ('contact', stated.contact)) AS bodies(role, body)
        UNION ALL
        SELECT 'source', (SELECT party.id FROM party WHERE party.code = stated.received_from)
    ) AS roles
    WHERE roles.party_id IS NOT NULL
), lacking AS MATERIALIZED (
    SELECT named.entry_id, named.role, named.party_id, named.digest FROM named
    WHERE NOT EXISTS (
        SELECT FROM responsibility AS held
        WHERE held.subject_id = named.entry_id AND held.role = named.role
            AND upper_inf(held.valid) AND upper_inf(held.recorded))
)
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis, basis_sha256, succession_ids)
SELECT gen_random_uuid(),
    CASE WHEN party_id IN (SELECT predecessor_id FROM party_succession WHERE upper_inf(recorded))
        THEN COALESCE((SELECT successor.party_id FROM successor_now(lacking.party_id, role, entry_id, $3) AS successor),
            party_id)
        ELSE party_id END,
    role, entry_id, tstzrange($3, NULL), tstzrange($3, NULL),
    'catalogue ' || $5::text || ', import ' || $1::uuid, digest,
    CASE WHEN party_id IN (SELECT predecessor_id FROM party_succession WHERE upper_inf(recorded))
        THEN succession_trail(party_id, role, entry_id, $3) ELSE '{}' END
FROM lacking
-- In the order of the key: in any other each check of the exclusion constraint reads much of its index.
ORDER BY entry_id, role;
