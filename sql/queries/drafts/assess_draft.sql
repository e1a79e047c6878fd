-- Records what the compiling department found about secrecy, personal information and grade. A secret is barred from
-- the directory; otherwise the document takes on the assessed values. No row: not in a state to be assessed.
-- $1 id, $2 party, $3 now, $4 secrecy, $5 personal information, $6 grade, $7 basis
WITH assessed AS (
    UPDATE directory_draft SET state = CASE $4::text WHEN 'none' THEN 'assessed' ELSE 'barred' END, secrecy = $4,
        assessed_at = $3, steps = steps + 1,
        document = document || jsonb_build_object('personalInformation', $5::boolean, 'grade', $6::text)
    WHERE id = $1 AND compiled_by = $2 AND state IN ('draft', 'assessed', 'returned') AND document IS NOT NULL
    RETURNING id, steps
)
INSERT INTO directory_draft_step (draft_id, number, step, party_id, taken_at, reason, details)
SELECT id, steps, 'assessed', $2, $3, $7::text,
    jsonb_build_object('secrecy', $4, 'personal_information', $5, 'grade', $6)
FROM assessed
RETURNING draft_id;
