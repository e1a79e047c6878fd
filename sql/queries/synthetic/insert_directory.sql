-- The source and the one import of the synthetic directory, and its entries. $1 seed, $2 entries, $3 time
WITH source AS (
    INSERT INTO directory_source (id, code, title, recorded_at)
    VALUES (seeded_uuid($1, 'source', 1), 'SYNTHETIC', 'Synthetic directory', $3::timestamptz - interval '3 years')
    RETURNING id
), import AS (
    INSERT INTO directory_import (id, source_id, party_id, file_name, file_format, added, changed, unchanged, withdrawn,
        refused, started_at, finished_at)
    SELECT seeded_uuid($1, 'import', 1), id, seeded_uuid($1, 'administration', 1), 'synthetic', 'data.json', $2::bigint, 0, 0,
        0, 0, $3::timestamptz - interval '3 years', $3::timestamptz - interval '3 years'
    FROM source
)
INSERT INTO directory_entry (id, code, source_id, identifier, recorded_at)
SELECT seeded_uuid($1, 'entry', place), 'SYN-' || lpad(place::text, 8, '0'), source.id, 'synthetic-' || place,
    $3::timestamptz - interval '3 years'
FROM source, generate_series(1, $2::bigint) AS place;
