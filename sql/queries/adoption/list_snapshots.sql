-- Snapshots, newest first, without the breakdown of their figures: key and JSON per row. $1 id to start after or null, $2 limit
SELECT snapshot.id::text, json_build_object('id', snapshot.id, 'metric', kept.document->'metric',
    'version', kept.document->'version', 'definition', kept.document->'definition',
    'parameters', kept.document->'parameters', 'panel', kept.document->'result'->'panel',
    'numerator', kept.document->'result'->'numerator', 'denominator', kept.document->'result'->'denominator',
    'rate', kept.document->'result'->'rate', 'result_sha256', kept.document->'result_sha256',
    'made_by', party_summary.document, 'made_at', snapshot.made_at)::text
FROM adoption_snapshot AS snapshot
JOIN party_summary ON party_summary.id = snapshot.made_by
CROSS JOIN LATERAL (SELECT convert_from(snapshot.document, 'UTF8')::jsonb AS document) AS kept
WHERE $1::uuid IS NULL OR snapshot.id < $1
ORDER BY snapshot.id DESC LIMIT $2;
