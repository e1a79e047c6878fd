-- The versions of the entries and when they were in force: every third entry was changed once.
-- $1 seed, $2 entries, $3 departments, $4 time
WITH stated AS MATERIALIZED (
    SELECT place, number, seeded_uuid($1, 'entry', place) AS entry_id,
        $4::timestamptz - interval '3 years' AS first_at,
        CASE WHEN place % 3 = 0 THEN $4::timestamptz - make_interval(days => 1 + seeded($1, place, 700)::int) END AS changed_at,
        jsonb_build_object('titles', jsonb_build_array(jsonb_build_object('text', 'Synthetic data set ' || place || ' on '
                || (ARRAY['air', 'water', 'traffic', 'permits', 'health', 'energy', 'land'])[1 + seeded($1 + 3, place, 7)],
                'language', 'en')),
            'descriptions', jsonb_build_array(jsonb_build_object('text', 'Edition ' || number || ' of data set ' || place
                || ', as the department keeps it.', 'language', 'en')),
            'publisher', jsonb_build_object('name', 'Synthetic department ' || 1 + seeded($1, place, $3)),
            'keywords', jsonb_build_array('synthetic', 'part ' || seeded($1 + 4, place, 50)), 'themes', '[]'::jsonb,
            'updateFrequency', (ARRAY['R/P1D', 'R/P1M', 'R/P1Y'])[1 + seeded($1 + 5, place, 3)],
            'distributions', '[]'::jsonb) AS document
    FROM generate_series(1, $2::bigint) AS place, generate_series(1, CASE WHEN place % 3 = 0 THEN 2 ELSE 1 END) AS number
), written AS (
    INSERT INTO directory_entry_version (entry_id, number, title, document, digest, import_id, recorded_at)
    SELECT entry_id, number, document->'titles'->0->>'text', document, sha256(convert_to(document::text, 'UTF8')),
        seeded_uuid($1, 'import', 1), CASE number WHEN 1 THEN first_at ELSE changed_at END
    FROM stated
)
INSERT INTO directory_entry_validity (entry_id, number, valid, recorded)
SELECT entry_id, 1, tstzrange(first_at, NULL), tstzrange(first_at, changed_at) FROM stated WHERE number = 1
UNION ALL
SELECT entry_id, 1, tstzrange(first_at, changed_at), tstzrange(changed_at, NULL)
FROM stated WHERE number = 1 AND changed_at IS NOT NULL
UNION ALL
SELECT entry_id, 2, tstzrange(changed_at, NULL), tstzrange(changed_at, NULL) FROM stated WHERE number = 2;
