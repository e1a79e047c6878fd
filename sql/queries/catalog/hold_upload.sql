-- Goes on with an upload that is being checked. $1 product, $2 number, $3 until when
UPDATE revision_upload SET taken_until = $3 WHERE product_id = $1 AND number = $2 AND state = 'checking';
