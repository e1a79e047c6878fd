-- Shares a product's income by a rule from a day on; the rule before ends that day. One row: how many parties share; none
-- when the product or a party is unknown, or a rule begins that day or later.
-- $1 product code, $2 first day, $3 party codes, $4 roles, $5 parts, $6 basis, $7 now
WITH sharing AS MATERIALIZED (
    SELECT product.id AS product_id, party.id AS party_id, stated.role, stated.parts
    FROM product
    CROSS JOIN unnest($3::text[], $4::text[], $5::integer[]) AS stated(code, role, parts)
    JOIN party ON party.code = stated.code
    WHERE product.code = $1 AND NOT EXISTS (SELECT FROM revenue_share AS later
        WHERE later.product_id = product.id AND (lower(later.valid) >= $2::date OR NOT upper_inf(later.valid)
            AND upper(later.valid) > $2::date))
), ended AS (
    UPDATE revenue_share SET valid = daterange(lower(valid), $2::date)
    WHERE product_id = (SELECT product_id FROM sharing LIMIT 1) AND upper_inf(valid)
        AND (SELECT count(*) FROM sharing) = cardinality($3::text[])
    RETURNING party_id
), stated AS (
    INSERT INTO revenue_share (product_id, valid, party_id, role, parts, basis, recorded_at)
    SELECT sharing.product_id, daterange($2::date, NULL), sharing.party_id, sharing.role, sharing.parts, $6, $7
    FROM sharing LEFT JOIN (SELECT count(*) AS parties FROM ended) AS before ON true
    WHERE (SELECT count(*) FROM sharing) = cardinality($3::text[]) AND before.parties >= 0
    RETURNING party_id
)
SELECT count(*) FROM stated HAVING count(*) > 0;
