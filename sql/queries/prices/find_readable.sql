-- Whether a product is there for a reader: listed, or operated by the reader. No row: it is not.
-- $1 code, $2 reader's party or null, $3 whether the reader sees drafts
SELECT true FROM product WHERE product.code = $1 AND ($3 OR product.listed_at IS NOT NULL OR EXISTS (
    SELECT FROM responsibility WHERE responsibility.subject_id = product.id AND responsibility.role = 'operator'
        AND responsibility.party_id = $2 AND upper_inf(responsibility.valid) AND upper_inf(responsibility.recorded)));
