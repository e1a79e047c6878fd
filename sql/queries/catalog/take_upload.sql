-- Takes the upload that waits longest to be checked, for some time: product, number, product's code, contract, operator.
-- One waits until what was published before is a table, so that it can be said what changed. $1 now, $2 until when it is taken
UPDATE revision_upload AS upload SET taken_until = $2 FROM product
WHERE product.id = upload.product_id AND (upload.product_id, upload.number) = (
    SELECT product_id, number FROM revision_upload WHERE state = 'checking' AND COALESCE(taken_until <= $1, true)
        AND NOT EXISTS (SELECT FROM product_revision AS before
            WHERE before.product_id = revision_upload.product_id AND before.media_type LIKE 'text/csv%'
                AND before.columns <> '[]'
                AND NOT EXISTS (SELECT FROM revision_table AS made
                    WHERE made.product_id = before.product_id AND made.number = before.number)
                AND NOT EXISTS (SELECT FROM revision_without_table AS tried
                    WHERE tried.product_id = before.product_id AND tried.number = before.number))
    ORDER BY submitted_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING upload.product_id, upload.number, product.code, upload.contract, upload.opened_by;
