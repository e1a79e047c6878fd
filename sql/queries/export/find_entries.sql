-- Entries as they were in force at a time, as far as it was known at another, with their responsibilities then, as JSON
-- by code; codes that were not in force are left out. $1 codes, $2 as of, $3 recorded by
SELECT json_build_object(
    'code', entry.code, 'source', source.code, 'identifier', entry.identifier, 'version', version.number,
    'since', lower(validity.valid), 'firstRecordedAt', entry.recorded_at, 'recordedAt', version.recorded_at,
    'document', version.document,
    -- The party that the document names as its publisher; who answers for it by now may be another.
    'publisherParty', (SELECT party.code FROM party
        WHERE party.id = catalogue_party(source.code, version.document->'publisher')),
    'responsible', COALESCE((
        SELECT json_agg(json_build_object('role', responsibility.role, 'party', party_summary.document,
            'since', lower(responsibility.valid), 'until', upper(responsibility.valid),
            'basis', responsibility.basis) ORDER BY responsibility.role)
        FROM responsibility JOIN party_summary ON party_summary.id = responsibility.party_id
        WHERE responsibility.subject_id = entry.id
            AND responsibility.valid @> $2::timestamptz AND responsibility.recorded @> $3::timestamptz),
        '[]'::json))::text
FROM directory_entry AS entry
JOIN directory_source AS source ON source.id = entry.source_id
-- The limit keeps the planner from reading everything in force first, which it takes for few rows.
CROSS JOIN LATERAL (
    SELECT number, valid FROM directory_entry_validity
    WHERE entry_id = entry.id AND valid @> $2::timestamptz AND recorded @> $3::timestamptz LIMIT 1
) AS validity
JOIN directory_entry_version AS version
    ON version.entry_id = entry.id AND version.number = validity.number
WHERE entry.code = ANY($1::text[])
ORDER BY entry.code;
