-- What a draft for an existing entry starts from: the entry, its source, its newest version, whether one is in force,
-- the document that was in force at a time (otherwise the newest), and whether the party may compile for the entry: as
-- its competent body or as its provider, or the last one it had. No row: no such entry. $1 entry code, $2 at, $3 party
SELECT entry.id, entry.source_id, newest.number,
    EXISTS (SELECT FROM entry_in_force WHERE entry_id = entry.id) AS in_force,
    COALESCE((SELECT held.document
        FROM directory_entry_validity AS validity
        JOIN directory_entry_version AS held ON held.entry_id = validity.entry_id AND held.number = validity.number
        WHERE validity.entry_id = entry.id AND validity.valid @> $2::timestamptz AND upper_inf(validity.recorded)),
        newest.document)::text AS document,
    COALESCE(body.party_id = $3, false) OR COALESCE($3 = (
        SELECT party_id FROM responsibility WHERE subject_id = entry.id AND role = 'provider' AND upper_inf(recorded)
        ORDER BY upper(valid) DESC NULLS FIRST LIMIT 1), false) AS is_allowed
FROM directory_entry AS entry
JOIN source_competent_body AS body ON body.source_id = entry.source_id
JOIN LATERAL (SELECT number, document FROM directory_entry_version WHERE entry_id = entry.id
              ORDER BY number DESC LIMIT 1) AS newest ON true
WHERE entry.code = $1;
