-- Hands an upload in to be checked and published; answers 1 when it has a file. $1 product, $2 number, $3 now
UPDATE revision_upload SET state = 'checking', submitted_at = $3, ended_at = NULL, refusal = NULL, taken_until = NULL
WHERE product_id = $1 AND number = $2 AND state = 'receiving'
    AND EXISTS (SELECT FROM revision_file AS file WHERE file.product_id = $1 AND file.number = $2);
