-- Takes the upload that waits longest to be checked, for some time: product, number, product's code, contract, operator.
-- $1 now, $2 until when it is taken
UPDATE revision_upload AS upload SET taken_until = $2 FROM product
WHERE product.id = upload.product_id AND (upload.product_id, upload.number) = (
    SELECT product_id, number FROM revision_upload WHERE state = 'checking' AND COALESCE(taken_until <= $1, true)
    ORDER BY submitted_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING upload.product_id, upload.number, product.code, upload.contract, upload.opened_by;
