-- The party that administers the directory, with the time of the latest import, as JSON: who imported last, or else
-- holds the newest token of an administrator; no row: nobody does.
SELECT json_build_object('party', party_summary.document, 'modified', latest.finished_at)::text
FROM (
    (SELECT party_id, finished_at FROM directory_import ORDER BY finished_at DESC LIMIT 1)
    UNION ALL
    (SELECT party_id, created_at FROM access_token WHERE role = 'administrator' ORDER BY created_at DESC LIMIT 1)
) AS latest(party_id, finished_at)
JOIN party_summary ON party_summary.id = latest.party_id
LIMIT 1;
