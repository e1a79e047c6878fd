-- Figures that were read without suppression, newest first: key and JSON per row. $1 id to start after or null, $2 limit
SELECT reading.id::text, json_build_object('id', reading.id, 'metric', reading.metric, 'version', reading.version,
    'definition', reading.definition, 'parameters', reading.parameters, 'reason', reading.reason,
    'read_by', party_summary.document, 'access', reading.access_id, 'read_at', reading.read_at)::text
FROM exact_reading AS reading JOIN party_summary ON party_summary.id = reading.read_by
WHERE $1::uuid IS NULL OR reading.id < $1
ORDER BY reading.id DESC LIMIT $2;
