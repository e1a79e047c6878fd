-- Ends the check of an upload; answers 1 unless another server ended it. $1 product, $2 number, $3 refusal or null, $4 now
UPDATE revision_upload SET state = CASE WHEN $3::jsonb IS NULL THEN 'published' ELSE 'refused' END, refusal = $3::jsonb,
    ended_at = $4, taken_until = NULL
WHERE product_id = $1 AND number = $2 AND state = 'checking';
