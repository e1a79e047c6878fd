-- Parties that the file names and the market does not know yet: publishers and contact points.
-- $1 import, $2 source, $3 now
WITH named AS (
    SELECT DISTINCT ON (source.code || ':' || COALESCE(body->>'identifier', body->>'name'))
        source.code || ':' || COALESCE(body->>'identifier', body->>'name') AS identifier, body->>'name' AS name
    FROM directory_import_row AS row
    JOIN directory_source AS source ON source.id = $2,
    LATERAL (VALUES (row.document->'publisher'), (row.document->'contact')) AS bodies(body)
    WHERE row.import_id = $1 AND jsonb_typeof(body) = 'object' AND catalogue_party(source.code, body) IS NULL
    ORDER BY 1, row.position
)
INSERT INTO party (id, code, scheme, identifier, name, kind, synthetic, recorded_at)
SELECT gen_random_uuid(), 'P-' || upper(substr(encode(sha256(convert_to(identifier, 'UTF8')), 'hex'), 1, 16)),
    'catalogue', identifier, name, 'unclassified', false, $3
FROM named
ON CONFLICT (scheme, identifier) DO NOTHING;
