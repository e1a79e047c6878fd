-- Ends the responsibilities for entries of the source that this import changed, where the version now in force names
-- another party or none, or the entry was withdrawn. A body that was renamed, merged or split counts as its successor,
-- so that a catalogue which still names the old body changes nothing; one that names the successor itself makes the
-- responsibility the successor's own, which a correction of the succession leaves alone. Run after keep_successions_waiting. What was
-- recorded by hand while the file was read ends a moment after it began. $1 import, $2 source, $3 now
WITH named AS (
    SELECT entry.id AS entry_id, roles.role, roles.party_id
    FROM directory_entry AS entry
    JOIN directory_source AS source ON source.id = entry.source_id
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    CROSS JOIN LATERAL (VALUES ('provider', catalogue_party(source.code, version.document->'publisher')),
        ('contact', catalogue_party(source.code, version.document->'contact'))) AS roles(role, party_id)
    WHERE entry.source_id = $2 AND roles.party_id IS NOT NULL
    UNION ALL
    SELECT entry.id, 'source', party.id
    FROM directory_entry AS entry
    JOIN entry_in_force ON entry_in_force.entry_id = entry.id
    JOIN directory_entry_version AS version
        ON version.entry_id = entry.id AND version.number = entry_in_force.number
    JOIN party ON party.code = version.document->>'receivedFrom'
    WHERE entry.source_id = $2
), stated AS (
    SELECT entry_id, role, CASE WHEN party_id IN (SELECT predecessor_id FROM party_succession WHERE upper_inf(recorded))
        THEN COALESCE((SELECT heir.party_id FROM successor_now(named.party_id, role, entry_id, $3) AS heir), party_id)
        ELSE party_id END AS party_id
    FROM named
), ended AS (
    UPDATE responsibility AS held
    SET recorded = tstzrange(lower(held.recorded), greatest($3, lower(held.recorded) + interval '1 microsecond'))
    FROM directory_entry AS entry
    WHERE entry.source_id = $2 AND held.entry_id = entry.id
        AND upper_inf(held.valid) AND upper_inf(held.recorded)
        AND (held.succession_ids <> '{}' AND EXISTS (
            SELECT FROM named WHERE named.entry_id = entry.id AND named.role = held.role
                AND named.party_id = held.party_id)
        OR CASE
            WHEN held.role IN ('provider', 'contact') THEN NOT EXISTS (
                SELECT FROM stated WHERE stated.entry_id = entry.id AND stated.role = held.role
                    AND stated.party_id = held.party_id)
            -- A source department may also be named by the administration; only another one named ends it.
            ELSE NOT EXISTS (SELECT FROM entry_in_force WHERE entry_id = entry.id) OR EXISTS (
                SELECT FROM stated WHERE stated.entry_id = entry.id AND stated.role = held.role
                    AND stated.party_id <> held.party_id) END)
    RETURNING held.party_id, held.role, held.entry_id, lower(held.valid) AS since, held.basis, held.basis_sha256,
        held.succession_ids
)
INSERT INTO responsibility (id, party_id, role, entry_id, valid, recorded, basis, basis_sha256, succession_ids)
SELECT gen_random_uuid(), party_id, role, entry_id, tstzrange(since, $3), tstzrange($3, NULL),
    basis || '; ended by import ' || $1::uuid, basis_sha256, succession_ids
FROM ended WHERE since < $3;
