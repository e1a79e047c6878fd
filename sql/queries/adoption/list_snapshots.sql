-- Snapshots, newest first, without the breakdowns of their figures: key and JSON per row; one of several tables says which, and
-- has no metric of its own. $1 id to start after or null, $2 limit
SELECT snapshot.id::text, json_build_object('id', snapshot.id, 'metric', kept.document->'metric',
    'version', kept.document->'version', 'definition', kept.document->'definition',
    'tables', (SELECT jsonb_agg(jsonb_build_object('metric', held->'metric', 'version', held->'version',
            'definition', held->'definition', 'parameters', held->'parameters') ORDER BY place)
        FROM jsonb_array_elements(kept.document->'tables') WITH ORDINALITY AS tables (held, place)),
    'parameters', kept.document->'parameters', 'panel', kept.document->'result'->'panel',
    'numerator', kept.document->'result'->'numerator', 'denominator', kept.document->'result'->'denominator',
    'rate', kept.document->'result'->'rate', 'result_sha256', kept.document->'result_sha256',
    'made_by', party_summary.document, 'made_at', snapshot.made_at)::text
FROM adoption_snapshot AS snapshot
JOIN party_summary ON party_summary.id = snapshot.made_by
CROSS JOIN LATERAL (SELECT convert_from(snapshot.document, 'UTF8')::jsonb AS document) AS kept
WHERE $1::uuid IS NULL OR snapshot.id < $1
ORDER BY snapshot.id DESC LIMIT $2;
