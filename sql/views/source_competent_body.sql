-- The body that approves and releases the entries of each source now: the one that is stated for it, otherwise the
-- administration that imported it last, or who came in its place; null when there is neither.
CREATE OR REPLACE VIEW source_competent_body AS
SELECT source.id AS source_id, COALESCE(heir.party_id, body.party_id) AS party_id
FROM directory_source AS source
LEFT JOIN competent_body AS stated ON stated.source_id = source.id AND upper_inf(stated.valid)
CROSS JOIN LATERAL (SELECT COALESCE(stated.party_id, (
    SELECT party_id FROM directory_import WHERE source_id = source.id ORDER BY finished_at DESC LIMIT 1)) AS party_id) AS body
LEFT JOIN LATERAL successor_now(body.party_id, 'publisher', NULL, 'infinity') AS heir ON true;
