-- Opens the upload of a revision, or takes one up again that is not published or being checked; answers whether it could.
-- Without a contract it is that of the revision before, or what was stated when it was opened.
-- $1 product, $2 number, $3 contract or null, $4 party, $5 now
INSERT INTO revision_upload AS upload (product_id, number, state, contract, opened_by, opened_at)
SELECT $1::uuid, $2::integer, 'receiving', COALESCE($3::jsonb, jsonb_build_object('columns', newest.columns,
    'keys', newest.keys, 'source', newest.source)), $4::uuid, $5
FROM (SELECT number, columns, keys, source FROM product_revision
      WHERE product_id = $1 ORDER BY number DESC LIMIT 1) AS newest
WHERE newest.number + 1 = $2
ON CONFLICT (product_id, number) DO UPDATE SET state = 'receiving', contract = COALESCE($3::jsonb, upload.contract),
    submitted_at = NULL, ended_at = NULL, refusal = NULL
    WHERE upload.state IN ('receiving', 'refused')
RETURNING true;
