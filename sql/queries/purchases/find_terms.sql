-- What was accepted with a purchase, as JSON; no row: no agreement was concluded. It is what the signed agreement holds, with
-- its hash, once the agreement is signed; until then, for a moment, the terms that will be signed. $1 enterprise, $2 purchase
SELECT (COALESCE((
    SELECT signed.stated - 'format' - 'listing' - 'terms' - 'policy' - 'signatures' || (signed.stated->'terms')
        || jsonb_build_object('product', signed.stated->'listing', 'agreement_sha256', encode(agreement.sha256, 'hex'))
    FROM agreement, LATERAL (SELECT convert_from(agreement.document, 'UTF8')::jsonb) AS signed (stated)
    WHERE agreement.enterprise_id = $1 AND agreement.purchase_id = $2), terms.document))::text
FROM purchase_terms($1, $2) AS terms;
