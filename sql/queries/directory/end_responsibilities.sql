-- Ends the responsibilities for entries of the source that this import changed, where the version now in force names
-- another party or none, or the entry was withdrawn. $1 import, $2 source, $3 now
WITH stated AS (
    SELECT entry.id AS entry_id, roles.role, party.id AS party_id
    FROM directory_entry AS entry
    JOIN directory_source AS source ON source.id = entry.source_id
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    CROSS JOIN LATERAL (VALUES ('provider', version.document->'publisher'), ('contact', version.document->'contact'))
        AS roles(role, body)
    JOIN party ON party.scheme = 'catalogue'
        AND party.identifier = source.code || ':' || COALESCE(body->>'identifier', body->>'name')
    WHERE entry.source_id = $2
), ended AS (
    UPDATE responsibility AS held
    SET recorded = tstzrange(lower(held.recorded), $3)
    FROM directory_entry AS entry
    WHERE entry.source_id = $2 AND held.entry_id = entry.id
        AND upper_inf(held.valid) AND upper_inf(held.recorded)
        AND CASE WHEN held.role = 'publisher'
            THEN NOT EXISTS (SELECT FROM entry_in_force WHERE entry_id = entry.id)
            ELSE NOT EXISTS (SELECT FROM stated WHERE stated.entry_id = entry.id AND stated.role = held.role
                             AND stated.party_id = held.party_id) END
    RETURNING held.party_id, held.role, held.entry_id, lower(held.valid) AS since, held.basis
)
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis)
SELECT gen_random_uuid(), party_id, role, entry_id, tstzrange(since, $3), tstzrange($3, NULL),
    basis || '; ended by import ' || $1::uuid
FROM ended WHERE since < $3;
