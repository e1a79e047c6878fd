-- A source in which entries can be compiled: its id, and whether the party is its competent body; no row: unknown.
-- $1 source code, $2 party
SELECT source.id, COALESCE(body.party_id = $2, false) AS is_competent
FROM directory_source AS source
JOIN source_competent_body AS body ON body.source_id = source.id
WHERE source.code = $1;
